import assert from 'node:assert/strict';
import fc from 'fast-check';
import { priorityLevels } from '../../../src/core/model.ts';
import type { TaskId } from '../../../src/core/model.ts';
import type { OrderPlace } from '../../../src/core/ports.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import {
  allTasks,
  claim,
  draft,
  home,
  ids,
  openHarness,
  putHome,
  runOne,
  task,
} from '../../support/storeHarness.ts';

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

  it('changes nothing when the last goes down or the first goes up', async () => {
    await store.addTasks(['a', 'b', 'c'].map((id) => draft(id)));
    await store.shift(ids('b', 'c'), 1);
    await store.shift(ids('a'), -1);
    await store.shift(ids('a', 'b', 'c'), 1);
    assert.deepEqual(await pinned(), []);
    await store.shift(ids('a', 'c'), 1);
    assert.deepEqual(await shown(), ['b', 'a', 'c'], 'a gap is closed at the end');
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
    for (const step of [-1, 1] as const)
      await assert.rejects(store.shift(ids('a', 'far'), step), { message: /several folders/ });
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

  it('is, after 2,000 moves of all kinds, what they say, seen and run alike', async function () {
    this.timeout(60_000);
    const names = Array.from({ length: 30 }, (_, index) => `t${index}`);
    // In two lanes, by scores that differ: ready tasks are merged by rank.
    await store.addTasks(
      names.map((id, index) =>
        draft(id, {
          priority: priorityLevels[index % 3] ?? 'medium',
          ...(index % 2 === 0 ? {} : { signature: 'folder:lane' }),
        }),
      ),
    );
    const score = new Map((await allTasks(store)).map((one) => [one.id as string, one]));
    const byScore = (list: readonly string[]): string[] =>
      list.toSorted(
        (a, b) => (score.get(b)?.score ?? 0) - (score.get(a)?.score ?? 0) || rankOf(a) - rankOf(b),
      );
    const rankOf = (id: string): number => score.get(id)?.sequence ?? 0;
    const random = seededRandom(11);
    const pick = (list: readonly string[]): string => list[Math.floor(random() * list.length)] ?? '';
    let model: string[] = [];
    const whole = (): string[] => [...model, ...byScore(names.filter((id) => !model.includes(id)))];
    /** Puts `what` at a place of an order; everything above it is pinned. */
    const put = (what: readonly string[], order: readonly string[], at: number): void => {
      model = [
        ...order.slice(0, at),
        ...what,
        ...model.filter((id) => !what.includes(id) && !order.slice(0, at).includes(id)),
      ];
    };
    for (let move = 0; move < 2_000; move += 1) {
      const what = [...new Set([pick(names), pick(names)])].slice(0, 1 + (move % 2));
      const to = pick(names);
      const rest = whole().filter((id) => !what.includes(id));
      const pins = model.filter((id) => !what.includes(id));
      switch (Math.floor(random() * 8)) {
        case 0:
          await store.place(ids(...what), 'first');
          put(what, rest, 0);
          break;
        case 1:
          await store.place(ids(...what), 'last');
          put(what, rest, pins.length);
          break;
        case 2:
          await store.unpin(ids(...what));
          model = pins;
          break;
        case 3:
          await store.runNow(to as TaskId);
          model = [to, ...model.filter((id) => id !== to)];
          break;
        case 4: {
          const order = whole();
          const at = order.indexOf(to);
          const step = move % 2 === 0 ? 1 : -1;
          await store.shift(ids(to), step);
          if (order[at + step] !== undefined)
            put(
              [to],
              order.filter((id) => id !== to),
              at + step,
            );
          break;
        }
        default:
          if (what.includes(to)) break;
          await store.place(ids(...what), move % 3 === 0 ? before(to) : after(to));
          put(what, rest, rest.indexOf(to) + (move % 3 === 0 ? 0 : 1));
      }
      if (move % 50 > 0) continue;
      assert.deepEqual(await shown(), whole(), `after move ${move}`);
      assert.deepEqual(await pinned(), model, `after move ${move}`);
      const keys = (await allTasks(store)).flatMap(({ pin }) => (pin === null ? [] : [pin]));
      assert.equal(new Set(keys).size, keys.length);
    }
    // Pinned to the last, so that none goes as the oldest.
    await store.place(ids(whole().at(-1) ?? ''), after(whole().at(-2) ?? ''));
    const expected = whole();
    const ran: string[] = [];
    while (ran.length < names.length) ran.push((await runOne(store))?.id ?? '');
    assert.deepEqual(ran, expected);
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

  it('gives way to Run Now, which is above all that is pinned', async () => {
    await store.addTasks([draft('a'), draft('b')]);
    await store.place(ids('a'), 'first');
    await store.runNow('b' as TaskId);
    assert.deepEqual(await pinned(), ['b', 'a']);
  });

  it('leaves Run Now before all folders, however much is moved in another one', async () => {
    await store.putWorkspace({ id: 'other' as never, uri: 'file:///other', name: 'other' });
    await store.addTasks([
      ...['a', 'b', 'c'].map((id) => draft(id)),
      ...['x', 'y'].map((id) => draft(id, { workspaceId: 'other' as never })),
    ]);
    await store.runNow('x' as TaskId);
    await store.place(ids('y'), 'last');
    for (let round = 0; round < 3_000; round += 1)
      await store.place(ids(['a', 'b', 'c'][round % 3] ?? ''), 'first');
    assert.equal((await claim(store))[0]?.task.id, 'x');
  });

  it('pins before a task again what it waits for when that is retried', async () => {
    await store.addTasks([draft('need'), draft('task', { needs: ids('need') }), draft('other')]);
    await store.transition('need' as TaskId, 'cancel');
    await store.place(ids('task', 'other'), 'last');
    await store.transition('need' as TaskId, 'rerun');
    assert.deepEqual(await pinned(), ['need', 'task', 'other']);
  });

  it('takes along what a task waits for in another folder, to the end of the list there', async () => {
    await store.putWorkspace({ id: 'other' as never, uri: 'file:///other', name: 'other' });
    const elsewhere = { workspaceId: 'other' as never };
    await store.addTasks([
      draft('first', elsewhere),
      draft('root', elsewhere),
      draft('need', { ...elsewhere, needs: ids('root') }),
      draft('task', { needs: ids('need') }),
    ]);
    await store.place(ids('first'), 'last');
    await store.place(ids('task'), 'last');
    const keys = await Promise.all(['first', 'root', 'need'].map(async (id) => (await task(store, id)).pin));
    assert.ok(
      keys.every((key, at) => key !== null && key > (keys[at - 1] ?? -Infinity)),
      keys.join(),
    );
  });

  it('keeps a pin on what a pinned task waits for, and says why', async () => {
    await store.addTasks([draft('need'), draft('task', { needs: ids('need') })]);
    await store.place(ids('task'), 'last');
    await assert.rejects(store.unpin(ids('need')), { message: /A pinned task waits for this one/ });
    await store.unpin(ids('need', 'task'));
    assert.deepEqual(await pinned(), []);
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
