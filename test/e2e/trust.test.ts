import assert from 'node:assert/strict';
import { useSession } from '../support/vscode/mochaSession.ts';

describe('a folder that nobody has trusted yet', () => {
  const vscode = useSession({ trust: true });

  it('opens in Restricted Mode with Podium in it', async () => {
    const { workbench } = vscode.session;
    await workbench.restricted();
    await workbench.tasks.open();
    const commands = await workbench.commands('Podium: Show Log');
    assert.ok(commands.includes('Podium: Show Log'), commands.join(', '));
    await workbench.screenshot('restricted-mode');
  });

  it('stays open, with Podium in it, when the user trusts it', async () => {
    const { workbench } = vscode.session;
    await workbench.trustFolder();
    assert.equal(await workbench.isRestricted(), false);
    assert.equal(await workbench.tasks.pane.isVisible(), true);
  });
});
