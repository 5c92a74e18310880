import assert from 'node:assert/strict';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

describe('a runaway', () => {
  const vscode = useSession();

  it('is stopped by a fuse, which is told once, in the tree and in the status bar', async () => {
    const { session } = vscode;
    const { workbench } = session;
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Demo a Runaway');
    const tripped = async (): Promise<number> =>
      (await session.events.read()).filter(({ event }) => event === 'tripped').length;
    await eventually(async () => (await tripped()) > 0, { timeout: 60_000 });
    await workbench.tasks.until((rows) => rows.some(({ label }) => label.startsWith('Needs you')), 20_000);
    await eventually(async () => (await workbench.statusBar()).some((text) => text.includes('fuse')));
    await workbench.screenshot('fuse-blown');
  });

  it('is shown with who made what and what is left, goes on when a person says so, and is ended as a whole', async () => {
    const { session } = vscode;
    const { workbench } = session;
    await workbench.runCommand('Podium: Inspect Tree');
    await workbench.quickInput.asks('Task whose agents have made tasks');
    await workbench.quickInput.choose(/Runaway$/);
    await eventually(async () => (await workbench.editorText()).includes('Who made what'));
    await workbench.screenshot('fuse-inspect');
    await workbench.closeEditors();
    const before = (await session.events.read()).filter(({ event }) => event === 'started').length;
    await workbench.runCommand('Podium: Resume After Fuse…');
    await eventually(async () => {
      if ((await workbench.quickInput.question()) !== '') await workbench.quickInput.accept();
      return (await session.events.read()).filter(({ event }) => event === 'started').length > before;
    });
    await workbench.runCommand('Podium: Stop Tree');
    await workbench.quickInput.asks('Task whose agents have made tasks');
    await workbench.quickInput.choose(/Runaway$/);
    await eventually(async () => (await workbench.dialog()).includes('Cancel'));
    await workbench.screenshot('fuse-stop');
    await workbench.pressDialog('Stop Tree');
    await workbench.tasks.until((rows) => rows.some(({ label }) => label.startsWith('Finished (')), 20_000);
    await eventually(async () => !(await workbench.statusBar()).some((text) => text.includes('fuse')));
    await workbench.screenshot('fuse-over');
    assert.ok((await session.events.read()).length > 0);
  });
});
