import assert from 'node:assert/strict';
import { basename } from 'node:path';
import { useSession } from '../support/vscode/mochaSession.ts';
import { effect, Effects } from '../support/vscode/effects.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { addTask } from '../support/vscode/workbench/addTask.ts';

const titles = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo'];

describe('the hand on the queue', () => {
  const vscode = useSession({ settings: { 'podium.workers': 1 } });
  let effects: Effects;

  before(async () => {
    const { session } = vscode;
    effects = await Effects.in(session.folder);
    await session.workbench.tasks.open();
    await session.workbench.runCommand('Podium: Pause All');
    for (const title of titles) await addTask(session.workbench, { title, command: effect(0) });
    await order(titles);
  });

  /** Waits until the tasks that wait are shown in this order. */
  async function order(wanted: readonly string[]): Promise<void> {
    await vscode.session.workbench.tasks.until((rows) => {
      const shown = rows.map(({ label }) => label).filter((label) => titles.includes(label));
      return shown.join() === wanted.join();
    });
  }

  it('drags a row to where it is dropped', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.drag('Echo', 'Bravo');
    await order(['Alpha', 'Echo', 'Bravo', 'Charlie', 'Delta']);
    await workbench.screenshot('dragged');
    const rows = await workbench.tasks.rows();
    assert.match(rows.find(({ label }) => label === 'Echo')?.description ?? '', /^pinned/);
    assert.doesNotMatch(rows.find(({ label }) => label === 'Bravo')?.description ?? '', /^pinned/);
  });

  it('moves rows with the keyboard, several at once', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.select('Delta');
    await workbench.page.keyboard.press('Alt+ArrowUp');
    await order(['Alpha', 'Echo', 'Bravo', 'Delta', 'Charlie']);
    await workbench.tasks.select('Alpha', 'Echo');
    await workbench.page.keyboard.press('Alt+ArrowDown');
    await order(['Bravo', 'Alpha', 'Echo', 'Delta', 'Charlie']);
  });

  it('pins what can be pinned of the selected rows, and says which was left out', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.select('Echo', 'Charlie');
    await workbench.page.keyboard.press('Alt+P');
    await workbench.notified('"Echo" was left out: pinned already.');
    await workbench.tasks.until((rows) =>
      rows.some(
        ({ label, spoken, icon }) => label === 'Charlie' && spoken.includes('pinned') && icon === 'pinned',
      ),
    );
    await workbench.screenshot('left-out');
  });

  it('unpins several and boosts', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.select('Bravo', 'Charlie');
    await workbench.tasks.menu('Bravo', 'Unpin');
    await order(['Alpha', 'Echo', 'Delta', 'Bravo', 'Charlie']);
    await workbench.tasks.select('Charlie');
    await workbench.page.keyboard.press('Alt+B');
    await workbench.quickInput.asks('Boost');
    await workbench.quickInput.type('250');
    await workbench.quickInput.accept();
    await order(['Alpha', 'Echo', 'Delta', 'Charlie', 'Bravo']);
    await workbench.screenshot('boosted');
  });

  it('shows only what fits a filter, says so, and shows everything again', async () => {
    const { workbench } = vscode.session;
    await workbench.runCommand('Podium: Filter Tasks…');
    await workbench.quickInput.asks('Show only these');
    await workbench.quickInput.accept();
    await workbench.quickInput.asks('Words in the title');
    await workbench.quickInput.type('l');
    await workbench.quickInput.accept();
    await order(['Alpha', 'Delta', 'Charlie']);
    await eventually(async () =>
      (await workbench.tasks.message()).includes('2 of 5 tasks are hidden. Filter: "l"'),
    );
    await workbench.screenshot('filtered');
    await workbench.reload();
    await workbench.tasks.open();
    await order(['Alpha', 'Delta', 'Charlie']);
    await workbench.tasks.drag('Charlie', 'Alpha');
    await order(['Charlie', 'Alpha', 'Delta']);
    await workbench.tasks.pressTitle('Clear Filter');
    await order(['Charlie', 'Alpha', 'Echo', 'Delta', 'Bravo']);
    await eventually(async () => !(await workbench.tasks.message()).includes('hidden'));
  });

  it('puts several rows first that are dropped on their folder', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.select('Bravo', 'Delta');
    await workbench.tasks.drag('Bravo', basename(vscode.session.folder ?? ''));
    await order(['Delta', 'Bravo', 'Charlie', 'Alpha', 'Echo']);
  });

  it('groups by state', async () => {
    const { workbench } = vscode.session;
    await workbench.runCommand('Podium: Group Tasks By…');
    await workbench.quickInput.asks('Group Tasks By');
    await workbench.quickInput.type('State');
    await workbench.quickInput.accept();
    await workbench.tasks.until((rows) => rows.some(({ label }) => label === 'Waiting (5)'));
    await workbench.screenshot('grouped-by-state');
    await workbench.runCommand('Podium: Group Tasks By…');
    await workbench.quickInput.asks('Group Tasks By');
    await workbench.quickInput.type('Parent');
    await workbench.quickInput.accept();
    await order(['Delta', 'Bravo', 'Charlie', 'Alpha', 'Echo']);
  });

  it('runs in exactly the order that was shown', async () => {
    const { workbench } = vscode.session;
    await workbench.runCommand('Podium: Resume All');
    await workbench.tasks.until((rows) => rows.some(({ label }) => label === 'Finished (5)'), 30_000);
    const events = await vscode.session.events.read();
    assert.deepEqual(
      events.filter(({ event }) => event === 'started').map(({ title }) => title),
      ['Delta', 'Bravo', 'Charlie', 'Alpha', 'Echo'],
    );
    assert.deepEqual(await effects.twins(), []);
  });

  it('refuses in words what has no place in the queue any more', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.expand('Finished (5)');
    await workbench.tasks.drag('Alpha', basename(vscode.session.folder ?? ''));
    await workbench.notified('"Alpha" has no place in the queue: it is completed.');
  });

  it('opens the results of all that are selected', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.select('Charlie', 'Delta');
    await workbench.tasks.menu('Delta', 'Show Result');
    await eventually(async () => {
      const names = (await workbench.editors()).join();
      return names.includes('Charlie') && names.includes('Delta');
    });
    await workbench.screenshot('results-of-several');
  });

  it('deletes what is selected, all at once', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.select('Alpha', 'Echo', 'Bravo');
    await workbench.page.keyboard.press('Delete');
    await eventually(async () => (await workbench.dialog()).includes('3 tasks'));
    await workbench.pressDialog('Delete');
    await workbench.tasks.until((rows) => rows.some(({ label }) => label === 'Finished (2)'));
  });
});
