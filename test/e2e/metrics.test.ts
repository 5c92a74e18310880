import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

const tasks = 24;
/** Themes by their names in the list, with the kind the page is told. */
const themes = {
  'Light Modern': 'vscode-light',
  'Dark High Contrast': 'vscode-high-contrast',
  'Light High Contrast': 'vscode-high-contrast-light',
  'Dark Modern': 'vscode-dark',
};

describe('the metrics panel', () => {
  const vscode = useSession({ settings: { 'podium.workers': 10 } });

  const ended = async (status: string): Promise<number> =>
    (await vscode.session.events.read()).filter(
      (event) => event.event === 'finished' && event.status === status,
    ).length;

  const resize = async (width: number, height: number): Promise<void> =>
    vscode.session.workbench.page.setViewportSize({ width, height });

  it('says before anything ran that nothing has', async () => {
    const { workbench } = vscode.session;
    await workbench.tasks.open();
    await workbench.tasks.pressTitle('Open Metrics');
    await eventually(async () => (await workbench.metrics.text()).includes('Nothing has run yet'));
    assert.equal(await workbench.metrics.figure('throughput'), undefined);
    await workbench.screenshot('metrics-empty');
  });

  it('shows what the tree and the events show, while ten commands run and after', async function () {
    this.timeout(180_000);
    const { session } = vscode;
    const { workbench } = session;
    const { metrics } = workbench;
    const script = (number: number): string =>
      `setTimeout(() => process.exit(${number % 8 === 7 ? 1 : 0}), ${3_000 + 300 * number})`;
    await writeFile(
      path.join(session.folder ?? '', 'podium.sample.json'),
      JSON.stringify({
        tasks: Array.from({ length: tasks }, (_, number) => ({
          key: `t${number}`,
          title: `Task ${number}`,
          agent: 'check',
          argv: ['${node}', '-e', script(number)],
        })),
      }),
    );
    await workbench.runCommand('Podium: Add Sample Tasks');
    await eventually(async () => (await metrics.figure('workers')) === '10 / 10');
    assert.equal(await metrics.figure('running'), '10');
    await workbench.screenshot('metrics-running');
    await eventually(async () => (await ended('completed')) + (await ended('failed')) === tasks, {
      timeout: 90_000,
    });
    const [completed, failed] = [await ended('completed'), await ended('failed')];
    assert.deepEqual([completed, failed], [21, 3]);
    await eventually(
      async () =>
        (await metrics.figure('completed')) === String(completed) &&
        (await metrics.figure('failed')) === String(failed) &&
        (await metrics.figure('workers')) === '0 / 10',
    );
    await workbench.tasks.until((rows) => rows.some(({ label }) => label.startsWith(`Finished (${tasks})`)));
    for (const figure of ['wait-p50', 'wait-p99', 'run-p50', 'run-p99', 'sync-time', 'stretch']) {
      assert.match((await metrics.figure(figure)) ?? '', /^[\d.,]+ (ms|s)$/, figure);
    }
  });

  it('has of every chart a table that says the same', async () => {
    const { metrics } = vscode.session.workbench;
    const frame = await metrics.shown();
    const buttons = frame.getByRole('button', { name: /^Show table of/ });
    assert.equal(await buttons.count(), 8);
    for (const id of ['throughput', 'wait', 'run', 'queue', 'workers', 'syncs', 'loop', 'memory']) {
      const button = (await metrics.chart(id)).getByRole('button');
      await button.focus();
      await frame.page().keyboard.press('Enter');
      assert.equal(await button.getAttribute('aria-expanded'), 'true');
      assert.ok((await (await metrics.chart(id)).locator('tbody th[scope=row]').count()) > 0, id);
      assert.notEqual(await (await metrics.chart(id)).locator('caption').innerText(), '');
    }
    const sum = async (column: string): Promise<number> =>
      (await metrics.column('throughput', column)).reduce((total, text) => total + Number(text), 0);
    assert.deepEqual([await sum('Completed'), await sum('Failed'), await sum('Added')], [21, 3, tasks]);
    const busy = (await metrics.column('workers', 'Busy')).map(Number);
    assert.deepEqual([Math.max(...busy), busy[0]], [10, 0]);
    await frame.getByRole('button', { name: 'Summarize' }).click();
    assert.match(await frame.getByRole('status').innerText(), /21 completed, 3 failed/);
  });

  it('is legible in every kind of theme, and changes with it', async function () {
    this.timeout(120_000);
    const { workbench } = vscode.session;
    const { metrics } = workbench;
    for (const [theme, kind] of Object.entries(themes)) {
      await workbench.runCommand('Preferences: Color Theme');
      await workbench.quickInput.type(theme);
      await workbench.quickInput.row(theme).waitFor();
      await workbench.quickInput.accept();
      await (await metrics.shown()).locator(`body.${kind}`).waitFor();
      for (const chart of ['queue', 'throughput', 'memory']) {
        await eventually(async () => {
          const distance = await metrics.distanceOfColor(chart);
          if (distance < 12) return true;
          throw new Error(`In ${theme} the nearest colour in ${chart} is ${distance} away.`);
        });
      }
      const pale = Object.entries(await metrics.contrasts()).filter(
        ([selector, contrast]) => contrast < (selector.startsWith('.line') ? 3 : 4.5),
      );
      assert.deepEqual(pale, [], theme);
      await resize(1280, 3300);
      await workbench.screenshot(`metrics-${kind}`);
      await resize(1280, 800);
    }
  });

  it('fits from 300 to 2,000 pixels', async () => {
    const { workbench } = vscode.session;
    const { metrics } = workbench;
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    for (const width of [350, 700, 1280, 2060]) {
      await resize(width, 1200);
      await eventually(async () => !(await metrics.overflows()));
      await workbench.screenshot(`metrics-${width}-wide`);
    }
    await resize(1280, 800);
    await workbench.tasks.open();
  });

  it('is opened by the link of the status bar, has no page while it is hidden, and all of it when it comes back', async () => {
    const { workbench } = vscode.session;
    const { metrics } = workbench;
    await workbench.closeEditors();
    assert.equal(await metrics.frame(), undefined);
    await workbench.followStatusBarLink('Show Metrics');
    await eventually(async () => (await metrics.figure('completed')) === '21');
    await workbench.runCommand('File: New Untitled Text File');
    await eventually(async () => (await metrics.frame()) === undefined);
    await workbench.runCommand('Podium: Open Metrics');
    await eventually(async () => (await metrics.figure('completed')) === '21');
    assert.equal((await workbench.editors()).filter((title) => title === 'Podium Metrics').length, 1);
  });

  it('is there again after a reload of the window, with the range and the tables that were chosen', async function () {
    this.timeout(240_000);
    const { workbench } = vscode.session;
    const { metrics } = workbench;
    await metrics.choose('1 hour');
    await (await metrics.chart('throughput')).getByText('per 10 seconds').first().waitFor();
    await (await metrics.chart('throughput')).getByRole('button').click();
    // The window keeps what its editors remember when there are others.
    await workbench.runCommand('File: New Untitled Text File');
    await workbench.runCommand('Podium: Open Metrics');
    await workbench.kept('"range":"1 h","tables":["throughput"]');
    for (const place of ['in front', 'behind another']) {
      if (place === 'behind another') await workbench.runCommand('File: New Untitled Text File');
      await workbench.reload();
      await workbench.runCommand('Podium: Open Metrics');
      await eventually(async () => (await metrics.figure('completed')) === '21', { timeout: 30_000 });
      await eventually(async () =>
        (await metrics.shown()).getByRole('radio', { name: '1 hour' }).isChecked(),
      );
      assert.ok((await metrics.column('throughput', 'Completed')).length > 0, place);
      const tabs = (await workbench.editors()).filter((title) => title === 'Podium Metrics');
      assert.equal(tabs.length, 1, place);
    }
  });

  it('says in a window that only looks on whose the tasks are, and claims no figures of theirs', async () => {
    const second = await vscode.session.secondWindow();
    await second.tasks.open();
    await second.runCommand('Podium: Open Metrics');
    await eventually(async () => (await second.metrics.text()).includes('These tasks belong to'), {
      timeout: 30_000,
    });
    assert.deepEqual(
      [await second.metrics.figure('completed'), await second.metrics.figure('workers')],
      ['21', '-'],
    );
    await second.screenshot('metrics-reader');
    await second.page.context().close();
  });
});
