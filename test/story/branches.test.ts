/** A tree that a fuse holds, of which a person lets a part go on. */
import assert from 'node:assert/strict';
import type { Task, TaskId } from '../../src/core/model.ts';
import { noFuses as off } from '../support/noFuses.ts';
import { completed, failed } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';
import type { TestDesk, TestDeskOptions } from '../support/testDesk.ts';

const minute = 60_000;

/** The root makes two branches with three leaves each, and two leaves of its own that fail. */
const script: Script = async ({ title }, run) => {
  if (title === 'Root')
    for (const name of ['Bad 1', 'Bad 2', 'A', 'B']) await run.createSubTask({ title: name });
  if (title === 'A' || title === 'B')
    for (const index of [1, 2, 3]) await run.createSubTask({ title: `${title}.${index}` });
  return title.startsWith('Bad') ? { ...failed, retryable: false } : completed;
};

async function open(over: TestDeskOptions = {}): Promise<TestDesk> {
  return await openTestDesk({ script, fuses: { ...off, failures: 2 }, workers: 1, ...over });
}

async function named(house: TestDesk, title: string): Promise<Task> {
  return (await house.view(title)).task;
}

/** Titles of what is held, in order. */
async function held(house: TestDesk): Promise<readonly string[]> {
  const all = await house.all();
  return all.flatMap((task) => (task.held && task.status === 'pending' ? [task.title] : [])).toSorted();
}

const openTrips = async (house: TestDesk): Promise<readonly number[]> =>
  (await house.desk.snapshot()).trips.map(({ id }) => id);

describe('a branch of a tree that a fuse holds', () => {
  it('goes on alone, and what it makes then waits with the rest', async () => {
    await using house = await open();
    await house.add('Root');
    await house.clock.advance(minute);
    assert.deepEqual(await held(house), ['A', 'B']);
    assert.equal(await house.desk.trees.resumeBranch((await named(house, 'A')).id), 1);
    await house.clock.advance(minute);
    assert.equal((await named(house, 'A')).status, 'completed');
    assert.deepEqual(await held(house), ['A.1', 'A.2', 'A.3', 'B']);
    assert.equal(
      await house.desk.trees.resumeBranch((await named(house, 'A')).id),
      3,
      'its head is finished',
    );
    await house.clock.advance(minute);
    assert.deepEqual(await held(house), ['B']);
    assert.equal((await openTrips(house)).length, 1, 'the fuse is not answered');
  });

  it('stays so after a crash, and the rest goes on with an answer', async () => {
    let house = await open({ workers: 1 });
    await house.add('Root');
    await house.clock.advance(minute);
    await house.desk.pause('all', 'not yet');
    await house.desk.trees.resumeBranch((await named(house, 'A')).id);
    await house.crash();
    house = await open({ files: house.files, clock: house.clock, seed: 2 });
    await using _house = house;
    await house.desk.resume([(await named(house, 'A')).workspaceId]);
    await house.clock.advance(minute);
    assert.equal((await named(house, 'A')).status, 'completed');
    assert.deepEqual(await held(house), ['A.1', 'A.2', 'A.3', 'B']);
    await house.desk.fuses.answer(await openTrips(house));
    await house.clock.advance(minute);
    assert.deepEqual([await held(house), (await house.counts()).completed], [[], 9]);
  });

  it('is approved: it is not counted, and nobody is asked about it', async () => {
    await using house = await open({ fuses: { ...off, approvalDepth: 1, antiLoop: 1 } });
    await house.add('Root');
    await house.clock.advance(minute);
    assert.equal((await house.counts()).attention, 4);
    assert.equal(await house.desk.trees.resumeBranch((await named(house, 'Root')).id), 4);
    await house.clock.advance(minute);
    assert.deepEqual([(await house.counts()).attention, (await house.counts()).completed], [6, 3]);
    assert.deepEqual(await openTrips(house), []);
    assert.equal((await named(house, 'A')).contextData.approval, 'given');
  });

  it('is nothing when nothing of it waits, or when it is not there', async () => {
    await using house = await open();
    const id = await house.add('Mine');
    await house.clock.advance(minute);
    assert.equal(await house.desk.trees.resumeBranch(id), 0);
    await assert.rejects(house.desk.trees.resumeBranch('gone' as TaskId), { code: 'unknown-task' });
  });
});

describe('how a tree stands', () => {
  it('tells what it has used, and how often a person has answered', async () => {
    const spends: Script = async (task, run, signal) => {
      const outcome = await script(task, run, signal);
      return outcome.kind === 'completed' ? { ...outcome, tokens: 100, costMicros: 5 } : outcome;
    };
    await using house = await open({ script: spends, fuses: { ...off, failures: 2, treeTokens: 300 } });
    const root = await house.add('Root');
    await house.clock.advance(minute);
    await house.desk.fuses.answer(await openTrips(house));
    await house.clock.advance(minute);
    await house.desk.fuses.answer(await openTrips(house));
    await house.clock.advance(minute);
    const { answers, used } = await house.desk.trees.standing((await named(house, 'A')).id);
    assert.deepEqual(answers, { failures: 1, 'tree-tokens': 1 });
    assert.deepEqual([used.tokens, used.costMicros], [600, 30]);
    assert.deepEqual(await house.desk.trees.standing(root), { answers, used });
  });
});
