/** What the store counts for the fuses, and what it does when one has blown. */
import assert from 'node:assert/strict';
import { fusePolicies } from '../../../src/core/fuses/fuseBox.ts';
import type { FuseSettings } from '../../../src/core/fuses/fuseSettings.ts';
import type { TaskId } from '../../../src/core/model.ts';
import type { Settlement } from '../../../src/core/ports.ts';
import { scoreOf } from '../../../src/core/priority/score.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { Database } from '../../../src/store/database.ts';
import { reads } from '../../../src/store/reads.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { noFuses } from '../../support/noFuses.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { claim, draft, engine, home, ids, openHarness, putHome, task } from '../../support/storeHarness.ts';

const minute = 60_000;
const error = { code: 'exit', message: 'It failed.' };

let clock: FakeClock;
let files: SimulatedFiles;

async function open(fuses: Partial<FuseSettings> = {}): Promise<EmbeddedStore> {
  const policies = { ...fusePolicies(() => ({ ...noFuses, ...fuses })), score: scoreOf };
  const store = await openHarness({ files, clock, policies });
  await putHome(store);
  return store;
}

/** Adds a tree whose root has `count` sub-tasks. */
async function plant(store: EmbeddedStore, count: number, root = 'root'): Promise<void> {
  await store.addTasks([draft(root, { createdAt: clock.wallClock(), priority: 'low' })]);
  for (let index = 0; index < count; index += 1)
    await store.addTasks([
      draft(`${root} ${index}`, {
        parentId: root as TaskId,
        createdBy: 'agent',
        createdAt: clock.wallClock(),
        priority: 'high',
      }),
    ]);
}

/** The same, with the root out of the way: it runs. */
async function plantRunning(store: EmbeddedStore, count: number): Promise<void> {
  await plant(store, count);
  await store.runNow('root' as TaskId);
  await claim(store);
}

async function fusesOf(store: EmbeddedStore): Promise<readonly string[]> {
  return (await store.trips()).map(({ fuse }) => fuse);
}

beforeEach(() => {
  clock = new FakeClock();
  files = new SimulatedFiles();
});

describe('What a run has used', () => {
  const ends: readonly Settlement[] = [
    { event: 'complete', result: '' },
    { event: 'fail', error, result: null },
    { event: 'retry', error, notBefore: 0 },
    { event: 'defer', notBefore: null },
    { event: 'ask', question: '' },
    { event: 'interrupt', notBefore: null },
    { event: 'cancel' },
  ];

  for (const end of ends) {
    it(`counts for the tree, for the day and for the task when the run ends with "${end.event}"`, async () => {
      for (const fuses of [
        { treeTokens: 100 },
        { treeCostMicros: 100 },
        { treeTime: 100 },
        { dailyTokens: 100 },
        { dailyCostMicros: 100 },
      ]) {
        files = new SimulatedFiles();
        const store = await open(fuses);
        await plant(store, 1);
        await claim(store);
        const ref = { taskId: 'root 0' as TaskId, claim: 1 };
        await store.settle(ref, { ...end, tokens: 99.6, costMicros: 100, duration: 100.2 });
        assert.equal((await store.trips()).length, 1, Object.keys(fuses).join());
        const { tokens, costMicros } = await task(store, 'root 0');
        assert.deepEqual([tokens, costMicros], [100, 100]);
        await store.close();
      }
    });
  }

  it('is added up over the runs of a task', async () => {
    const store = await open({ treeTime: 10 * minute });
    await plant(store, 1);
    for (let number = 1; number <= 3; number += 1) {
      assert.deepEqual(await fusesOf(store), []);
      await claim(store);
      await store.settle(
        { taskId: 'root 0' as TaskId, claim: number },
        { event: 'retry', error, notBefore: 0, duration: 4 * minute },
      );
    }
    assert.deepEqual(await fusesOf(store), ['tree-time']);
  });

  it('is no run told to slow down any more once it ends otherwise', async () => {
    const store = await open();
    await plant(store, 1);
    const end = async (number: number, settlement: Settlement): Promise<number> => {
      await claim(store);
      await store.settle({ taskId: 'root 0' as TaskId, claim: number }, settlement);
      return (await task(store, 'root 0')).deferrals;
    };
    assert.equal(await end(1, { event: 'defer', notBefore: null }), 1);
    assert.equal(await end(2, { event: 'defer', notBefore: null }), 2);
    assert.equal(await end(3, { event: 'retry', error, notBefore: 0 }), 0);
  });
});

describe('The window of the anti-loop fuse', () => {
  const window = 5 * minute;

  /** Starts twenty at once and one more `later`. @returns whether that one was started */
  async function startsAfter(later: number): Promise<boolean> {
    files = new SimulatedFiles();
    clock = new FakeClock();
    const store = await open({ antiLoop: 20, antiLoopWindow: window });
    await plantRunning(store, 30);
    assert.equal((await claim(store, 20)).length, 20);
    assert.deepEqual(await fusesOf(store), [], 'the twentieth passes');
    await clock.advance(later);
    const [started] = await claim(store);
    assert.deepEqual(await fusesOf(store), started === undefined ? ['anti-loop'] : []);
    await store.close();
    return started !== undefined;
  }

  it('is exact at both ends', async () => {
    assert.equal(await startsAfter(0), false, 'the twenty-first at once');
    assert.equal(await startsAfter(window - 1), false, 'a millisecond before the first ones are out of it');
    assert.equal(await startsAfter(window), true, 'when they are exactly as old as the window is long');
  });

  it('slides: it is not the same as so many in each five minutes', async () => {
    const store = await open({ antiLoop: 20, antiLoopWindow: window });
    await plantRunning(store, 40);
    await claim(store, 10);
    await clock.advance(window - 1);
    assert.equal((await claim(store, 10)).length, 10);
    await clock.advance(1);
    // The first ten are out, the others are not.
    assert.equal((await claim(store, 10)).length, 10);
    assert.equal((await claim(store, 1)).length, 0);
  });
});

describe('Stopping a tree', () => {
  it('cancels what waits, and what runs comes back with no end but its own', async () => {
    const store = await open();
    await plant(store, 4);
    await plant(store, 1, 'other');
    await store.addTasks([draft('after', { needs: ids('root 3') })]);
    await store.runNow('root 0' as TaskId);
    await store.runNow('root 1' as TaskId);
    await claim(store, 2);
    const { cancelled, running } = await store.stopTree('root' as TaskId);
    assert.deepEqual([cancelled, [...running].sort()], [3, ['root 0', 'root 1']]);
    assert.equal((await task(store, 'after')).broken, 1);
    await store.settle({ taskId: 'root 0' as TaskId, claim: 1 }, { event: 'retry', error, notBefore: 0 });
    await store.settle({ taskId: 'root 1' as TaskId, claim: 1 }, { event: 'complete', result: 'done' });
    assert.equal((await task(store, 'root 0')).status, 'cancelled');
    assert.equal((await task(store, 'root 1')).status, 'completed');
    assert.equal((await task(store, 'other 0')).status, 'pending');
    assert.deepEqual(await store.stopTree('root' as TaskId), { cancelled: 0, running: [] });
  });

  it('goes for a branch alone when it is asked for that', async () => {
    const store = await open();
    await plant(store, 2);
    assert.deepEqual(await store.stopTree('root 0' as TaskId), { cancelled: 1, running: [] });
    assert.equal((await task(store, 'root 1')).status, 'pending');
  });

  it('refuses what its runs ask for, until a person asks for one of them again', async () => {
    const store = await open();
    await plant(store, 0);
    await claim(store);
    await store.stopTree('root' as TaskId);
    const child = draft('late', { parentId: 'root' as TaskId, createdBy: 'agent' });
    const [answer] = await store.addTasks([child]);
    assert.equal(answer?.kind === 'refused' ? answer.code : '', 'tree-stopped');
    await store.settle({ taskId: 'root' as TaskId, claim: 1 }, { event: 'cancel' });
    await store.transition('root' as TaskId, 'rerun');
    await claim(store);
    assert.equal((await store.addTasks([child]))[0]?.kind, 'added');
    await store.settle({ taskId: 'root' as TaskId, claim: 2 }, { event: 'retry', error, notBefore: 0 });
    assert.equal((await task(store, 'root')).status, 'pending');
  });

  it('is not undone by the answer to a fuse of the tree', async () => {
    const store = await open({ failures: 1 });
    await plant(store, 3);
    await claim(store, 2);
    await store.settle({ taskId: 'root 0' as TaskId, claim: 1 }, { event: 'fail', error, result: null });
    await store.stopTree('root' as TaskId);
    await store.answerTrips((await store.trips()).map(({ id }) => id));
    await store.settle({ taskId: 'root 1' as TaskId, claim: 1 }, { event: 'interrupt', notBefore: null });
    assert.equal((await task(store, 'root 1')).status, 'cancelled');
  });
});

describe('What fuses have noted by a clock that was ahead', () => {
  it('is brought back, so that an answer is one and a pause ends', async () => {
    const antiLoop = { antiLoop: 3, antiLoopWindow: 5 * minute };
    clock = new FakeClock(Date.UTC(2040, 0, 1));
    const ahead = await open(antiLoop);
    await plantRunning(ahead, 12);
    await claim(ahead, 4);
    await ahead.answerTrips((await ahead.trips()).map(({ id }) => id));
    await claim(ahead, 4);
    assert.deepEqual(await fusesOf(ahead), ['anti-loop']);
    await ahead.close();

    clock = new FakeClock(Date.UTC(2030, 0, 1));
    const store = await open(antiLoop);
    const [trip] = await store.trips();
    assert.deepEqual([trip?.at, trip?.resumesAt], [clock.wallClock(), clock.wallClock() + 5 * minute]);
    await clock.advance(1);
    await store.answerTrips([trip?.id ?? 0]);
    assert.equal((await claim(store, 2)).length, 2, 'an answer empties the window');
    await claim(store, 2);
    await clock.advance(5 * minute);
    assert.equal((await claim(store, 2)).length, 2, 'time ends the pause');
    await store.close();
  });
});

describe('The twin of a task', () => {
  it('is found by an index, whatever the number of its siblings', () => {
    const database = new Database(engine(null));
    database.migrate();
    const plan = database.rows({ sql: `EXPLAIN QUERY PLAN ${reads.twin.sql}` }, 1, 'x').map(String);
    assert.ok(
      plan.some((line) => line.includes('task_likeness')),
      plan.join('\n'),
    );
  });

  it('is the first sibling as like as that', async () => {
    const store = await open();
    await plant(store, 0);
    const add = async (id: string, likeness: string, parent = 'root'): Promise<unknown> => {
      await store.addTasks([draft(id, { parentId: parent as TaskId, createdBy: 'agent', likeness })]);
      return (await task(store, id)).contextData.similar_to;
    };
    assert.equal(await add('a', 'x'), undefined);
    assert.equal(await add('b', 'y'), undefined);
    assert.equal(await add('c', 'x'), 'a');
    assert.equal(await add('d', 'x', 'a'), undefined, 'of another parent');
    assert.equal(await add('e', 'x'), 'a');
  });
});

describe('What waits for a person', () => {
  it('counts as waiting in the folder', async () => {
    const store = await open({ pending: 3, approvalDepth: 1 });
    await plant(store, 5);
    const { workspaces } = await store.picture(100, 100);
    assert.equal(workspaces.find(({ workspace }) => workspace.id === home)?.counts.attention, 3);
    assert.deepEqual(await fusesOf(store), ['pending']);
  });
});
