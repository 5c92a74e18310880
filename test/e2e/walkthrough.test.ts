import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';
import { repository } from '../support/vscode/paths.ts';

interface Manifest {
  readonly contributes: {
    readonly walkthroughs: readonly {
      readonly steps: readonly { readonly title: string; readonly media: { readonly svg: string } }[];
    }[];
  };
}

describe('the walkthrough', () => {
  const vscode = useSession();
  let steps: Manifest['contributes']['walkthroughs'][number]['steps'] = [];

  before(async () => {
    const text = await readFile(path.join(repository, 'package.json'), 'utf8');
    steps = (JSON.parse(text) as Manifest).contributes.walkthroughs.flatMap((each) => each.steps);
    assert.ok(steps.length > 0);
  });

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
    for (const [index, { title, media }] of steps.entries()) {
      await step(title).click();
      const svg = await readFile(path.join(repository, media.svg), 'utf8');
      const label = /aria-label="([^"]+)"/.exec(svg)?.[1] ?? '';
      await eventually(async () => {
        const pictures = workbench.page.frames().map((frame) => frame.locator(`svg[aria-label="${label}"]`));
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
