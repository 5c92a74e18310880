/** War story 1: an agent that splits its work for ever. What each fuse does, in virtual time, in the whole house. */
import assert from 'node:assert/strict';
import type { Trip } from '../../src/core/fuses/trip.ts';
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import type { Task } from '../../src/core/model.ts';
import type { Admission } from '../../src/core/ports.ts';
import { noFuses as off } from '../support/noFuses.ts';
import { completed, failed, pass } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';
import type { TestDesk, TestDeskOptions } from '../support/testDesk.ts';

const minute = 60_000;

/** A house in which each run makes `children` sub-tasks, each with a name of its own, and remembers the answers. */
async function openStorm(
  children: (task: Task) => number,
  options: TestDeskOptions = {},
): Promise<{ readonly house: TestDesk; readonly answers: Admission[] }> {
  const answers: Admission[] = [];
  const script: Script = async (task, run, signal) => {
    for (let index = 0; index < children(task); index += 1)
      answers.push(await run.createSubTask({ title: `${task.title}.${index}` }));
    await pass(house.clock, 1_000, signal);
    return completed;
  };
  const house = await openTestDesk({ ...options, script });
  return { house, answers };
}

const tripsOf = (house: TestDesk): readonly Trip[] =>
  house.events.flatMap((event) => (event.type === 'tripped' ? [event.trip] : []));
const fusesOf = (house: TestDesk): readonly string[] => tripsOf(house).map(({ fuse }) => fuse);
const refusals = (answers: readonly Admission[]): readonly string[] =>
  answers.flatMap((answer) => (answer.kind === 'refused' ? [answer.code] : []));

describe('a task that an agent makes', () => {
  it('is one deeper than its parent, and the sixth level is refused without a row', async () => {
    const { house, answers } = await openStorm(() => 1);
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    const depths = (await house.all()).map(({ contextData }) => contextData.delegation_depth);
    assert.deepEqual(depths.toSorted(), [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(refusals(answers), ['depth-limit']);
    assert.deepEqual(fusesOf(house), ['depth']);
  });

  it('is told in a sentence that its parent has enough sub-tasks', async () => {
    const { house, answers } = await openStorm(({ parentId }) => (parentId === null ? 10 : 0));
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    assert.equal((await house.all()).length, 9);
    const [refused] = answers.filter(({ kind }) => kind === 'refused');
    assert.match(refused?.kind === 'refused' ? refused.message : '', /“Root” has its 8 sub-tasks: finish/);
    assert.deepEqual(fusesOf(house), ['children'], 'one alert for two refusals');
  });

  it('is refused when its tree has fifty, of which a branch may have half', async () => {
    const { house } = await openStorm(() => 8, { fuses: { ...off, treeTasks: 50 }, workers: 1 });
    await using _house = house;
    const root = await house.add('Root');
    await house.clock.advance(60 * minute);
    assert.equal((await house.all()).length, 50);
    const branch = (await house.desk.descendants([(await house.store.children(root))[0]?.id ?? root])).length;
    assert.ok(branch + 1 <= 25, `${branch} under the first branch`);
    assert.deepEqual(fusesOf(house), ['tree-tasks']);
  });

  it('may be one of as many once more with each answer of a person, also after a restart', async () => {
    const options = { fuses: { ...off, treeTasks: 10 } };
    const thirty = ({ parentId }: Task): number => (parentId === null ? 30 : 0);
    let { house } = await openStorm(thirty, options);
    await house.add('Root');
    await house.clock.advance(500);
    assert.equal((await house.all()).length, 10);
    await house.desk.fuses.answer(tripsOf(house).map(({ id }) => id));
    await house.crash();
    // The root was cut, so it runs again.
    ({ house } = await openStorm(thirty, { ...options, files: house.files, clock: house.clock }));
    await using _house = house;
    await house.clock.advance(minute);
    assert.deepEqual([(await house.all()).length, fusesOf(house)], [20, ['tree-tasks']]);
  });

  it('waits behind two hundred others at most', async () => {
    const { house, answers } = await openStorm(({ parentId }) => (parentId === null ? 30 : 0), {
      fuses: { ...off, pending: 200 },
      workers: 1,
    });
    await using _house = house;
    for (let index = 0; index < 12; index += 1) await house.add(`Root ${index}`);
    await house.clock.advance(13_000);
    const { ready } = await house.counts();
    assert.ok(ready <= 200 && ready > 180, `${ready} wait`);
    assert.ok(refusals(answers).every((code) => code === 'pending-limit'));
    assert.notEqual(refusals(answers).length, 0);
  });

  it('is one of a hundred a minute at most', async () => {
    const { house, answers } = await openStorm(({ parentId }) => (parentId === null ? 60 : 0), {
      fuses: { ...off, creations: 100 },
    });
    await using _house = house;
    await house.add('One');
    await house.add('Two');
    await house.clock.advance(5_000);
    assert.equal(answers.filter(({ kind }) => kind === 'added').length, 100);
    assert.deepEqual(new Set(refusals(answers)), new Set(['creation-rate']));
    await house.clock.advance(minute);
    await house.add('Three');
    await house.clock.advance(5_000);
    assert.equal(answers.filter(({ kind }) => kind === 'added').length, 160);
  });

  it('is counted also when the tree that has blown the fuse is done with', async () => {
    const { house, answers } = await openStorm(({ parentId }) => (parentId === null ? 12 : 0), {
      fuses: { ...off, creations: 10 },
    });
    await using _house = house;
    await house.add('One');
    await house.clock.advance(10_000);
    assert.deepEqual([(await house.counts()).completed, (await house.desk.snapshot()).trips], [11, []]);
    await house.add('Two');
    await house.clock.advance(10_000);
    assert.equal(answers.filter(({ kind }) => kind === 'added').length, 10);
  });

  it('that repeats what is above it waits, longer each time, and is refused at last', async () => {
    const answers: Admission[] = [];
    const script: Script = async (_task, run) => {
      answers.push(await run.createSubTask({ title: 'URGENT fix deliverable' }));
      return completed;
    };
    await using house = await openTestDesk({ script });
    await house.add('URGENT fix deliverable');
    await house.clock.advance(1_000);
    assert.equal((await house.counts()).scheduled, 1);
    await house.clock.advance(60 * minute);
    assert.equal((await house.all()).length, 3);
    assert.deepEqual(refusals(answers), ['re-entry']);
    const [second, third] = house.agent.performances.slice(1).map(({ from }) => from);
    assert.deepEqual(
      [second, third].map((at) => Math.round((at ?? 0) / 1_000)),
      [10, 40],
    );
  });

  it('that resembles a sibling is flagged and not refused', async () => {
    const script: Script = async (task, run) => {
      if (task.parentId !== null) return completed;
      await run.createSubTask({ title: 'Write the tests' });
      await run.createSubTask({ title: 'write  the tests!' });
      return completed;
    };
    await using house = await openTestDesk({ script });
    await house.add('Root');
    await house.clock.advance(minute);
    const [first, second] = (await house.all())
      .filter(({ parentId }) => parentId !== null)
      .toSorted((a, b) => a.sequence - b.sequence);
    assert.equal(second?.contextData.similar_to, first?.id);
    assert.equal(first?.contextData.similar_to, undefined);
  });

  it('waits while its tree grows faster than it is worked off', async () => {
    const { house } = await openStorm(() => 2, { fuses: { ...off, depth: 20 } });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(20_000);
    const before = (await house.all()).length;
    await house.clock.advance(20_000);
    const after = (await house.all()).length;
    assert.ok((await house.counts()).scheduled > 0);
    // Without it the tree doubles every second.
    assert.ok(before < 500 && after < 800, `${before}, then ${after} tasks`);
  });
});

describe('the anti-loop fuse', () => {
  const fuses = { ...off, antiLoop: 20 };
  const plan = ({ parentId }: Task): number => (parentId === null ? 40 : 0);

  it('lets twenty start in five minutes, trips at the next, and goes on by itself', async () => {
    const { house } = await openStorm(plan, { fuses });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    assert.equal(house.agent.performances.length, 1 + 20);
    const [trip] = tripsOf(house);
    assert.deepEqual([fusesOf(house), trip?.holds], [['anti-loop'], true]);
    const [{ workspace } = { workspace: undefined }] = (await house.desk.snapshot()).workspaces;
    assert.equal(workspace?.pause?.by, 'fuse');
    assert.equal((await house.desk.snapshot()).trips.length, 1);
    // Not a moment earlier, and then the twenty before count no more.
    await house.clock.advance((trip?.resumesAt ?? 0) - house.clock.wallClock() - 1);
    assert.equal(house.agent.performances.length, 21);
    await house.clock.advance(minute);
    assert.equal(house.agent.performances.length, 41);
    assert.equal((await house.desk.snapshot()).trips.length, 0);
    assert.equal(fusesOf(house).length, 1);
  });

  it('counts to the millisecond', async () => {
    const { house } = await openStorm(({ title }) => (title === 'Root' ? 40 : 0), { fuses, workers: 1 });
    await using _house = house;
    await house.add('Root');
    // One start a second: the twenty-first would be 20 s after the first, within the window.
    await house.clock.advance(21_500);
    assert.equal(fusesOf(house).length, 1);
    await house.desk.fuses.answer(tripsOf(house).map(({ id }) => id));
    await house.clock.advance(minute);
    assert.equal(house.agent.performances.length, 41, 'an answer empties the window');
  });

  it('waits twice as long when it trips again without an answer, and is told once each time', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 100 : 0), { fuses });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(40 * minute);
    const waits = tripsOf(house).map(({ at, resumesAt }) => Math.round(((resumesAt ?? 0) - at) / minute));
    assert.deepEqual(waits, [5, 10, 20, 40]);
  });

  it('leaves alone what a person added, and what a person approved', async () => {
    const { house, answers } = await openStorm(({ title }) => (title === 'Plan' ? 150 : 0), {
      fuses: defaultFuses,
    });
    await using _house = house;
    for (let index = 0; index < 100; index += 1) await house.add(`Mine ${index}`);
    const plan = await house.add('Plan');
    await house.desk.fuses.approvePlan(plan, 150);
    await house.clock.advance(5 * minute);
    assert.deepEqual([fusesOf(house), refusals(answers)], [[], []]);
    assert.equal((await house.counts()).completed, 251);
  });

  it('survives a crash with its window and its pause', async () => {
    let { house } = await openStorm(plan, { fuses });
    await house.add('Root');
    await house.clock.advance(minute);
    await house.crash();
    ({ house } = await openStorm(plan, { fuses, files: house.files, clock: house.clock }));
    await using _house = house;
    await house.clock.advance(2 * minute);
    assert.equal(house.agent.performances.length, 0);
    assert.equal((await house.desk.snapshot()).trips.length, 1);
    await house.clock.advance(5 * minute);
    assert.equal(house.agent.performances.length, 20);
  });
});

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

describe('approvals', () => {
  it('are asked for from a depth on, and what is approved runs uncounted', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 3 : 0), {
      fuses: { ...defaultFuses, approvalDepth: 1, antiLoop: 2 },
    });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    assert.deepEqual([(await house.counts()).attention, house.agent.performances.length], [3, 1]);
    const waiting = (await house.all()).filter(({ status }) => status === 'needs_input');
    assert.match(waiting[0]?.question ?? '', /may it run\?/);
    await house.desk.fuses.approve(waiting.map(({ id }) => id));
    await house.clock.advance(minute);
    assert.deepEqual([(await house.counts()).completed, fusesOf(house)], [4, []]);
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

describe('a folder that a fuse has paused', () => {
  it('goes on with Resume', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 40 : 0), {
      fuses: { ...off, antiLoop: 20 },
    });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    await house.desk.resume('all');
    assert.deepEqual((await house.desk.snapshot()).trips, []);
    await house.clock.advance(minute);
    assert.equal(house.agent.performances.length, 41);
  });

  it('stays paused when a person has paused it as well', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 40 : 0), {
      fuses: { ...off, antiLoop: 20 },
    });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    await house.desk.pause('all', 'lunch');
    await house.clock.advance(10 * minute);
    assert.equal(house.agent.performances.length, 21);
    assert.deepEqual((await house.desk.snapshot()).trips, []);
  });
});
