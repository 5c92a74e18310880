import assert from 'node:assert/strict';
import { PodiumError } from '../../../src/core/errors.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { allTasks, directory, draft, home, openHarness, putHome } from '../../support/storeHarness.ts';

const snapshots = (files: SimulatedFiles): string[] =>
  files.names.filter((name) => name.includes('/snapshot.'));
const journals = (files: SimulatedFiles): string[] =>
  files.names.filter((name) => name.includes('/journal.'));

function spoil(files: SimulatedFiles, name: string): void {
  const bytes = files.get(name);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  files.put(name, bytes);
}

describe('Snapshots', () => {
  it('hold everything, so that the journal behind the older of two can go', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    for (let round = 0; round < 4; round += 1) {
      for (let index = 0; index < 70; index += 1) await store.addTasks([draft(`t${round} ${index}`)]);
      await store.snapshot();
    }
    assert.equal(snapshots(files).length, 2);
    assert.equal(journals(files).includes(`${directory}/journal.1.1`), false);
    await store.abandon();
    assert.equal((await allTasks(await openHarness({ files }))).length, 280);
  });

  it('are not taken when nothing was written since', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    await store.snapshot();
    const before = files.names;
    await store.snapshot();
    assert.deepEqual(files.names, before);
  });

  it('are forced when the journal has grown long', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files, seams: { snapshotRecords: 20, segmentBytes: 16_384 } });
    await putHome(store);
    for (let index = 0; index < 30; index += 1) await store.addTasks([draft(`t${index}`)]);
    await store.close();
    assert.equal(snapshots(files).length, 1);
  });

  it('hold only what is durable', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    let failing = true;
    files.onSync = (name) => {
      files.syncError = failing && name === 'spare.1' ? 'EIO' : undefined;
      return undefined;
    };
    const adding = store.addTasks([draft('a')]);
    const taking = store.snapshot();
    await assert.rejects(adding);
    await assert.rejects(taking);
    failing = false;
    assert.deepEqual(snapshots(files), []);
    assert.deepEqual(
      files.names.filter((name) => name.endsWith('.temporary')),
      [],
    );
  });

  it('survive the damage of the newest without a loss, which is kept aside and reported', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    for (const round of [1, 2, 3]) {
      await store.addTasks([draft(`t${round}`)]);
      await store.snapshot();
    }
    await store.addTasks([draft('t4')]);
    await store.close();
    const [newest = ''] = snapshots(files).sort().reverse();
    spoil(files, newest);
    const again = await openHarness({ files });
    assert.equal((await allTasks(again)).length, 4);
    assert.equal(again.notices.length, 1);
    assert.ok(files.names.includes(`${newest}.damaged`));
    await again.close();
    const later = await openHarness({ files });
    assert.deepEqual(later.notices, []);
    assert.equal((await allTasks(later)).length, 4);
  });

  it('that are all damaged make the store refuse, in words, and change nothing', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    for (let round = 0; round < 3; round += 1) {
      for (let index = 0; index < 100; index += 1) await store.addTasks([draft(`t${round} ${index}`)]);
      await store.snapshot();
    }
    await store.close();
    for (const name of snapshots(files)) spoil(files, name);
    const before = files.names;
    await assert.rejects(
      openHarness({ files }),
      (thrown: unknown) => thrown instanceof PodiumError && thrown.code === 'store-corrupt',
    );
    assert.deepEqual(files.names, before);
  });

  it('are given up when the disk is full, and nothing else is', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    files.full = true;
    await assert.rejects(store.snapshot());
    await store.setGoal(home, 'still written');
    files.full = false;
    await store.snapshot();
    assert.equal(snapshots(files).length, 1);
  });

  it('left unfinished by a crash are swept away', async () => {
    const files = new SimulatedFiles();
    files.put(`${directory}/snapshot.1.5.temporary`, new Uint8Array(10));
    files.put(`${directory}/spare.1`, new Uint8Array(10));
    await openHarness({ files });
    assert.deepEqual(
      files.names.filter((name) => name.endsWith('.temporary') || name.endsWith('spare.1')),
      [],
    );
  });
});
