import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Effects } from '../support/vscode/effects.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';
import { addTask } from '../support/vscode/workbench/addTask.ts';

describe('the main job', () => {
  const vscode = useSession({ settings: { 'podium.workers': 10 } });

  it('adds a task from the palette, ranks it above another, runs it and shows its result', async () => {
    const { session } = vscode;
    const { workbench } = session;
    await workbench.tasks.open();
    await addTask(workbench, { title: 'First of all', command: '${node} -p 6*7' });
    await workbench.tasks.until((rows) => rows.some((row) => row.label.startsWith('Finished (1)')));

    await workbench.runCommand('Podium: Pause All');
    await addTask(workbench, { title: 'Minor', command: '${node} -p 1', priority: 'Low' });
    await addTask(workbench, { title: 'Major', command: '${node} -p 6*7', priority: 'High' });
    const rows = await workbench.tasks.until((all) => all.some((row) => row.label === 'Major'));
    const labels = rows.map((row) => row.label);
    assert.ok(labels.indexOf('Major') < labels.indexOf('Minor'), labels.join(', '));
    assert.match(rows.find((row) => row.label === 'Major')?.description ?? '', /^700 · paused/);
    await workbench.screenshot('ranked-and-paused');

    await workbench.runCommand('Podium: Resume All');
    await workbench.tasks.until((all) => all.some((row) => row.label.startsWith('Finished (3)')));
    await workbench.tasks.expand(/^Finished/);
    await workbench.tasks.until((all) => all.some((row) => row.label === 'Major'));
    await workbench.tasks.row('Major').click();
    await eventually(async () => (await workbench.editorText()).includes('42'));
    await workbench.screenshot('result');
    await workbench.tasks.expand(/^Finished/, false);
    await workbench.closeEditors();
  });

  it('leaves nothing half done when Escape is pressed at any question', async () => {
    const { workbench } = vscode.session;
    const { quickInput } = workbench;
    const answers: (() => Promise<void>)[] = [
      () => quickInput.answer('Title', 'Never'),
      () => quickInput.answer('Description', 'mind'),
      async () => {
        await quickInput.asks('Agent');
        await quickInput.choose('Read-only command');
      },
      () => quickInput.answer('Command line', '${node} -p 1'),
      async () => {
        await quickInput.asks('Priority');
        await quickInput.choose('High');
      },
    ];
    const questions = ['Title', 'Description', 'Agent', 'Command line', 'Priority', /Depends on|No other/];
    for (let given = 0; given <= answers.length; given += 1) {
      await workbench.runCommand('Podium: Add Task…');
      for (const answer of answers.slice(0, given)) await answer();
      await quickInput.asks(questions[given] ?? '');
      await quickInput.cancel();
    }
    assert.deepEqual(
      (await vscode.session.events.read()).filter((event) => event.title === 'Never'),
      [],
    );
  });

  it('refuses an empty title and a command line that wants a shell, in plain words', async () => {
    const { workbench } = vscode.session;
    const { quickInput } = workbench;
    await workbench.runCommand('Podium: Add Task…');
    await quickInput.asks('Title');
    await quickInput.type('   ');
    await quickInput.accept();
    await eventually(async () => /title/i.test(await quickInput.message()));
    await quickInput.type('Pipes');
    await quickInput.accept();
    await quickInput.answer('Description', '');
    await quickInput.asks('Agent');
    await quickInput.choose('Command line');
    await quickInput.asks('Command line');
    await quickInput.type('ls | wc');
    await eventually(async () => /shell/i.test(await quickInput.message()));
    await quickInput.cancel();
  });

  it('starts nothing while it is paused, and says so in the tree and the status bar', async () => {
    const { workbench, events } = { workbench: vscode.session.workbench, events: vscode.session.events };
    await workbench.runCommand('Podium: Pause All');
    await eventually(async () => (await workbench.statusBar()).some((text) => /paused/i.test(text)));
    await addTask(workbench, { title: 'Held back', command: '${node} -p 1' });
    await workbench.tasks.until((rows) =>
      rows.some((row) => row.label === 'Held back' && row.description.includes('paused')),
    );
    await workbench.screenshot('paused');
    const started = async (): Promise<number> =>
      (await events.read()).filter((event) => event.event === 'started' && event.title === 'Held back')
        .length;
    assert.equal(await started(), 0);
    await workbench.runCommand('Podium: Resume All');
    await eventually(async () => (await started()) === 1);
  });

  it('survives a reload in the middle of ten running tasks: one end for each, no twin, sub-tasks in place', async function () {
    this.timeout(240_000);
    const { session } = vscode;
    const { workbench } = session;
    const folder = session.folder ?? '';
    const effects = await Effects.in(folder);
    await workbench.tasks.open();
    await writeFile(
      path.join(folder, 'podium.sample.json'),
      JSON.stringify({
        tasks: [
          ...Array.from({ length: 9 }, (_, number) => ({
            key: `slow-${number}`,
            title: `Slow ${number}`,
            agent: 'check',
            argv: ['${node}', 'effect.mjs', '4'],
          })),
          {
            key: 'parent',
            title: 'Parent',
            agent: 'check',
            argv: ['${node}', 'parent.mjs'],
            priority: 'high',
          },
          {
            key: 'careful',
            title: 'Careful',
            agent: 'command',
            argv: ['${node}', 'effect.mjs', '4'],
            priority: 'high',
          },
        ],
      }),
    );
    await writeFile(
      path.join(folder, 'parent.mjs'),
      `import { appendFileSync } from 'node:fs';
       const ask = (title) => appendFileSync(process.env.PODIUM_OUTBOX, JSON.stringify({ title, argv: ['\${node}', 'effect.mjs', '1'] }) + '\\n');
       ask('Child 1'); ask('Child 2');
       setTimeout(() => {}, 3000);`,
    );
    await workbench.runCommand('Podium: Add Sample Tasks');
    const isRunning = (description: string): boolean => description.includes('running');
    await workbench.tasks.until(
      (rows) => rows.filter((row) => isRunning(row.description) && row.level > 1).length >= 8,
    );
    await eventually(async () => {
      const events = (await session.events.read()).filter((event) => event.event === 'started');
      const started = events.map((event) => event.title ?? '');
      return started.includes('Careful') && started.filter((title) => title.startsWith('Slow ')).length >= 8;
    });
    await workbench.screenshot('ten-running');
    await workbench.reload();
    await workbench.reload();
    await workbench.tasks.open();
    await workbench.tasks.until((rows) => rows.some((row) => /interrupted/i.test(row.label)), 60_000);
    await workbench.screenshot('after-reload');
    await workbench.tasks.until(
      (rows) => rows.some((row) => row.label === 'Careful' && row.description.includes('needs input')),
      60_000,
    );
    const endedOnce = async (...titles: readonly string[]): Promise<boolean> => {
      const ended = (await session.events.read()).filter((event) => event.event === 'finished');
      return titles.every((title) => ended.filter((event) => event.title === title).length === 1);
    };
    const slow = Array.from({ length: 9 }, (_, number) => `Slow ${number}`);
    await eventually(() => endedOnce('Parent', 'Child 1', 'Child 2', ...slow), { timeout: 90_000 });
    await workbench.tasks.menu('Careful', 'Retry');
    await eventually(() => endedOnce('Careful'), { timeout: 30_000 });
    assert.equal(await endedOnce('Careful', 'Parent', 'Child 1', 'Child 2', ...slow), true);
    assert.deepEqual(await effects.twins(), []);
    await workbench.screenshot('all-done');
  });
});
