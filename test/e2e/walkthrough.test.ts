import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

describe('the walkthrough', () => {
  const vscode = useSession();

  const step = (title: string): Locator =>
    vscode.session.workbench.page.locator('.getting-started-step', { hasText: title }).first();
  const isDone = async (title: string): Promise<boolean> =>
    (await step(title).locator('.codicon-getting-started-step-checked.complete').count()) > 0;

  it('opens from the palette and shows each step with a picture in the colours of the theme', async () => {
    const { workbench } = vscode.session;
    // Beside the side bar there is no room for the pictures.
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.runCommand('Podium: Open Walkthrough');
    await step('Add a task').waitFor();
    const titles = await workbench.page.locator('.getting-started-step .step-title').allInnerTexts();
    assert.ok(titles.length >= 3, titles.join(', '));
    for (const [index, title] of titles.entries()) {
      await step(title).click();
      await eventually(async () => {
        const pictures = workbench.page.frames().map((frame) => frame.locator('svg[aria-label]').first());
        return (await Promise.all(pictures.map((picture) => picture.isVisible()))).includes(true);
      });
      await workbench.screenshot(`walkthrough-${index + 1}`);
    }
  });

  it('ticks a step off when it was done', async () => {
    const { workbench } = vscode.session;
    assert.equal(await isDone('Pause, order, run now'), false);
    await workbench.tasks.open();
    await eventually(() => isDone('Watch it in the tree'));
    await workbench.tasks.pressTitle('Pause All');
    await eventually(() => isDone('Pause, order, run now'));
    await workbench.screenshot('walkthrough-done');
  });
});
