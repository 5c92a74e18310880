import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AgentId, WorkspaceId } from '../../src/core/model.ts';
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import { defaultHistory } from '../../src/core/history/history.ts';
import { defaultRefinement } from '../../src/core/priority/refinerPorts.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import { openOrchestra } from '../../src/orchestra.ts';
import type { Orchestra, OrchestraSettings } from '../../src/orchestra.ts';
import { PastFile } from '../../src/system/pastFile.ts';
import { RecordingLog } from '../support/recordingLog.ts';
import { until } from '../support/until.ts';

const workspaceId = 'workspace' as WorkspaceId;

describe('the orchestra, on a real disk', () => {
  let storage: string;
  let log: RecordingLog;

  beforeEach(async () => {
    storage = await mkdtemp(path.join(tmpdir(), 'podium-test-'));
    log = new RecordingLog();
  });
  afterEach(() => rm(storage, { recursive: true, force: true }));

  async function open(over: Partial<OrchestraSettings> = {}): Promise<Orchestra> {
    const orchestra = await openOrchestra({
      storage,
      supervisor: path.join(storage, 'none.cjs'),
      settings: {
        workers: 2,
        retry: defaultRetryPolicy,
        agents: {},
        defaultTimeout: 60_000,
        outputLimit: 1_000,
        history: defaultHistory,
        model: defaultRefinement,
        ...over,
      },
      trusted: () => true,
      log,
    });
    await orchestra.open([{ id: workspaceId, uri: 'file:///folder', name: 'folder', path: storage }]);
    return orchestra;
  }

  /** Adds tasks that do not start. */
  async function add(orchestra: Orchestra, count: number): Promise<void> {
    const agent = orchestra.desk.agents().find(({ simulated }) => simulated);
    await orchestra.desk.pause('all', 'only added');
    const agentId = agent?.id ?? ('none' as AgentId);
    for (let number = 0; number < count; number += 1)
      await orchestra.desk.addTask({ workspaceId, title: `task ${number}`, agentId });
  }

  function added(orchestra: Orchestra): number {
    return orchestra.desk.history('24 h').counted.added.reduce((sum, count) => sum + count, 0);
  }

  it('keeps what was measured beside the store, and adds to it after a reload', async () => {
    const first = await open();
    await add(first, 3);
    const { metrics } = await first.desk.snapshot();
    assert.ok((metrics.store?.syncs ?? 0) > 0 && (metrics.store?.syncTime.p50 ?? 0) > 0);
    assert.ok(metrics.memory.heapUsed > 0 && metrics.memory.resident > metrics.memory.heapUsed);
    assert.ok((metrics.memory.database ?? 0) > 0);
    assert.ok((metrics.store?.tail.records ?? 0) > 3 && (metrics.store?.tail.bytes ?? 0) > 500);
    await first.close();
    assert.ok((await readFile(path.join(storage, 'metrics.json'), 'utf8')).startsWith('{"version":1'));
    assert.deepEqual(
      (await readdir(storage)).filter((name) => name.endsWith('.temporary')),
      [],
    );

    const second = await open();
    assert.equal(added(second), 3);
    await add(second, 2);
    assert.equal(added(second), 5);
    await second.close();
  });

  it('opens with damaged figures, and says that they are forgotten', async () => {
    await writeFile(path.join(storage, 'metrics.json'), '{"version":1,"ranges"');
    const orchestra = await open();
    assert.equal(added(orchestra), 0);
    assert.equal(log.lines.filter(({ message }) => message.includes('forgotten')).length, 1);
    await orchestra.close();
  });

  it('measures and keeps nothing of the store in a window that only watches', async () => {
    const owner = await open();
    await add(owner, 2);
    const kept = await readFile(path.join(storage, 'metrics.json'), 'utf8').catch(() => undefined);
    assert.equal(kept, undefined);
    const reader = await open();
    assert.equal(reader.store.role.kind, 'reader');
    const { metrics, role } = await reader.desk.snapshot();
    assert.equal(role.kind, 'reader');
    assert.deepEqual([metrics.store, metrics.memory.database], [null, null]);
    const { gauges, counted } = reader.desk.history('5 min');
    assert.ok(gauges.ready.every((reading) => reading === null));
    assert.ok(counted.added.every((count) => count === 0));
    await reader.close();
    assert.equal((await readdir(storage)).includes('metrics.json'), false);
    await owner.close();
    assert.equal((await readdir(storage)).includes('metrics.json'), true);
  });

  it('replaces what was kept only while it may', async () => {
    const file = new PastFile(path.join(storage, 'metrics.json'));
    assert.equal(await file.read(), undefined);
    await file.write('one', () => true);
    await file.write('two', () => false);
    assert.equal(await file.read(), 'one');
    assert.deepEqual(await readdir(storage), ['metrics.json']);
  });

  it('takes over the past with the tasks, and the former owner lets go of it', async () => {
    const first = await open();
    await add(first, 2);
    await first.close();
    const [second, third] = [await open(), await open()];
    assert.deepEqual([added(second), added(third)], [2, 0]);
    await third.desk.takeOver();
    assert.equal(added(third), 2);
    await add(third, 3);
    // The former owner finds out when it next writes.
    await assert.rejects(second.desk.pause('all', 'too late'), { code: 'read-only' });
    await until(() => added(second) === 0);
    await third.close();
    await second.desk.takeOver();
    assert.equal(added(second), 5, 'each once');
    await second.close();
    const again = await open();
    assert.equal(added(again), 5);
    await again.close();
  });

  it('shows a runaway again although the fuse of the last one is not answered, also after a reload', async () => {
    const settings = { workers: 4, fuses: { ...defaultFuses, antiLoop: 1 } };
    let orchestra = await open(settings);
    /** Starts the demo, and waits until its fuse has blown. */
    async function demo(): Promise<void> {
      const seen: string[] = [];
      using _events = orchestra.desk.subscribe((event) => {
        if (event.type === 'started') seen.push(event.title);
        if (event.type === 'tripped') seen.push(event.trip.fuse);
      });
      await orchestra.startRunaway();
      await until(() => seen.includes('anti-loop'));
      assert.equal(seen[0], 'Runaway');
      const scratch = (await orchestra.desk.snapshot()).workspaces.find(
        ({ workspace }) => workspace.id !== workspaceId,
      );
      const roots = scratch?.tasks.filter(({ task }) => task.parentId === null) ?? [];
      assert.deepEqual([roots.length, scratch?.counts.cancelled], [1, 0]);
    }
    await demo();
    await demo();
    await orchestra.close();
    orchestra = await open(settings);
    await demo();
    assert.equal((await orchestra.desk.snapshot()).trips.length, 1);
    await orchestra.close();
  });
});
