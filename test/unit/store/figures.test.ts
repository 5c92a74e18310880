import assert from 'node:assert/strict';
import type { Store, StoreState, StoreWatch } from '../../../src/core/ports.ts';
import { claim, draft, openHarness, putHome, runOne } from '../../support/storeHarness.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';

/** Counts what it is told. */
class Counting implements StoreWatch {
  commits = 0;
  syncs = 0;
  snapshots = 0;
  readonly names = new Set<string>();

  committed(): void {
    this.commits += 1;
  }

  synced(): void {
    this.syncs += 1;
  }

  snapshotTaken(): void {
    this.snapshots += 1;
  }

  held(name: string): void {
    this.names.add(name);
  }
}

describe('The figures of a store', () => {
  it('say how much a recovery would have to replay, before and after it did', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    await store.addTasks([draft('a'), draft('b')]);
    await runOne(store);
    const before = tailOf(store);
    assert.equal(before?.records, 4);
    assert.ok(before.bytes > 500, `${before.bytes}`);
    await store.close();

    const again = await openHarness({ files });
    assert.deepEqual(tailOf(again), before);
    await again.snapshot();
    assert.deepEqual(tailOf(again), { records: 0, bytes: 0 });
    await claim(again);
    assert.equal(tailOf(again)?.records, 1);
    await again.close();
  });

  it('say how large the database and its snapshot are', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    const before: StoreState | null = store.state;
    assert.equal(before?.snapshotBytes, null);
    await store.addTasks([draft('a')]);
    await store.snapshot();
    const after: StoreState | null = store.state;
    const databaseBytes = after?.databaseBytes ?? NaN;
    assert.equal(after?.snapshotBytes, databaseBytes);
    const name = files.names.find((one) => one.includes('snapshot.'));
    assert.equal(files.get(name ?? '').length, databaseBytes + 40, 'and its header');
    await store.close();
  });

  it('count each commit, each sync and each snapshot, and name what holds the thread', async () => {
    const watch = new Counting();
    const store = await openHarness({ files: new SimulatedFiles(), watch });
    await putHome(store);
    const from = { commits: watch.commits, syncs: watch.syncs, snapshots: watch.snapshots };
    await Promise.all([1, 2, 3, 4].map((number) => store.addTasks([draft(String(number))])));
    assert.deepEqual([watch.commits - from.commits, watch.syncs - from.syncs <= 2], [4, true]);
    await store.task('none' as never);
    assert.equal(watch.commits - from.commits, 4, 'a look is no commit');
    await runOne(store);
    await store.snapshot();
    assert.equal(watch.snapshots - from.snapshots, 1);
    for (const name of ['add', 'pass', 'settle', 'snapshot']) assert.ok(watch.names.has(name), name);
    await store.close();
  });

  it('are not known to a window that only watches, nor after the end', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    const reader = await openHarness({ files, probe: { self: alive.self, isAlive: () => true } });
    assert.deepEqual([reader.role.kind, reader.state], ['reader', null]);
    await reader.close();
    await store.close();
    assert.equal(store.state, null);
  });
});

const alive = { self: () => ({ pid: 1, startedAt: 'start', bootId: 'boot' }) };

function tailOf(store: Store): StoreState['tail'] | undefined {
  return store.state?.tail;
}
