/** The past, put in order by the whole house on a real disk. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { defaultHistory } from '../../../src/core/history/history.ts';
import { defaultRefinement } from '../../../src/core/priority/refinerPorts.ts';
import type { HistorySettings } from '../../../src/core/history/history.ts';
import type { AgentId, TaskId, WorkspaceId } from '../../../src/core/model.ts';
import { defaultRetryPolicy } from '../../../src/core/workers/retryPolicy.ts';
import { openOrchestra } from '../../../src/orchestra.ts';
import type { Orchestra, OrchestraSettings } from '../../../src/orchestra.ts';
import { listed, never } from '../../support/archiveHarness.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { RecordingLog } from '../../support/recordingLog.ts';

const workspaceId = 'workspace' as WorkspaceId;
const keepFive = { ...defaultHistory, keepFinished: 5 };
/** Virtual seconds after which something was to have happened. */
const patience = 600;

describe('History, in the whole house', function () {
  this.timeout(30_000);
  let storage: string;
  let clock: FakeClock;
  let log: RecordingLog;

  beforeEach(async () => {
    storage = await mkdtemp(path.join(tmpdir(), 'podium-test-'));
    clock = new FakeClock();
    log = new RecordingLog();
  });
  afterEach(() => rm(storage, { recursive: true, force: true }));

  function settingsWith(history: HistorySettings): OrchestraSettings {
    const agents = { quick: { type: 'simulated', durationSeconds: 0 } };
    return {
      workers: 10,
      retry: defaultRetryPolicy,
      agents,
      defaultTimeout: 60_000,
      outputLimit: 1_000,
      history,
      model: defaultRefinement,
    };
  }

  async function open(history = keepFive): Promise<Orchestra> {
    const supervisor = path.join(storage, 'none.cjs');
    const settings = settingsWith(history);
    const orchestra = await openOrchestra({ storage, supervisor, settings, trusted: () => true, log, clock });
    await orchestra.open([{ id: workspaceId, uri: 'file:///folder', name: 'folder', path: storage }]);
    return orchestra;
  }

  /** Lets time pass until it is so. */
  async function until(holds: () => Promise<boolean>): Promise<void> {
    for (let second = 0; second < patience; second += 1) {
      if (await holds()) return;
      await clock.advance(1_000);
    }
    assert.fail('It did not happen.');
  }

  async function finish(orchestra: Orchestra, count: number): Promise<readonly TaskId[]> {
    const requests = Array.from({ length: count }, (_, index) => ({
      key: String(index),
      workspaceId,
      title: `Task #${index}.`,
      agentId: 'quick' as AgentId,
    }));
    const ids = await orchestra.desk.addBatch(requests);
    const unfinished = async (): Promise<number> => (await orchestra.desk.unfinished(workspaceId)).length;
    await until(async () => (await unfinished()) === 0);
    return ids;
  }

  async function finishedLive(orchestra: Orchestra): Promise<number> {
    return (await orchestra.desk.snapshot()).totals.completed;
  }

  async function found(orchestra: Orchestra, words: string): Promise<readonly string[]> {
    return (await listed(orchestra.history.search(words, never))).map(({ task }) => task.title);
  }

  it('archives what is finished beyond the setting, and finds and lists it after a restart', async () => {
    const first = await open();
    const ids = await finish(first, 30);
    await until(async () => (await finishedLive(first)) === 5);
    await first.close();

    const second = await open();
    assert.equal(await finishedLive(second), 5);
    assert.deepEqual(await found(second, 'tASK #3.'), ['Task #3.']);
    const all = await listed(second.history.all(never));
    assert.deepEqual(all.map(({ id }) => id).sort(), [...ids].sort());
    const archived = (await listed(second.history.search('', never))).filter((hit) => hit.archived);
    assert.equal(archived.length, 25);
    assert.equal((await second.history.find(archived[24]?.task.id ?? ('' as TaskId)))?.status, 'completed');

    const [old] = archived;
    const id = await second.desk.addTask({
      workspaceId,
      title: 'after it',
      agentId: 'quick' as AgentId,
      needs: old === undefined ? [] : [old.task.id],
    });
    assert.deepEqual((await second.desk.task(id))?.needs, []);
    await second.close();
  });

  it('follows its settings at once', async () => {
    const orchestra = await open(defaultHistory);
    await finish(orchestra, 12);
    await clock.advance(300_000);
    assert.equal(await finishedLive(orchestra), 12);
    await orchestra.apply(settingsWith({ ...defaultHistory, keepFinished: 2 }));
    await until(async () => (await finishedLive(orchestra)) === 2);
    await orchestra.close();
  });

  it('keeps the files of archived runs and deletes those of deleted tasks', async () => {
    const orchestra = await open();
    const ids = await finish(orchestra, 8);
    for (const taskId of ids) await orchestra.places.makeRunDirectory({ taskId, claim: 1 });
    const deleted = (await listed(orchestra.history.all(never)))[0]?.id ?? ('' as TaskId);
    await orchestra.desk.deleteTasks([deleted]);
    await orchestra.close();

    const again = await open();
    await until(async () => (await readdir(path.join(storage, 'runs'))).length === 7);
    await until(async () => (await finishedLive(again)) === 5);
    await again.close();
    const last = await open();
    await clock.advance(60_000);
    assert.equal((await readdir(path.join(storage, 'runs'))).length, 7);
    await last.close();
  });

  it('is read in a window that only watches, which never writes it', async () => {
    const owner = await open();
    await finish(owner, 10);
    await until(async () => (await finishedLive(owner)) === 5);
    const reader = await open({ ...defaultHistory, keepFinished: 0 });
    assert.equal(reader.store.role.kind, 'reader');
    await clock.advance(300_000);
    assert.equal((await found(reader, '')).length, 10);
    assert.equal(await finishedLive(owner), 5);
    await reader.close();
    await owner.close();
    assert.deepEqual(
      log.lines.filter(({ level }) => level === 'error' || level === 'warn'),
      [],
    );
  });
});
