import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';
import type { TreeRow } from '../support/vscode/workbench/taskTree.ts';

const count = 30;

describe('history', () => {
  let folder = '';
  const vscode = useSession(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'podium-history-'));
    const tasks = Array.from({ length: count }, (_, index) => ({
      title: `Brief #${index + 1}.`,
      description: `What the customer of day ${index + 1} wants.`,
      agent: 'quick',
    }));
    await writeFile(path.join(folder, 'podium.sample.json'), JSON.stringify({ tasks }));
    return {
      folder,
      settings: {
        'podium.history.keepFinished': 5,
        'podium.agents': { quick: { type: 'simulated', durationSeconds: 0 } },
        'files.simpleDialog.enable': true,
      },
    };
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const finished =
    (some: number) =>
    (rows: readonly TreeRow[]): boolean =>
      rows.some(({ label }) => label === `Finished (${some})`);

  it('takes the oldest of thirty finished tasks out of the tree', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Add Sample Tasks');
    await workbench.tasks.until(finished(count), 30_000);
    await workbench.tasks.until(finished(5), 30_000);
  });

  it('finds one of them after a reload, and shows everything about it', async () => {
    const { workbench } = vscode.session;
    const { quickInput } = workbench;
    await workbench.reload();
    await workbench.tasks.until(finished(5), 30_000);
    await workbench.runCommand('Podium: Search History');
    await quickInput.asks('Search History');
    await quickInput.type('customer #3.');
    await eventually(async () => {
      // The line below a title is a row too.
      const briefs = (await quickInput.rows()).filter((row) => row.startsWith('Brief'));
      return briefs.join() === 'Brief #3.';
    });
    await workbench.screenshot('history-search');
    await quickInput.accept();
    await eventually(async () => {
      const text = await workbench.editorText();
      return text.includes('What the customer of day 3 wants.') && text.includes('Completed');
    });
    await workbench.screenshot('history-document');
    await workbench.closeEditors();
  });

  it('is exported whole, as a table or line by line', async () => {
    const { workbench } = vscode.session;
    for (const name of ['all.csv', 'all.jsonl']) {
      const file = path.join(folder, name);
      await workbench.runCommand('Podium: Export History');
      await workbench.quickInput.asks('Export History');
      await workbench.quickInput.type(file);
      await workbench.quickInput.accept();
      const text = await eventually(() => readFile(file, 'utf8'));
      for (let number = 1; number <= count; number += 1) {
        assert.equal(text.split(`of day ${number} wants`).length, 2, `${name} has day ${number} once`);
      }
      assert.equal(text.trim().split('\n').length, name.endsWith('csv') ? count + 1 : count);
    }
  });
});
