import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { cp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checksum } from '../../src/store/record.ts';
import { effect, Effects } from '../support/vscode/effects.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';
import { signal } from '../support/vscode/processTree.ts';
import { addTask } from '../support/vscode/workbench/addTask.ts';
import type { TreeRow } from '../support/vscode/workbench/taskTree.ts';

const has = (label: string | RegExp, description: string | RegExp = '') => {
  const fits = (text: string, wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
  return (rows: readonly TreeRow[]): boolean =>
    rows.some((row) => fits(row.label, label) && fits(row.description, description));
};

/** So many finished tasks, and none of them failed. */
const finished = (count: number) => has(`Finished (${count})`, /^$/);

describe('a window without a folder', () => {
  const vscode = useSession({ folder: false });

  it('says that Podium needs one, in the view and when a task is to be added', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.open();
    await eventually(async () =>
      (await workbench.tasks.welcome()).includes('Podium keeps the tasks of a folder'),
    );
    assert.match(await workbench.tasks.welcome(), /Open Folder/);
    await workbench.runCommand('Podium: Add Task…');
    await workbench.notified('Open one first');
    await workbench.screenshot('no-folder');
    await workbench.pressNotification('Open one first', 'Open Folder');
    await workbench.quickInput.asks(/Open Folder/);
    await workbench.quickInput.cancel();
  });
});

describe('what goes wrong around the tasks', () => {
  const vscode = useSession({
    settings: {
      'podium.workers': 'many',
      'podium.agents': { broken: { command: 'claude -p' }, good: { command: ['true'] } },
    },
  });
  let effects: Effects;

  before(async () => {
    effects = await Effects.in(vscode.session.folder);
  });

  it('settings that make no sense are named in a message, and the rest works', async () => {
    const { session } = vscode;
    const { workbench } = session;
    await workbench.tasks.open();
    await workbench.notified(/podium\.workers must be a number/);
    await workbench.notified(/"broken"/);
    await workbench.screenshot('malformed-settings');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await patch(path.join(session.server.dataFolder, 'data', 'Machine', 'settings.json'), (settings) =>
      Buffer.from(settings.toString().replace(/\{/, '{ "podium.outputLimitMegabytes": -1,')),
    );
    await workbench.notified(/and 1 more/);
    assert.equal(
      (await workbench.notifications()).length,
      1,
      'what is wrong with the agents was told before',
    );
    await workbench.runCommand('Notifications: Clear All Notifications');
    await addTask(workbench, { title: 'Works all the same', command: effect(0) });
    await workbench.tasks.until(finished(1));
  });

  it('an edit that would make tasks wait for each other in a circle is refused, in plain words', async () => {
    const { workbench } = vscode.session;
    const { quickInput } = workbench;
    await workbench.runCommand('Podium: Pause All');
    await addTask(workbench, { title: 'Egg', command: effect(0) });
    await addTask(workbench, { title: 'Hen', command: effect(0), needs: ['Egg'] });
    await workbench.tasks.until(has('Hen'));
    await workbench.tasks.menu('Egg', 'Edit Task…');
    for (const question of ['Title', 'Description', 'Agent', 'Command line', 'Priority']) {
      await quickInput.asks(question);
      await quickInput.accept();
    }
    await quickInput.asks('Depends on');
    await quickInput.tick('Hen');
    await quickInput.accept();
    await workbench.notified(/circle|cycle|each other/);
    await workbench.screenshot('cycle-refused');
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.runCommand('Podium: Resume All');
    await workbench.tasks.until(finished(3));
  });

  it('a second window on the folder is read-only, says who owns the tasks, and can take them over', async () => {
    const { session } = vscode;
    const { workbench: first } = session;
    await addTask(first, { title: 'Contested', command: effect('signal-contested') });
    await first.tasks.until(has('Contested', 'running'));
    const second = await session.secondWindow();
    await second.tasks.open();
    await second.tasks.until(has('Contested', 'running'));
    await eventually(async () =>
      /belong to another window \(process \d+\)/.test(await second.tasks.message()),
    );
    // Without a word on the pace, which only the owner knows.
    await second.tasks.until(has('workspace', /^1 running$/));
    await second.runCommand('Podium: Add Task…');
    await second.notified(/can only be read/);
    await second.screenshot('second-window');

    await second.pressNotification(/can only be read/, 'Take Over');
    await eventually(async () => (await second.dialog()).includes('Take them over?'));
    await second.screenshot('take-over');
    await second.pressDialog('Take Over');
    await eventually(async () => (await second.tasks.message()) === '');
    await eventually(async () => (await first.tasks.message()).includes('can only be read here'));
    await effects.signal('signal-contested');
    await second.tasks.until(finished(4), 30_000);
    await second.screenshot('taken-over');
    await first.tasks.until(finished(4));
    await first.screenshot('after-take-over');
    assert.deepEqual(await effects.twins(), []);

    await second.page.context().close();
    await eventually(async () => (await first.tasks.message()) === '', { timeout: 30_000 });
    await first.tasks.press(/interrupted/, 'Dismiss');
  });

  it('a host that stands still for twenty seconds loses nothing and starts nothing twice', async () => {
    const { session } = vscode;
    const { workbench } = session;
    const [starts, ends] = [await effects.count('start'), await effects.count('end')];
    const titles = ['Asleep 1', 'Asleep 2', 'Asleep 3'];
    for (const title of titles) await addTask(workbench, { title, command: effect(20) });
    await eventually(async () => (await effects.count('start')) === starts + 3);
    const hosts = await session.server.extensionHosts();
    for (const pid of hosts) signal(pid, 'SIGSTOP');
    try {
      await eventually(async () => (await effects.count('end')) === ends + 3, { timeout: 40_000 });
    } finally {
      for (const pid of hosts) signal(pid, 'SIGCONT');
    }
    await workbench.tasks.until(finished(7), 30_000);
    await workbench.screenshot('awake-again');
    assert.equal(await effects.count('start'), starts + 3);
    assert.deepEqual(await effects.twins(), []);
    assert.deepEqual(await workbench.notifications(), []);
  });

  it('an editor that crashes finds its tasks again, says what was interrupted, and forgets it when told', async () => {
    const { session } = vscode;
    const starts = await effects.count('start');
    await addTask(session.workbench, { title: 'Again by itself', command: effect('signal-again') });
    await addTask(session.workbench, {
      title: 'Asks',
      command: effect('signal-again'),
      agent: 'Command line',
    });
    await eventually(async () => (await effects.count('start')) === starts + 2);
    await session.crash();
    const workbench = await session.startAgain();
    await workbench.tasks.open();
    await workbench.tasks.until(
      has('2 tasks were interrupted', '1 runs again · 1 waits for your word'),
      30_000,
    );
    await workbench.tasks.until(has('Asks', 'needs input'));
    assert.equal(await workbench.tasks.badge(), '1');
    await workbench.screenshot('after-crash');
    await workbench.tasks.press(/interrupted/, 'Dismiss');
    await workbench.tasks.until((rows) => !has(/interrupted/)(rows));
    await workbench.tasks.menu('Asks', 'Cancel');
    await effects.signal('signal-again');
    await workbench.tasks.until(finished(9), 30_000);
    await workbench.reload();
    await workbench.tasks.open();
    await workbench.tasks.until(finished(9), 30_000);
    assert.equal(has(/interrupted/)(await workbench.tasks.rows()), false);
    assert.deepEqual(await effects.twins(), []);
  });

  /** Absolute path of the folder the tasks are kept in. */
  async function store(): Promise<string> {
    const all = path.join(vscode.session.server.dataFolder, 'data', 'User', 'workspaceStorage');
    const folders = (await readdir(all)).map((name) => path.join(all, name, 'podium.podium', 'store'));
    const [folder, ...others] = folders.filter((name) => existsSync(name));
    assert.ok(folder !== undefined && others.length === 0, folders.join(', '));
    return folder;
  }

  async function filesOf(kind: 'snapshot' | 'journal'): Promise<string[]> {
    const folder = await store();
    const names = (await readdir(folder)).filter(
      (name) => name.startsWith(kind) && !name.endsWith('.damaged'),
    );
    return names.map((name) => path.join(folder, name));
  }

  const flip = (bytes: Buffer): Buffer => {
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff;
    return bytes;
  };

  it('a snapshot and a journal that are damaged cost no task, and the damaged file is kept', async () => {
    const { session } = vscode;
    await eventually(async () => (await filesOf('snapshot')).length === 2, { timeout: 20_000 });
    await session.crash();
    const newest = (await filesOf('snapshot')).sort(byNumbers).at(-1) ?? '';
    await patch(newest, flip);
    for (const file of await filesOf('journal')) {
      const handle = await open(file, 'a');
      await handle.write('garbage that no one has written');
      await handle.close();
    }
    const workbench = await session.startAgain();
    await workbench.tasks.open();
    await workbench.tasks.until(finished(9), 30_000);
    await workbench.notified(/snapshot.* is damaged/);
    await workbench.screenshot('after-damage');
    assert.ok((await readdir(await store())).includes(`${path.basename(newest)}.damaged`));
  });

  it('tasks of a newer version are left alone, and the view says so', async () => {
    const { session } = vscode;
    await eventually(async () => (await filesOf('snapshot')).length === 2, { timeout: 20_000 });
    await session.crash();
    const before = await store();
    const copy = path.join(session.server.dataFolder, 'copy');
    await cp(before, copy, { recursive: true });
    for (const file of await filesOf('snapshot')) {
      await patch(file, (bytes) => {
        bytes.writeUInt32LE(99, 12);
        bytes.writeUInt32LE(checksum(bytes.subarray(12, 40)), 8);
        return bytes;
      });
    }
    const contents = async (): Promise<string[]> => {
      const files = [...(await filesOf('snapshot')), ...(await filesOf('journal'))];
      return Promise.all(
        files.map(async (file) => `${path.basename(file)} ${checksum(await readFile(file))}`),
      );
    };
    const untouched = await contents();
    const workbench = await session.startAgain();
    await workbench.tasks.open();
    await eventually(async () =>
      (await workbench.tasks.welcome()).includes('written by a newer version of Podium'),
    );
    await workbench.notified(/newer/);
    await workbench.screenshot('newer-version');
    assert.deepEqual(await contents(), untouched);
    await session.crash();
    await rm(before, { recursive: true });
    await cp(copy, before, { recursive: true });
  });

  it('tasks that cannot be read at all are left alone, and are there again when the files are mended', async () => {
    const { session } = vscode;
    const folder = await store();
    const copy = path.join(session.server.dataFolder, 'copy');
    for (const file of await filesOf('snapshot')) await patch(file, flip);
    for (const file of await filesOf('journal')) await rm(file);
    const workbench = await session.startAgain();
    await workbench.tasks.open();
    await eventually(async () => (await workbench.tasks.welcome()).includes('stored tasks are damaged'));
    await workbench.notified(/damaged/);
    await workbench.screenshot('damaged');
    await cp(copy, folder, { recursive: true });
    await workbench.tasks.pressWelcome('Try Again');
    await workbench.tasks.until(finished(9), 30_000);
  });
});

async function patch(file: string, change: (bytes: Buffer) => Buffer): Promise<void> {
  await writeFile(file, change(await readFile(file)));
}

/** Names of files are compared number by number. */
function byNumbers(one: string, other: string): number {
  return path.basename(one).localeCompare(path.basename(other), 'en', { numeric: true });
}
