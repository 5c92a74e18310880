import assert from 'node:assert/strict';
import type { TaskId } from '../../../src/core/model.ts';
import { PodiumError } from '../../../src/core/errors.ts';
import { drain } from '../../support/fakeClock.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import {
  allTasks,
  claim,
  completion,
  draft,
  home,
  openHarness,
  putHome,
  runOne,
} from '../../support/storeHarness.ts';

const code = (expected: string) => (thrown: unknown) =>
  thrown instanceof PodiumError && thrown.code === expected;

/** Lets syncs through one at a time. */
function gateSyncs(files: SimulatedFiles): { readonly waiting: () => number; release(): Promise<void> } {
  const gates: PromiseWithResolvers<undefined>[] = [];
  files.onSync = () => {
    const gate = Promise.withResolvers<undefined>();
    gates.push(gate);
    return gate.promise;
  };
  return {
    waiting: () => gates.length,
    release: async () => {
      gates.shift()?.resolve(undefined);
      await drain();
    },
  };
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const settle = (): void => {
    settled = true;
  };
  promise.then(settle, settle);
  await drain();
  return !settled;
}

describe('The journal', () => {
  it('acknowledges nothing before it is synced', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    const syncs = gateSyncs(files);
    const adding = store.addTasks([draft('a')]);
    assert.equal(await isPending(adding), true);
    await syncs.release();
    assert.equal(await isPending(adding), false);
  });

  it('lets a read wait for what it has seen', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    const syncs = gateSyncs(files);
    const adding = store.addTasks([draft('a')]);
    const reading = store.task('a' as TaskId);
    assert.equal(await isPending(reading), true);
    await syncs.release();
    assert.equal((await reading)?.id, 'a');
    await adding;
  });

  it('lets everything that arrives during a sync share the next', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    const syncs = gateSyncs(files);
    const first = store.addTasks([draft('first')]);
    await drain();
    const others = Array.from({ length: 20 }, (_, index) => store.addTasks([draft(`t${index}`)]));
    await drain();
    assert.equal(syncs.waiting(), 1);
    await syncs.release();
    await first;
    assert.equal(syncs.waiting(), 1);
    await syncs.release();
    await Promise.all(others);
  });

  it('goes on in a new segment when one is full, and finds everything again', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    for (let index = 0; index < 100; index += 1) await store.addTasks([draft(`t${index}`)]);
    assert.ok(files.names.includes('/store/journal.1.2'));
    await store.abandon();
    assert.equal((await allTasks(await openHarness({ files: files.copy() }))).length, 100);
  });

  it('takes a commit that is larger than a segment', async () => {
    const files = new SimulatedFiles();
    const store = await openHarness({ files });
    await putHome(store);
    await store.addTasks([draft('big', { description: 'x'.repeat(100_000) })]);
    await store.abandon();
    assert.equal((await allTasks(await openHarness({ files })))[0]?.description.length, 100_000);
  });

  describe('when a sync fails', () => {
    it('rejects all that was not durable, and nothing of it remains', async () => {
      const files = new SimulatedFiles();
      const store = await openHarness({ files });
      await putHome(store);
      await store.addTasks([draft('kept')]);
      files.syncError = 'EIO';
      const syncs = gateSyncs(files);
      const first = store.addTasks([draft('a')]);
      await drain();
      const second = store.addTasks([draft('b')]);
      const started = claim(store);
      void Promise.allSettled([first, second, started]);
      await drain();
      files.onSync = () => undefined;
      await syncs.release();
      await assert.rejects(first, code('store-unavailable'));
      await assert.rejects(second, code('store-unavailable'));
      await assert.rejects(started, code('store-unavailable'));
      assert.deepEqual(
        (await allTasks(store)).map(({ id, status }) => [id, status]),
        [['kept', 'pending']],
      );
    });

    it('goes on in a new segment, and what was rejected never comes back', async () => {
      const files = new SimulatedFiles();
      const store = await openHarness({ files });
      await putHome(store);
      let failures = 0;
      files.onSync = () => {
        failures += 1;
        files.syncError = failures === 1 ? 'EIO' : undefined;
        return undefined;
      };
      await assert.rejects(store.addTasks([draft('lost')]), code('store-unavailable'));
      await store.abandon();
      const again = await openHarness({ files: files.copy() });
      assert.deepEqual(await allTasks(again), []);
    });

    it('heals by itself: a later write works', async () => {
      const files = new SimulatedFiles();
      const store = await openHarness({ files });
      await putHome(store);
      files.syncError = 'EIO';
      await assert.rejects(store.addTasks([draft('a')]), code('store-unavailable'));
      await assert.rejects(store.addTasks([draft('a')]), code('store-unavailable'));
      files.syncError = undefined;
      assert.equal((await store.addTasks([draft('a')]))[0]?.kind, 'added');
      await store.abandon();
      assert.equal((await allTasks(await openHarness({ files }))).length, 1);
    });

    it('keeps a run that could not be settled, so that it can be settled later', async () => {
      const files = new SimulatedFiles();
      const store = await openHarness({ files });
      await putHome(store);
      await store.addTasks([draft('a')]);
      await claim(store);
      files.syncError = 'EIO';
      const ref = { taskId: 'a' as TaskId, claim: 1 };
      await assert.rejects(store.settle(ref, completion), code('store-unavailable'));
      files.syncError = undefined;
      assert.deepEqual(await store.orphans(), []);
      assert.equal(await store.settle(ref, completion), true);
    });
  });

  describe('when the disk is full', () => {
    it('says so, loses nothing, and goes on when there is room', async () => {
      const files = new SimulatedFiles();
      const store = await openHarness({ files });
      await putHome(store);
      await store.addTasks([draft('kept')]);
      files.full = true;
      const big = draft('big', { description: 'x'.repeat(20_000) });
      await assert.rejects(store.addTasks([big]), code('store-full'));
      assert.deepEqual(
        (await allTasks(store)).map(({ id }) => id),
        ['kept'],
      );
      await assert.rejects(store.addTasks([big]), code('store-full'));
      files.full = false;
      await store.addTasks([big]);
      await store.close();
      assert.equal((await allTasks(await openHarness({ files }))).length, 2);
    });

    it('still opens, shows what there is, and takes writes when there is room', async () => {
      const files = new SimulatedFiles();
      const first = await openHarness({ files });
      await putHome(first);
      await first.addTasks([draft('kept')]);
      await first.close();
      files.onSync = () => {
        files.full = true; // Once the owner's own little file is written.
        return undefined;
      };
      const store = await openHarness({ files });
      assert.equal((await allTasks(store)).length, 1);
      await assert.rejects(store.addTasks([draft('a')]), code('store-full'));
      files.onSync = () => undefined;
      files.full = false;
      assert.equal((await store.addTasks([draft('a')]))[0]?.kind, 'added');
    });
  });

  it('refuses a folder that cannot be written, in words', async () => {
    const files = new SimulatedFiles();
    files.readOnly = true;
    await assert.rejects(openHarness({ files }), code('store-unavailable'));
  });

  describe('at the end', () => {
    it('has written everything when it is closed', async () => {
      const files = new SimulatedFiles();
      const store = await openHarness({ files });
      await putHome(store);
      const adding = store.addTasks([draft('a')]);
      await store.close();
      await adding;
      assert.equal((await allTasks(await openHarness({ files }))).length, 1);
      await assert.rejects(store.addTasks([draft('b')]), code('closed'));
    });

    it('has written everything when the synchronous close returns, even what waits for a sync', async () => {
      const files = new SimulatedFiles();
      const store = await openHarness({ files });
      await putHome(store);
      const syncs = gateSyncs(files);
      const first = store.addTasks([draft('a')]);
      await drain();
      const second = store.addTasks([draft('b')]);
      store.closeSync();
      const left = files.afterPowerCut(() => 1);
      assert.deepEqual(
        (await allTasks(await openHarness({ files: left }))).map(({ id }) => id),
        ['a', 'b'],
      );
      await syncs.release();
      await Promise.all([first, second]);
    });

    it('has written everything when the synchronous close comes while a segment is being made', async () => {
      const files = new SimulatedFiles();
      const store = await openHarness({ files });
      await putHome(store);
      const adding = store.addTasks([draft('big', { description: 'x'.repeat(30_000) })]);
      await Promise.resolve();
      await Promise.resolve();
      store.closeSync();
      await adding;
      const left = files.afterPowerCut(() => 1);
      assert.deepEqual(
        (await allTasks(await openHarness({ files: left }))).map(({ id }) => id),
        ['big'],
      );
    });

    it('gives the unused rest of a segment back to the disk', async () => {
      const files = new SimulatedFiles();
      const store = await openHarness({ files });
      await putHome(store);
      await runOne(store);
      await store.setGoal(home, 'g');
      await store.close();
      assert.ok(files.get('/store/journal.1.1').length < 1_000);
    });
  });
});
