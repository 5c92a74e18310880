import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

/** Most tasks that a folder may bring along at once. */
const portion = 150;

describe('more tasks than are shown at first', () => {
  const vscode = useSession();

  before(async () => {
    const { folder, workbench } = vscode.session;
    if (folder === undefined) throw new Error('The tasks lie in a folder.');
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Pause All');
    for (const [name, waiting] of [
      ['Early', portion],
      ['Late', 2 * portion],
    ] as const) {
      const tasks = Array.from({ length: portion }, (_, index) => ({
        title: `${name} ${index}`,
        argv: ['node', '--version'],
      }));
      await writeFile(join(folder, 'podium.sample.json'), JSON.stringify({ tasks }));
      await workbench.runCommand('Podium: Add Sample Tasks');
      await workbench.tasks.until(([root]) => root?.description.includes(`${waiting} waiting`) === true);
    }
  });

  it('are there when the row that says so is chosen', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.click('Early 0');
    await workbench.page.keyboard.press('End');
    await workbench.tasks.until((rows) => rows.at(-1)?.label === '100 more');
    await workbench.screenshot('more');
    await workbench.tasks.click('100 more');
    await workbench.tasks.until((rows) => rows.some(({ label }) => label === 'Late 50'));
    await workbench.page.keyboard.press('End');
    await workbench.tasks.until((rows) => rows.at(-1)?.label === `Late ${portion - 1}`);
  });

  it('are found by a filter, and can be dragged from there to the top of the queue', async () => {
    const { workbench } = vscode.session;
    await workbench.reload();
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Filter Tasks…');
    await workbench.quickInput.asks('Show only these');
    await workbench.quickInput.accept();
    await workbench.quickInput.answer('Words in the title', 'late 14');
    await workbench.tasks.until(
      (rows) => rows.filter(({ label }) => label.startsWith('Late 14')).length === 11,
    );
    await eventually(async () => (await workbench.tasks.message()).includes('289 of 300 tasks are hidden'));
    await workbench.tasks.select('Late 147', 'Late 149');
    await workbench.tasks.drag('Late 149', basename(vscode.session.folder ?? ''));
    await workbench.tasks.until((rows) => rows[1]?.label === 'Late 147' && rows[2]?.label === 'Late 149');
    await workbench.screenshot('found-and-moved');
    await workbench.tasks.pressTitle('Clear Filter');
    await workbench.tasks.until(
      (rows) =>
        rows
          .slice(1, 4)
          .map(({ label }) => label)
          .join() === 'Late 147,Late 149,Early 0',
    );
  });
});
