import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { judge, ModelServer } from '../support/modelServer.ts';
import { effect, Effects } from '../support/vscode/effects.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

const numberIn = (title: string): number => Number(/\d+/.exec(title)?.[0] ?? 0);

describe('a model that takes four seconds', () => {
  let server: ModelServer;
  const vscode = useSession(async () => {
    server = await ModelServer.start({ latency: 4_000, answer: judge((title) => 300 + numberIn(title) * 6) });
    return {
      settings: {
        'podium.model.provider': 'endpoint',
        'podium.model.baseUrl': server.url,
        'podium.model.scoring': 'scripted-model',
      },
    };
  });
  let effects: Effects;

  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  it('keeps no task waiting: ten start at once, and forty wait when its scores appear', async () => {
    const { session } = vscode;
    const { workbench, folder = '' } = session;
    effects = await Effects.in(folder);
    const tasks = Array.from({ length: 50 }, (_, index) => ({
      key: String(index),
      title: `Task ${index + 1}`,
      agent: 'check',
      argv: effect('signal-go').split(' '),
    }));
    await writeFile(path.join(folder, 'podium.sample.json'), JSON.stringify({ tasks }));
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Add Sample Tasks');
    const started = async (): Promise<readonly string[]> =>
      (await session.events.read()).flatMap((event) =>
        event.event === 'started' ? [event.title ?? ''] : [],
      );
    await eventually(async () => (await started()).length === 10);
    assert.equal(server.calls.length <= 1, true, 'nobody waited for an answer');
    assert.deepEqual(
      (await started()).toSorted((a, b) => numberIn(a) - numberIn(b)),
      tasks.slice(0, 10).map(({ title }) => title),
      'in provisional order: the oldest first among equals',
    );
    await workbench.screenshot('model-provisional');
    await workbench.tasks.until(
      (rows) => rows.some(({ label, description }) => label === 'Task 50' && description.startsWith('600 ·')),
      30_000,
    );
    const waiting = (await workbench.tasks.rows()).filter(({ description }) =>
      description.includes('pending'),
    );
    const shown = waiting.map(({ label }) => numberIn(label));
    assert.deepEqual(
      shown,
      shown.toSorted((a, b) => b - a),
      'what it says orders those that wait',
    );
    assert.equal((await started()).length, 10);
    await workbench.screenshot('model-refined');
  });

  it('is quoted where one asks why a task is where it is, and counted in the metrics', async () => {
    const { workbench } = vscode.session;
    const judge = `scripted-model at ${new URL(server.url).host}`;
    await workbench.tasks.menu('Task 50', 'Why This Order?');
    await eventually(async () => (await workbench.editorText()).includes(`${judge} gave 600 of 1000`));
    const text = await workbench.editorText();
    assert.match(text, /Why this order: Task 50/);
    assert.match(text, /next of those in/);
    assert.match(text, /▶.*1st.*Task 50/);
    await workbench.screenshot('why-this-order');
    await workbench.closeEditors();
    await workbench.runCommand('Podium: Open Metrics');
    await eventually(async () => (await workbench.metrics.figure('judge')) === judge, {
      timeout: 20_000,
    });
    assert.equal(await workbench.metrics.figure('asked'), '40');
    await workbench.screenshot('metrics-judging');
    await workbench.closeEditors();
  });

  it('decides who is next', async () => {
    const { session } = vscode;
    await effects.signal('signal-go');
    await session.workbench.tasks.until(
      (rows) => rows.some(({ label }) => label === 'Finished (50)'),
      60_000,
    );
    const events = await session.events.read();
    const order = events.flatMap((event) => (event.event === 'started' ? [numberIn(event.title ?? '')] : []));
    // One start in ten goes to the oldest.
    const best = order.slice(10, 20);
    assert.ok(best.filter((number) => number > 40).length >= 9, best.join(', '));
    assert.deepEqual(await effects.twins(), []);
  });

  it('is told of calmly when it refuses, and tasks go on', async () => {
    const { workbench, folder = '' } = vscode.session;
    server.script = { answer: () => ({ kind: 'status', status: 401, code: 'invalid_api_key' }) };
    const tasks = Array.from({ length: 14 }, (_, index) => ({
      key: String(index),
      title: `Later ${index + 1}`,
      agent: 'check',
      argv: effect('signal-later').split(' '),
    }));
    await writeFile(path.join(folder, 'podium.sample.json'), JSON.stringify({ tasks }));
    await workbench.runCommand('Podium: Add Sample Tasks');
    await eventually(async () => (await workbench.tasks.message()).includes('The model cannot be asked'), {
      timeout: 20_000,
    });
    await workbench.screenshot('model-refuses');
    await effects.signal('signal-later');
    await workbench.tasks.until((rows) => rows.some(({ label }) => label === 'Finished (64)'), 60_000);
  });
});
