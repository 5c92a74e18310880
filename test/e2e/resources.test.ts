import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';
import { copySample } from '../support/vscode/sample.ts';

describe('a service that is limited', () => {
  const vscode = useSession({ settings: { 'podium.workers': 10 } });

  const ended = async (): Promise<readonly string[]> =>
    (await vscode.session.events.read()).flatMap(({ event, title }) =>
      event === 'finished' ? [title ?? ''] : [],
    );

  it('is waited for by the task there is not enough left for, and by no other', async function () {
    this.timeout(180_000);
    const { session } = vscode;
    const { workbench } = session;
    const { metrics, tasks } = workbench;
    await copySample(path.join(session.folder ?? '', 'podium-sample'));
    await tasks.open();
    await workbench.runCommand('Podium: Add Sample Tasks');
    const waiting = async (): Promise<string> =>
      (await tasks.rows()).find(({ label }) => label.startsWith('News: ask'))?.description ?? '';
    await eventually(async () => (await waiting()).includes('waiting for news_api, resumes '), {
      timeout: 60_000,
    });
    await tasks.pressTitle('Open Metrics');
    const level = async (): Promise<number> =>
      Number(/^[\d.]+/.exec((await metrics.figure('resource-news_api')) ?? '')?.[0] ?? NaN);
    await eventually(async () => (await level()) < 20);
    const before = await level();
    await eventually(async () => (await ended()).filter((title) => title.startsWith('Soak')).length === 8, {
      timeout: 60_000,
    });
    await workbench.screenshot('resource-waiting');
    await (await metrics.shown()).locator('[data-figure="resource-news_api"]').scrollIntoViewIfNeeded();
    await workbench.screenshot('resource-refills');
    await eventually(async () => (await level()) > before + 5, { timeout: 30_000 });
    await workbench.screenshot('resource-refilled');
    assert.match(await waiting(), /waiting for news_api/, 'others have ended before it could start');
    await eventually(async () => (await ended()).includes('News: the service'), { timeout: 90_000 });
    await eventually(async () => (await ended()).filter((title) => title.startsWith('News')).length === 7);
    await tasks.expand(/^Finished/);
    await tasks.row('News: the service').click();
    await eventually(async () => (await workbench.editorText()).includes('120 calls served, 0 refused'));
    await workbench.screenshot('resource-served');
  });

  it('is held back by a person, and let go', async () => {
    const { workbench } = vscode.session;
    await workbench.closeEditors();
    const { quickInput, tasks } = workbench;
    const argv = ['${node}', '-p', '6*7'];
    const task = { key: 'a', title: 'Asks once more', agent: 'check', argv, resources: { news_api: 1 } };
    await writeFile(
      path.join(vscode.session.folder ?? '', 'podium.sample.json'),
      JSON.stringify({ tasks: [task] }),
    );
    await workbench.runCommand('Podium: Hold Resource…');
    await quickInput.asks('Resource');
    await quickInput.choose('news_api');
    await quickInput.asks('For how long');
    await workbench.screenshot('resource-hold');
    await quickInput.choose('5 minutes');
    await workbench.runCommand('Podium: Add Sample Tasks');
    await tasks.until((rows) =>
      rows.some(({ description }) => description.includes('waiting for news_api, resumes')),
    );
    await workbench.screenshot('resource-held');
    await workbench.runCommand('Podium: Release Resource…');
    await quickInput.asks('Resource');
    await quickInput.choose('news_api');
    await eventually(async () => (await ended()).includes('Asks once more'));
  });
});
