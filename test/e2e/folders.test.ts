import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { effect, Effects } from '../support/vscode/effects.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';
import type { TreeRow } from '../support/vscode/workbench/taskTree.ts';
import { addTask } from '../support/vscode/workbench/addTask.ts';
import type { Workbench } from '../support/vscode/workbench/workbench.ts';

const has = (label: string | RegExp, description: string | RegExp = '') => {
  const fits = (text: string, wanted: string | RegExp): boolean =>
    typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text);
  return (rows: readonly TreeRow[]): boolean =>
    rows.some((row) => fits(row.label, label) && fits(row.description, description));
};

describe('a folder that is opened alone and with others', () => {
  const vscode = useSession();
  let one: string;
  let two: string;
  let both: string;
  let effects: Effects;

  before(async () => {
    one = vscode.session.folder ?? '';
    const parent = path.dirname(one);
    [two, both] = [path.join(parent, 'second'), path.join(parent, 'both.code-workspace')];
    await mkdir(two);
    await write(one, two);
    effects = await Effects.in(one);
    await Effects.in(two);
  });

  /**
   * Makes these the folders of the workspace, and waits until that is seen. A browser's editor may miss a change of its
   * workspace file, also the first reading of it; then the file is written again.
   */
  async function put(seen: () => Promise<boolean>, ...folders: readonly string[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      await write(...folders);
      try {
        await eventually(seen, { timeout: 10_000 });
        return;
      } catch (error) {
        if (tries === 5) throw error;
      }
    }
  }

  async function write(...folders: readonly string[]): Promise<void> {
    await writeFile(both, JSON.stringify({ folders: folders.map((folder) => ({ path: folder })) }));
  }

  /** Opens the view, and has the window see both folders. */
  async function openTasks(workbench: Workbench): Promise<void> {
    await workbench.tasks.open();
    const hasFolders = async (): Promise<boolean> =>
      !(await workbench.tasks.welcome()).includes('Open one to start');
    await put(hasFolders, one, two);
  }

  it('has tasks when it is open alone', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.open();
    await addTask(workbench, { title: 'Done alone', command: effect(0) });
    await workbench.tasks.until(has('Finished (1)', /^$/));
    await workbench.runCommand('Podium: Pause All');
    await addTask(workbench, { title: 'Waits', command: effect(0) });
    await workbench.tasks.until(has('Waits'));
  });

  it('is offered them in a window with two folders, and has them there when they are wanted', async () => {
    const { session } = vscode;
    const workbench = await session.openWindow(both);
    await openTasks(workbench);
    await workbench.notified('from when it was open in another window', 30_000);
    await eventually(async () =>
      (await workbench.tasks.welcome()).includes('from when it was open in another window'),
    );
    await workbench.screenshot('folders-offer');
    await workbench.pressNotification('from when it was open in another window', 'Bring Tasks');
    await workbench.notified('2 tasks of “workspace” were brought here.', 20_000);
    await workbench.tasks.until(has('Waits'));
    await workbench.tasks.until(has('Finished (1)', /^$/));
    await workbench.screenshot('folders-brought');
    assert.equal(await effects.count('start'), 1, 'paused as before');
    await workbench.runCommand('Podium: Resume All');
    await workbench.tasks.until(has('Finished (2)', /^$/));
    assert.equal(await effects.count('start'), 2);
    assert.deepEqual(await effects.twins(), []);
  });

  it('keeps what it has when it leaves the window, and shows it when it is back', async () => {
    const { workbench } = vscode.session;
    await put(async () => (await workbench.tasks.welcome()).includes('No tasks yet'), two);
    await addTask(workbench, { title: 'In the second', command: effect(0) });
    await workbench.tasks.until(has('Finished (1)', /^$/), 30_000);
    await workbench.screenshot('folders-removed');
    await put(async () => has('Finished (2)', /^$/)(await workbench.tasks.rows()), two, one);
    await workbench.tasks.until(has('Finished (1)', /^$/));
    await workbench.screenshot('folders-again');
  });

  it('is offered the way back when it is opened alone again, also by a row and a command', async () => {
    const { session } = vscode;
    const { workbench } = session;
    await workbench.runCommand('Podium: Pause All');
    const alone = await session.openWindow(one);
    await alone.tasks.open();
    await alone.notified('from when it was open in another window', 30_000);
    await alone.pressNotification('from when it was open in another window', 'Not Now');
    await addTask(alone, { title: 'New here', command: effect(0) });
    await alone.tasks.until(has('2 tasks elsewhere', 'workspace'));
    await alone.screenshot('folders-row');
    await alone.tasks.press(/elsewhere/, 'Bring Tasks');
    await alone.notified('2 tasks of “workspace” were brought here.', 20_000);
    await alone.tasks.until((rows) => !has(/elsewhere/)(rows));
    await alone.runCommand('Podium: Bring Tasks from Other Windows');
    await alone.notified('Every task of the open folders is here already.');
    await alone.screenshot('folders-back');
    assert.deepEqual(await effects.twins(), []);
  });

  it('says so when another window still works on its tasks, and changes nothing', async () => {
    const { session } = vscode;
    const second = await session.secondWindow(both);
    await openTasks(second);
    await second.notified('from when it was open in another window', 60_000);
    await second.pressNotification('from when it was open in another window', 'Bring Tasks');
    await second.notified(/belong to another window \(process \d+\).*Nothing was changed/, 30_000);
    await second.screenshot('folders-held');
    assert.ok(has('Finished (')(await session.workbench.tasks.rows()));
  });
});
