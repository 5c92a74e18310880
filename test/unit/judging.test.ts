/** The whole way of a judgement outside the editor: orchestra, store, refiner, the real client and HTTP. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultHistory } from '../../src/core/history/history.ts';
import type { AgentId, WorkspaceId } from '../../src/core/model.ts';
import type { Models } from '../../src/core/models.ts';
import { defaultRefinement } from '../../src/core/priority/refinerPorts.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import { parseEndpoint } from '../../src/models/endpoint.ts';
import { OpenAiModel } from '../../src/models/openaiModel.ts';
import { openOrchestra } from '../../src/orchestra.ts';
import type { Orchestra } from '../../src/orchestra.ts';
import { judge, ModelServer } from '../support/modelServer.ts';
import { RecordingLog } from '../support/recordingLog.ts';
import { until } from '../support/until.ts';

const workspaceId = 'w' as WorkspaceId;

describe('A house with a model behind HTTP', () => {
  let folder: string;
  let server: ModelServer;
  let orchestra: Orchestra;
  const log = new RecordingLog();

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'podium-judging-'));
    server = await ModelServer.start({ answer: judge((title) => Number(/\d+/.exec(title)?.[0] ?? 500)) });
    const parsed = parseEndpoint(server.url);
    assert.ok(parsed.kind === 'endpoint');
    const model = new OpenAiModel({ endpoint: parsed.endpoint, model: 'scripted-model', key: null });
    const models: Models = { scoring: () => model, working: () => null };
    orchestra = await openOrchestra({
      storage: path.join(folder, 'storage'),
      supervisor: 'unused',
      settings: {
        workers: 1,
        retry: defaultRetryPolicy,
        agents: { slow: { type: 'simulated', durationSeconds: 600 } },
        defaultTimeout: 3_600_000,
        outputLimit: 1_000_000,
        history: defaultHistory,
        model: defaultRefinement,
      },
      trusted: () => true,
      log,
      models,
    });
    await orchestra.open([{ id: workspaceId, uri: 'file:///w', name: 'w', path: folder }]);
  });

  afterEach(async () => {
    await orchestra.close();
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  it('starts a task at once, and orders those that wait by what the model says', async () => {
    const { desk } = orchestra;
    const add = async (title: string): Promise<void> => {
      await desk.addTask({ workspaceId, title, agentId: 'slow' as AgentId });
    };
    await add('First 100');
    await until(async () => (await desk.snapshot()).totals.running === 1);
    for (const value of [300, 640, 450]) await add(`Worth ${value}`);
    const waiting = await until(async () => {
      const [home] = (await desk.snapshot()).workspaces;
      const views = (home?.tasks ?? []).filter(({ state }) => state.kind === 'ready');
      return views.length === 3 && views.every(({ task }) => task.judgement !== null) && views;
    });
    assert.deepEqual(
      waiting.map(({ task }) => [task.title, task.score, task.judgement?.source]),
      [
        ['Worth 640', 640, 'model'],
        ['Worth 450', 450, 'model'],
        ['Worth 300', 300, 'model'],
      ],
    );
    assert.equal(waiting[0]?.task.judgement?.reason, 'It is about Worth 640.');
    const { refiner } = await desk.snapshot();
    assert.deepEqual([refiner?.calls, refiner?.asked], [server.calls.length, 3]);
    assert.ok((refiner?.tokensToday ?? 0) > 0);
  });

  it('goes on without it when it fails, and says why', async () => {
    server.script = { answer: () => ({ kind: 'status', status: 401 }) };
    const { desk } = orchestra;
    for (const title of ['A', 'B', 'C'])
      await desk.addTask({ workspaceId, title, agentId: 'slow' as AgentId });
    const refiner = await until(async () => {
      const { refiner: figures } = await desk.snapshot();
      return figures?.state.kind === 'stopped' && figures;
    });
    assert.ok(
      refiner.state.kind === 'stopped' && refiner.state.message.includes('does not accept the API key'),
    );
    assert.equal((await desk.snapshot()).totals.running, 1);
  });
});
