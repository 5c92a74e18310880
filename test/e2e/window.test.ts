import assert from 'node:assert/strict';
import { useSession } from '../support/vscode/mochaSession.ts';

describe('a window with the packaged extension', () => {
  const vscode = useSession();

  it('has a Podium container in the activity bar that opens', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.open();
    await workbench.screenshot('window');
    assert.equal(await workbench.tasks.pane.isVisible(), true);
  });

  it("offers Podium's commands in the palette", async () => {
    const { workbench } = vscode.session;
    const commands = await workbench.commands('Podium: ');
    assert.ok(
      commands.some((title) => title.startsWith('Podium: Add Task')),
      `offered: ${commands.join(', ')}`,
    );
  });

  it('complains about nothing while it starts', async () => {
    const { workbench } = vscode.session;
    assert.deepEqual(await workbench.notifications(), []);
    assert.equal(await workbench.dialog(), '');
  });
});
