/** Trees that go wrong and budgets that are used up. */
import assert from 'node:assert/strict';
import { maxDeferrals } from '../../src/core/workers/retryPolicy.ts';
import { noFuses as off } from '../support/noFuses.ts';
import { completed, failed, pass } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { fusesOf, tripsOf } from '../support/stormHouse.ts';
import { openTestDesk } from '../support/testDesk.ts';

const minute = 60_000;

describe('a tree that goes wrong', () => {
  const breeding =
    (count: number): Script =>
    async (task, run) => {
      if (task.title === 'Mine') return completed;
      if (task.parentId !== null) return { ...failed, retryable: false };
      for (let index = 0; index < count; index += 1) await run.createSubTask({ title: `Part ${index}` });
      return completed;
    };

  it('is held after five failures in a row, and nothing else is', async () => {
    await using house = await openTestDesk({
      script: breeding(20),
      fuses: { ...off, failures: 5 },
      workers: 1,
    });
    await house.add('Root');
    await house.clock.advance(minute);
    const counts = await house.counts();
    assert.deepEqual([counts.failed, counts.held, counts.ready], [5, 15, 0]);
    await house.add('Mine');
    await house.clock.advance(minute);
    assert.equal((await house.counts()).completed, 2);
    const [trip] = tripsOf(house);
    assert.deepEqual([trip?.fuse, trip?.title], ['failures', 'Root']);
    await house.desk.fuses.answer([trip?.id ?? 0]);
    await house.clock.advance(minute);
    assert.deepEqual([(await house.counts()).failed, fusesOf(house).length], [10, 2]);
  });

  it('is ended as a whole, and its trips with it', async () => {
    await using house = await openTestDesk({
      script: breeding(20),
      fuses: { ...off, failures: 5 },
      workers: 1,
    });
    const root = await house.add('Root');
    await house.clock.advance(minute);
    assert.equal(await house.desk.fuses.cancelTree(root), 15);
    assert.deepEqual([(await house.counts()).held, (await house.desk.snapshot()).trips], [0, []]);
  });

  it('counts what every run has used, and not the time it waited for a person', async () => {
    const script: Script = async (task, run, signal) => {
      if (task.parentId === null) {
        for (let index = 0; index < 4; index += 1) await run.createSubTask({ title: `Part ${index}` });
        return completed;
      }
      await pass(house.clock, 10 * minute, signal);
      if (task.title === 'Part 0' && task.claim === 1) return { kind: 'needs_input', question: 'Which?' };
      return task.attempt === 0 ? failed : completed;
    };
    const house = await openTestDesk({ script, fuses: { ...off, treeTime: 60 * minute }, workers: 1 });
    await using _house = house;
    await house.add('Root');
    // Part 0 asks after ten minutes, the others fail once and are repeated: an hour is full before the last of them.
    await house.clock.advance(12 * 60 * minute);
    assert.deepEqual(fusesOf(house), ['tree-time']);
    const runs = house.agent.performances.filter(({ title }) => title !== 'Root').length;
    assert.equal(runs, 6);
  });

  it('is told in the log', async () => {
    await using house = await openTestDesk({ script: breeding(20), fuses: { ...off, failures: 5 } });
    const root = await house.add('Root');
    await house.clock.advance(minute);
    const line = house.log.lines.find(({ message }) =>
      message.includes('The last 5 tasks of “Root” have failed'),
    );
    assert.deepEqual([line?.level, line?.fields], ['warn', { fuse: 'failures', tree: root }]);
  });

  it('waits when it has used its tokens, and goes on with the same amount once more', async () => {
    const script: Script = async (task, run) => {
      if (task.parentId === null) {
        for (let index = 0; index < 20; index += 1) await run.createSubTask({ title: `Part ${index}` });
        return completed;
      }
      return { kind: 'completed', result: 'done', tokens: 100 };
    };
    await using house = await openTestDesk({ script, fuses: { ...off, treeTokens: 500 }, workers: 1 });
    await house.add('Root');
    await house.clock.advance(minute);
    assert.deepEqual([(await house.counts()).completed, fusesOf(house)], [6, ['tree-tokens']]);
    await house.desk.fuses.answer(tripsOf(house).map(({ id }) => id));
    await house.clock.advance(minute);
    assert.equal((await house.counts()).completed, 11);
  });

  it('stops the whole folder when the tokens of the day are used up, until the next day', async () => {
    const script: Script = () => Promise.resolve({ kind: 'completed', result: 'done', tokens: 100 });
    await using house = await openTestDesk({ script, fuses: { ...off, dailyTokens: 500 }, workers: 1 });
    for (let index = 0; index < 8; index += 1) await house.add(`Mine ${index}`);
    await house.clock.advance(minute);
    assert.deepEqual([(await house.counts()).completed, fusesOf(house)], [5, ['daily-tokens']]);
    const [trip] = tripsOf(house);
    await house.clock.advance((trip?.resumesAt ?? 0) - house.clock.wallClock() + 1_000);
    assert.equal((await house.counts()).completed, 8);
  });
});

describe('the budget of a day', () => {
  const script: Script = () => Promise.resolve({ kind: 'completed', result: 'done', tokens: 100 });
  const day = 24 * 60 * minute;

  it('is given once more with each answer of that day, and anew on the next', async () => {
    await using house = await openTestDesk({ script, fuses: { ...off, dailyTokens: 500 }, workers: 1 });
    const done = async (): Promise<number> => (await house.counts()).completed;
    const answer = async (): Promise<void> =>
      await house.desk.fuses.answer((await house.store.trips()).map(({ id }) => id));
    const nextDay = async (): Promise<void> => {
      const now = house.clock.wallClock();
      await house.clock.advance((Math.floor(now / day) + 1) * day - now + 1);
    };
    for (let index = 0; index < 40; index += 1) await house.add(`Mine ${index}`);
    await house.clock.advance(minute);
    assert.equal(await done(), 5);
    await answer();
    await house.clock.advance(minute);
    assert.equal(await done(), 10);
    await answer();
    await house.clock.advance(minute);
    assert.equal(await done(), 15);
    // What was answered yesterday counts for yesterday.
    await nextDay();
    await house.clock.advance(minute);
    assert.equal(await done(), 20);
    await answer();
    await house.clock.advance(minute);
    assert.equal(await done(), 25);
    await nextDay();
    await house.clock.advance(minute);
    assert.equal(await done(), 30);
  });

  it('is over at midnight also in a folder in which nothing waits, and screens hear of it', async () => {
    await using house = await openTestDesk({ script, fuses: { ...off, dailyTokens: 100 } });
    await house.add('Mine');
    await house.clock.advance(minute);
    assert.equal((await house.store.trips()).length, 1);
    const before = house.events.length;
    await house.clock.advance(day);
    assert.deepEqual(await house.store.trips(), []);
    assert.ok(house.events.slice(before).some(({ type }) => type === 'changed'));
    assert.equal(house.clock.waiting, 0, 'and then nothing waits for anything');
  });
});

describe('a tree that is held', () => {
  const script: Script = async (task, run) => {
    if (task.parentId !== null) return { ...failed, retryable: false };
    for (let index = 0; index < 4; index += 1) await run.createSubTask({ title: `Part ${index}` });
    return completed;
  };

  it('stays so whatever a person does to a part of it, until the fuse is answered', async () => {
    await using house = await openTestDesk({ script, fuses: { ...off, failures: 2 }, workers: 1 });
    await house.add('Root');
    await house.clock.advance(minute);
    const ran = house.agent.performances.length;
    const [failedOne] = (await house.all()).filter(({ status }) => status === 'failed');
    const [heldOne] = (await house.all()).filter(({ held }) => held);
    assert.ok(failedOne && heldOne);
    await house.desk.retry(failedOne.id);
    await house.desk.runNow(heldOne.id);
    await house.desk.editTask(heldOne.id, { title: 'Part with another name' });
    await house.clock.advance(minute);
    assert.equal(house.agent.performances.length, ran);
    assert.equal((await house.counts()).held, 3);
    await house.desk.fuses.answer(tripsOf(house).map(({ id }) => id));
    await house.clock.advance(minute);
    assert.ok(house.agent.performances.length > ran);
  });

  it('is forgotten with its tasks', async () => {
    await using house = await openTestDesk({ script, fuses: { ...off, failures: 2 }, workers: 1 });
    const root = await house.add('Root');
    await house.clock.advance(minute);
    await house.desk.deleteTasks([root]);
    assert.deepEqual((await house.desk.snapshot()).trips, []);
  });
});

describe('a run that is told to slow down', () => {
  const script: Script = () =>
    Promise.resolve({
      kind: 'failed',
      error: { code: 'rate-limit', message: 'Too many requests.' },
      retryable: true,
      rateLimited: { resource: null, retryAfter: 1_000 },
    });

  it('asks a person when that has gone on for long, also over a restart', async () => {
    let house = await openTestDesk({ script, fuses: off });
    const id = await house.add('Mine');
    await house.clock.advance(10_500);
    const before = house.agent.performances.length;
    await house.crash();
    house = await openTestDesk({ script, fuses: off, files: house.files, clock: house.clock });
    await using _house = house;
    await house.clock.advance(60 * minute);
    assert.equal(before + house.agent.performances.length, maxDeferrals);
    assert.match((await house.desk.task(id))?.question ?? '', /told to slow down 20 times in a row/);
    await house.desk.retry(id);
    await house.clock.advance(5_000);
    assert.equal(await house.status(id), 'pending', 'and then has as many again');
  });
});
