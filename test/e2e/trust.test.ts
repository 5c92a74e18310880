import assert from 'node:assert/strict';
import { effect, Effects } from '../support/vscode/effects.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';
import { addTask } from '../support/vscode/workbench/addTask.ts';

describe('a folder that nobody has trusted yet', () => {
  const vscode = useSession({ trust: true });
  let effects: Effects;

  before(async () => {
    effects = await Effects.in(vscode.session.folder);
  });

  it('opens in Restricted Mode with Podium in it, which says so', async () => {
    const { workbench } = vscode.session;
    await workbench.restricted();
    await workbench.tasks.open();
    const commands = await workbench.commands('Podium: Show Log');
    assert.ok(commands.includes('Podium: Show Log'), commands.join(', '));
    await eventually(async () =>
      (await workbench.tasks.welcome()).includes('Restricted Mode: tasks are kept'),
    );
    await workbench.screenshot('restricted-mode');
  });

  it('keeps tasks that say they wait for trust, and runs none of them', async () => {
    const { workbench } = vscode.session;
    await addTask(workbench, { title: 'Patient', command: effect(0) });
    await workbench.tasks.until((rows) =>
      rows.some((row) => row.label === 'Patient' && row.description.includes('waiting for workspace trust')),
    );
    await eventually(async () => (await workbench.tasks.message()).includes('Restricted Mode'));
    await workbench.screenshot('waiting-for-trust');
    assert.deepEqual(await effects.lines(), []);
  });

  it('stays open, with Podium in it, when the user trusts it, and then runs what waited', async () => {
    const { workbench } = vscode.session;
    await workbench.trustFolder();
    assert.equal(await workbench.isRestricted(), false);
    assert.equal(await workbench.tasks.pane.isVisible(), true);
    await workbench.tasks.until((rows) => rows.some((row) => row.label === 'Finished (1)'));
    assert.deepEqual([await effects.count('start'), await effects.count('end')], [1, 1]);
    await eventually(async () => (await workbench.tasks.message()) === '');
  });
});
