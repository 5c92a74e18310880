import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { judge, ModelServer } from '../support/modelServer.ts';
import { effect, Effects } from '../support/vscode/effects.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { useSession } from '../support/vscode/mochaSession.ts';

const numberIn = (title: string): number => Number(/\d+/.exec(title)?.[0] ?? 0);

describe('a model that takes four seconds', () => {
  let server: ModelServer;
  const vscode = useSession(async () => {
    server = await ModelServer.start({ latency: 4_000, answer: judge((title) => 300 + numberIn(title) * 6) });
    return {
      settings: {
        'podium.model.provider': 'endpoint',
        'podium.model.baseUrl': server.url,
        'podium.model.scoring': 'scripted-model',
      },
    };
  });
  let effects: Effects;

  after(async () => {
    await server[Symbol.asyncDispose]();
  });

  it('keeps no task waiting: ten start at once, and forty wait when its scores appear', async () => {
    const { session } = vscode;
    const { workbench, folder = '' } = session;
    effects = await Effects.in(folder);
    const tasks = Array.from({ length: 50 }, (_, index) => ({
      key: String(index),
      title: `Task ${index + 1}`,
      agent: 'check',
      argv: effect('signal-go').split(' '),
    }));
    await writeFile(path.join(folder, 'podium.sample.json'), JSON.stringify({ tasks }));
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Add Sample Tasks');
    const started = async (): Promise<readonly string[]> =>
      (await session.events.read()).flatMap((event) =>
        event.event === 'started' ? [event.title ?? ''] : [],
      );
    await eventually(async () => (await started()).length === 10);
    assert.equal(server.calls.length <= 1, true, 'nobody waited for an answer');
    assert.deepEqual(
      (await started()).toSorted((a, b) => numberIn(a) - numberIn(b)),
      tasks.slice(0, 10).map(({ title }) => title),
      'in provisional order: the oldest first among equals',
    );
    await workbench.screenshot('model-provisional');
    await workbench.tasks.until(
      (rows) => rows.some(({ label, description }) => label === 'Task 50' && description.startsWith('600 ·')),
      30_000,
    );
    const waiting = (await workbench.tasks.rows()).filter(({ description }) =>
      description.includes('pending'),
    );
    const shown = waiting.map(({ label }) => numberIn(label));
    assert.deepEqual(
      shown,
      shown.toSorted((a, b) => b - a),
      'what it says orders those that wait',
    );
    assert.equal((await started()).length, 10);
    await workbench.screenshot('model-refined');
  });

  it('decides who is next', async () => {
    const { session } = vscode;
    await effects.signal('signal-go');
    await session.workbench.tasks.until(
      (rows) => rows.some(({ label }) => label === 'Finished (50)'),
      60_000,
    );
    const events = await session.events.read();
    const order = events.flatMap((event) => (event.event === 'started' ? [numberIn(event.title ?? '')] : []));
    // One start in ten goes to the oldest.
    const best = order.slice(10, 20);
    assert.ok(best.filter((number) => number > 40).length >= 9, best.join(', '));
    assert.deepEqual(await effects.twins(), []);
  });
});
