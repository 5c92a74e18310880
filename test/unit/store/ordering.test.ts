import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TaskId } from '../../../src/core/model.ts';
import type { OrderPlace } from '../../../src/core/ports.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { spacedKeys } from '../../../src/store/ordering.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { allTasks, claim, draft, home, ids, openHarness, putHome, task } from '../../support/storeHarness.ts';

const code = (expected: string) => (thrown: unknown) => (thrown as { code?: string }).code === expected;
const before = (id: string): OrderPlace => ({ before: id as TaskId });
const after = (id: string): OrderPlace => ({ after: id as TaskId });

describe('The order given by hand', () => {
  let files: SimulatedFiles;
  let store: EmbeddedStore;

  beforeEach(async () => {
    files = new SimulatedFiles();
    store = await openHarness({ files });
    await putHome(store);
  });

  afterEach(async () => {
    await store.close();
  });

  /** The ready tasks as they are shown, and as they would run. */
  const shown = async (): Promise<string[]> => {
    const { workspaces } = await store.picture(1_000, 0);
    return (workspaces[0]?.tasks ?? []).map(({ id }) => id as string);
  };
  const pinned = async (): Promise<string[]> =>
    (await allTasks(store))
      .filter(({ pin }) => pin !== null)
      .sort((a, b) => (a.pin ?? 0) - (b.pin ?? 0))
      .map(({ id }) => id as string);

  it('puts pinned tasks before all others, whatever the scores say', async () => {
    await store.addTasks([draft('a', { priority: 'high' }), draft('b', { priority: 'low' }), draft('c')]);
    await store.place(ids('b', 'c'), 'last');
    assert.deepEqual(await shown(), ['b', 'c', 'a']);
    assert.deepEqual(
      (await claim(store, 3)).map((one) => one.task.id),
      ['b', 'c', 'a'],
    );
  });

  it('puts a task exactly where it is dropped among the pinned ones', async () => {
    await store.addTasks(['a', 'b', 'c', 'd', 'e'].map((id) => draft(id)));
    await store.place(ids('a', 'b', 'c', 'd'), 'last');
    await store.place(ids('e'), before('c'));
    assert.deepEqual(await pinned(), ['a', 'b', 'e', 'c', 'd']);
    await store.place(ids('a'), after('d'));
    assert.deepEqual(await pinned(), ['b', 'e', 'c', 'd', 'a']);
    await store.place(ids('c', 'b'), 'first');
    assert.deepEqual(await pinned(), ['c', 'b', 'e', 'd', 'a']);
  });

  it('pins everything above a place among tasks that are not pinned, and nothing below', async () => {
    await store.addTasks([
      draft('a', { priority: 'high' }),
      draft('b'),
      draft('c'),
      draft('d', { priority: 'low' }),
    ]);
    await store.place(ids('d'), after('b'));
    assert.deepEqual(await pinned(), ['a', 'b', 'd']);
    assert.deepEqual(await shown(), ['a', 'b', 'd', 'c']);
  });

  it('takes along what a pinned task waits for, also when it waits for more later', async () => {
    await store.addTasks([
      draft('other', { priority: 'high' }),
      draft('need'),
      draft('late'),
      draft('task', { needs: ids('need') }),
    ]);
    await store.place(ids('task'), 'last');
    assert.deepEqual(await pinned(), ['need', 'task']);
    await store.editTask('task' as TaskId, { needs: ids('need', 'late') });
    assert.deepEqual(await pinned(), ['need', 'late', 'task']);
    assert.equal((await claim(store))[0]?.task.id, 'need');
  });

  it('moves tasks one place at a time, over the line between pinned and not', async () => {
    await store.addTasks(['a', 'b', 'c', 'd'].map((id) => draft(id)));
    await store.shift(ids('c'), -1);
    assert.deepEqual(await shown(), ['a', 'c', 'b', 'd']);
    await store.shift(ids('c'), -1);
    await store.shift(ids('c'), -1);
    assert.deepEqual(await shown(), ['c', 'a', 'b', 'd'], 'at the top it stays there');
    await store.shift(ids('c'), 1);
    assert.deepEqual(await shown(), ['a', 'c', 'b', 'd']);
    await store.shift(ids('b', 'c'), 1);
    assert.deepEqual(await shown(), ['a', 'd', 'c', 'b'], 'together they keep their order');
  });

  it('is left by tasks that are unpinned, finished or cancelled', async () => {
    await store.addTasks([draft('a', { priority: 'low' }), draft('b'), draft('c')]);
    await store.place(ids('a', 'b', 'c'), 'last');
    await store.unpin(ids('a'));
    assert.deepEqual(await shown(), ['b', 'c', 'a']);
    await store.transition('b' as TaskId, 'cancel');
    assert.deepEqual(await pinned(), ['c']);
  });

  it('is kept over reload, rescoring, a retry and a thousand new tasks', async () => {
    await store.addTasks([draft('a', { priority: 'low' }), draft('b', { priority: 'low' })]);
    await store.place(ids('b', 'a'), 'last');
    const [first] = await claim(store);
    assert.ok(first?.task.id === 'b');
    await store.settle(
      { taskId: first.task.id, claim: first.task.claim },
      { event: 'retry', error: { code: 'x', message: 'x' }, notBefore: 0 },
    );
    await store.setGoal(home, 'new goal');
    await store.addTasks(
      Array.from({ length: 1_000 }, (_, index) => draft(`n${index}`, { priority: 'high' })),
    );
    await store.close();
    store = await openHarness({ files });
    await claim(store, 0);
    assert.deepEqual((await claim(store, 3)).map((one) => one.task.id).slice(0, 2), ['b', 'a']);
  });

  it('refuses what has no place in a queue, in words, and changes nothing', async () => {
    await store.putWorkspace({ id: 'other' as never, uri: 'file:///other', name: 'other' });
    await store.addTasks([
      draft('done', { priority: 'high' }),
      draft('a'),
      draft('b'),
      draft('blocked', { needs: ids('b') }),
      draft('far', { workspaceId: 'other' as never }),
    ]);
    const [running] = await claim(store);
    assert.equal(running?.task.id, 'done');
    for (const [what, place] of [
      [['done'], 'first'],
      [['a'], before('a')],
      [['a'], before('far')],
      [['a', 'far'], 'first'],
      [['a'], before('blocked')],
    ] as const) {
      await assert.rejects(store.place(ids(...what), place), code('illegal-transition'), what.join());
    }
    await assert.rejects(store.place(ids('gone'), 'first'), code('unknown-task'));
    await assert.rejects(store.shift(ids('blocked'), -1), code('illegal-transition'));
    assert.deepEqual(await pinned(), []);
  });

  it('is, after any moves, the list that the moves describe', async () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];
    const move = fc.record({
      what: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
      to: fc.constantFrom(...names, 'first', 'last'),
      isAfter: fc.boolean(),
    });
    await store.addTasks(names.map((id) => draft(id)));
    await store.place(ids(...names), 'last');
    let model = [...names];
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 40 }), async (moves) => {
        for (const { what, to, isAfter } of moves) {
          if (what.includes(to)) continue;
          const rest = model.filter((id) => !what.includes(id));
          const index =
            to === 'first' ? 0 : to === 'last' ? rest.length : rest.indexOf(to) + (isAfter ? 1 : 0);
          model = rest.toSpliced(index, 0, ...what);
          const place = to === 'first' || to === 'last' ? to : isAfter ? after(to) : before(to);
          await store.place(ids(...what), place);
        }
        assert.deepEqual(await pinned(), model);
      }),
      { numRuns: 50 },
    );
  });

  it('has room for any number of moves into one gap', async () => {
    await store.addTasks(['a', 'b', 'c', 'd'].map((id) => draft(id)));
    await store.place(ids('a', 'b', 'c', 'd'), 'last');
    for (let round = 0; round < 500; round += 1) {
      await store.place(ids(round % 2 === 0 ? 'c' : 'd'), after('a'));
      await store.place(ids('b'), round % 2 === 0 ? after('c') : after('d'));
    }
    const keys = (await allTasks(store)).map(({ pin }) => pin);
    assert.equal(new Set(keys).size, 4);
    assert.deepEqual(await pinned(), ['a', 'd', 'b', 'c']);
  });

  it('moves as few keys as it can', async () => {
    await store.addTasks(['a', 'b', 'c', 'd'].map((id) => draft(id)));
    await store.place(ids('a', 'b', 'c', 'd'), 'last');
    const keys = async () => Promise.all(['a', 'b', 'c'].map(async (id) => (await task(store, id)).pin));
    const old = await keys();
    await store.place(ids('d'), after('a'));
    assert.deepEqual(await keys(), old);
  });

  it('has keys that rise, whichever were there before', () => {
    const key = fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: null });
    fc.assert(
      fc.property(fc.array(key, { maxLength: 30 }), (keys) => {
        const result = spacedKeys(keys);
        assert.equal(result.length, keys.length);
        for (let place = 1; place < result.length; place += 1)
          assert.ok((result[place] ?? 0) > (result[place - 1] ?? 0), result.join());
      }),
    );
  });

  it('gives way to Run Now, which is above all that is pinned', async () => {
    await store.addTasks([draft('a'), draft('b')]);
    await store.place(ids('a'), 'first');
    await store.runNow('b' as TaskId);
    assert.deepEqual(await pinned(), ['b', 'a']);
  });

  describe('by a boost', () => {
    it('adds to the score, says so in its parts, and keeps it when the score is renewed', async () => {
      await store.addTasks([draft('a'), draft('b', { priority: 'high' })]);
      await store.boost(ids('a'), 250);
      await store.setGoal(home, 'other');
      await claim(store, 0);
      const boosted = await task(store, 'a');
      assert.deepEqual([boosted.score, boosted.scoreParts.boost], [750, 250]);
      assert.deepEqual(await shown(), ['a', 'b']);
      await store.boost(ids('a'), -250);
      assert.equal((await task(store, 'a')).score, 500);
    });

    it('goes no further than a thousand points either way, and not to finished tasks', async () => {
      await store.addTasks([draft('a'), draft('b')]);
      await store.boost(ids('a', 'b'), 5_000);
      assert.equal((await task(store, 'b')).scoreParts.boost, 1_000);
      await store.boost(ids('a'), -9_999);
      assert.equal((await task(store, 'a')).scoreParts.boost, -1_000);
      await store.transition('a' as TaskId, 'cancel');
      await assert.rejects(store.boost(ids('a'), 1), code('illegal-transition'));
    });
  });
});
