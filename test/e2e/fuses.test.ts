import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import type { PodiumEvent } from '../support/vscode/eventLog.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';
import type { TreeRow } from '../support/vscode/workbench/taskTree.ts';

/** What the fuse says that stops the demo: twenty starts within five minutes. */
const told = /Agents have started 20 tasks of their own/;

describe('a runaway', () => {
  const vscode = useSession();

  async function events(name: string): Promise<readonly PodiumEvent[]> {
    return (await vscode.session.events.read()).filter(({ event }) => event === name);
  }

  /** Trips so far, each as `fuse root`. */
  async function trips(): Promise<readonly string[]> {
    const found = (await events('tripped')) as readonly (PodiumEvent & {
      fuse: string;
      root: string | null;
    })[];
    return found.map(({ fuse, root }) => `${fuse} ${root ?? 'folder'}`);
  }

  const loops = async (): Promise<number> =>
    (await trips()).filter((trip) => trip === 'anti-loop folder').length;

  /** The message about the fuse, in the list of all: messages on the screen go away by themselves. */
  async function messages(): Promise<Locator> {
    const { page } = vscode.session.workbench;
    const center = page.locator('.notifications-center');
    if (!(await center.isVisible()))
      await vscode.session.workbench.runCommand('Notifications: Show Notifications');
    await center.waitFor();
    return center.locator('.notification-list-item', { hasText: told });
  }

  async function press(button: string): Promise<void> {
    const message = await messages();
    // Buttons of a message that is folded up are hidden until it is chosen.
    await message.first().click();
    await message.first().locator('.notification-list-item-buttons-container a', { hasText: button }).click();
  }

  /** Nothing of it runs, and nothing can start. */
  async function still(): Promise<void> {
    await eventually(
      async () => !(await vscode.session.workbench.statusBar()).some((text) => text.includes('running')),
      { timeout: 30_000 },
    );
  }

  it('is stopped by a fuse, which the tree and the status bar show', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Demo a Runaway');
    await eventually(async () => (await loops()) === 1, { timeout: 90_000 });
    const message = await workbench.notified(told);
    assert.match(message, /It goes on by itself at \d\d:\d\d\./);
    const isZapped = (all: readonly TreeRow[], label: string): boolean =>
      all.some((row) => row.label === label && row.icon === 'zap');
    await workbench.tasks.until(
      (all) =>
        all.some(({ label }) => label.startsWith('Needs you (')) &&
        isZapped(all, 'Anti-loop fuse') &&
        isZapped(all, 'Runaway demo'),
      20_000,
    );
    await eventually(async () => (await workbench.statusBar()).some((text) => text.includes('fuse')));
    await workbench.screenshot('fuse-blown');
  });

  it('is told once for each tree and cause, with what can be done', async () => {
    const { workbench } = vscode.session;
    await still();
    const all = await trips();
    assert.equal(new Set(all).size, all.length, all.join(', '));
    const found = await messages();
    await found.first().waitFor();
    assert.equal(await found.count(), 1);
    await found.first().click();
    const buttons = await found
      .first()
      .locator('.notification-list-item-buttons-container a')
      .allInnerTexts();
    assert.deepEqual(buttons, ['Inspect', 'Resume', 'Stop Tree']);
    await workbench.screenshot('fuse-message');
  });

  it('colours the status bar', async () => {
    const { workbench } = vscode.session;
    const item = workbench.page.locator('.statusbar-item[id^="podium.podium"]').first();
    assert.match((await item.getAttribute('class')) ?? '', /\bwarning-kind\b/);
  });

  it('is shown, from the message, with who made what and what is left', async () => {
    const { workbench } = vscode.session;
    await press('Inspect');
    await eventually(async () => (await workbench.editorText()).includes('Who made what'));
    assert.match(await workbench.editorText(), /Tree: Runaway\n/);
    await workbench.screenshot('fuse-inspect');
    await workbench.closeEditors();
  });

  it('goes on when a person says so, is counted anew, and told once more when it blows again', async () => {
    const { workbench } = vscode.session;
    const before = (await events('started')).length;
    await workbench.tasks.press('Anti-loop fuse', 'Resume After Fuse');
    await eventually(async () => (await loops()) === 2, { timeout: 90_000 });
    const after = (await events('started')).length;
    assert.equal(after - before, 20, 'as many as the window holds');
    // The first one was pressed, and has gone.
    await eventually(async () => (await (await messages()).count()) === 1);
  });

  it('is ended as a whole, from the message', async () => {
    const { workbench } = vscode.session;
    await press('Stop Tree');
    await eventually(async () => /Cancel \d+ tasks? of "Runaway"\?/.test(await workbench.dialog()));
    await workbench.screenshot('fuse-stop');
    await workbench.pressDialog('Stop Tree');
    await workbench.tasks.until(
      (rows) => rows.find(({ label }) => label === 'Runaway demo')?.description.includes('waiting') === false,
      20_000,
    );
    // Nothing is left that could be held, so nothing is left to answer.
    await eventually(async () => !(await workbench.statusBar()).some((text) => text.includes('fuse')));
    const started = (await events('started')).length;
    await workbench.runCommand('Notifications: Clear All Notifications');
    await workbench.screenshot('fuse-over');
    assert.equal((await events('started')).length, started);
  });
});
