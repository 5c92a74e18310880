/** War story 1: an agent that splits its work for ever. What each fuse does, in virtual time, in the whole house. */
import assert from 'node:assert/strict';
import type { Trip } from '../../src/core/fuses/trip.ts';
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import type { Task } from '../../src/core/model.ts';
import type { Admission } from '../../src/core/ports.ts';
import { maxDeferrals } from '../../src/core/workers/retryPolicy.ts';
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
/** How long the anti-loop fuse has paused the folder each time, in minutes, as the log has it. */
const waitsOf = (house: TestDesk): readonly number[] =>
  house.log.lines.flatMap(({ fields }) =>
    fields?.fuse === 'anti-loop' ? [Math.round(Number(fields.seconds) / 60)] : [],
  );
const warnings = (house: TestDesk, pattern: RegExp): number =>
  house.log.lines.filter(({ level, message }) => level === 'warn' && pattern.test(message)).length;
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

  it('that repeats what is above it is let in as often once more with an answer, and not for ever', async () => {
    const answers: Admission[] = [];
    const script: Script = async (_task, run) => {
      let answer = await run.createSubTask({ title: 'The same' });
      if (answer.kind === 'refused' && answers.every(({ kind }) => kind === 'added')) {
        await house.desk.fuses.answer(tripsOf(house).map(({ id }) => id));
        answers.push(answer);
        answer = await run.createSubTask({ title: 'The same' });
      }
      answers.push(answer);
      return completed;
    };
    const house = await openTestDesk({ script, fuses: { ...off, depth: 20, reentries: 2 } });
    await using _house = house;
    await house.add('The same');
    await house.clock.advance(24 * 60 * minute);
    assert.deepEqual(
      answers.map(({ kind }) => kind),
      ['added', 'added', 'refused', 'added', 'added', 'refused'],
    );
    assert.deepEqual(fusesOf(house), ['re-entry', 're-entry']);
  });

  it('too deep is told once, and not again as soon as a person has said that they know', async () => {
    const script: Script = async (_task, run, signal) => {
      for (let index = 0; index < 3; index += 1) {
        await run.createSubTask({ title: `Deeper ${index}` });
        await house.desk.fuses.answer((await house.store.trips()).map(({ id }) => id));
        await pass(house.clock, 1_000, signal);
      }
      await pass(house.clock, 90 * minute, signal);
      await run.createSubTask({ title: 'After a quiet hour' });
      await pass(house.clock, 1_000, signal);
      return completed;
    };
    const house = await openTestDesk({ script, fuses: { ...off, depth: 0 }, agent: { timeout: 1e9 } });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(10_000);
    assert.deepEqual(fusesOf(house), ['depth']);
    assert.equal(warnings(house, /deeper than/), 3, 'the log has each');
    await house.clock.advance(91 * minute);
    assert.deepEqual(fusesOf(house), ['depth', 'depth']);
  });

  it('is refused also when two hundred wait for a word and not for a worker', async () => {
    const { house, answers } = await openStorm(({ parentId }) => (parentId === null ? 10 : 0), {
      fuses: { ...off, pending: 6, approvalDepth: 1 },
    });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    assert.deepEqual([(await house.counts()).attention, refusals(answers).length], [6, 4]);
    assert.deepEqual(fusesOf(house), ['pending']);
  });

  it('leaves no alert behind when it is refused to a task without any others, which then ends', async () => {
    const { house } = await openStorm(({ title }) => (title === 'One' ? 5 : title === 'Two' ? 1 : 0), {
      fuses: { ...off, creations: 5 },
    });
    await using _house = house;
    await house.add('One');
    await house.clock.advance(500);
    await house.add('Two');
    await house.clock.advance(500);
    assert.deepEqual([fusesOf(house), (await house.store.trips()).length], [['creation-rate'], 1]);
    await house.clock.advance(minute);
    assert.deepEqual([(await house.counts()).completed, await house.store.trips()], [7, []]);
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

  it('waits while its tree grows faster than it is worked off, and is refused when that goes on', async () => {
    const { house, answers } = await openStorm(() => 2, {
      fuses: { ...off, depth: 20, reproduction: 10 },
      workers: 1,
    });
    await using _house = house;
    await house.add('Root');
    // Ten are completed, and have made twenty.
    await house.clock.advance(12_500);
    assert.ok((await house.counts()).scheduled > 0);
    assert.deepEqual(fusesOf(house), []);
    await house.clock.advance(60 * minute);
    assert.deepEqual(new Set(refusals(answers)), new Set(['reproduction']));
    assert.deepEqual(fusesOf(house), ['reproduction'], 'one alert for the tree');
    // Without it the tree doubles with every generation.
    assert.ok((await house.all()).length < 100);
  });

  it('may grow on after an answer, for as long once more', async () => {
    const { house } = await openStorm(() => 2, {
      fuses: { ...off, depth: 20, reproduction: 5 },
      workers: 1,
    });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(15_000);
    const before = (await house.all()).length;
    assert.deepEqual(fusesOf(house), ['reproduction']);
    await house.desk.fuses.answer(tripsOf(house).map(({ id }) => id));
    await house.clock.advance(60 * minute);
    assert.ok((await house.all()).length > before + 5);
    assert.deepEqual(fusesOf(house), ['reproduction', 'reproduction']);
  });

  it('that a person has approved does not make a tree grow too fast', async () => {
    const { house, answers } = await openStorm(({ title }) => (title.split('.').length < 5 ? 2 : 0), {
      fuses: { ...off, reproduction: 5 },
    });
    await using _house = house;
    await house.desk.fuses.approvePlan(await house.add('Root'), 30);
    await house.clock.advance(10 * minute);
    assert.deepEqual([refusals(answers), (await house.counts()).completed], [[], 31]);
    assert.deepEqual(fusesOf(house), []);
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
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 150 : 0), { fuses });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(40 * minute);
    assert.deepEqual([waitsOf(house), fusesOf(house)], [[5, 10, 20, 40], ['anti-loop']]);
    assert.equal((await house.desk.snapshot()).trips.length, 1, 'it is shown, but not told again');
    // An answer is the end of that: the next one is short and told.
    await house.desk.fuses.answer((await house.store.trips()).map(({ id }) => id));
    await house.clock.advance(minute);
    assert.deepEqual([waitsOf(house).at(-1), fusesOf(house).length], [5, 2]);
  });

  it('forgets how long it has waited when a day has gone by without a trip', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 30 : 0), { fuses });
    await using _house = house;
    await house.add('Monday');
    await house.clock.advance(20 * minute);
    await house.add('Later on Monday');
    await house.clock.advance(60 * minute);
    await house.clock.advance(25 * 60 * minute);
    await house.add('Tuesday');
    await house.clock.advance(minute);
    assert.deepEqual([waitsOf(house), fusesOf(house).length], [[5, 10, 5], 2]);
  });

  it('is over when what was started is stopped, with its window kept', async () => {
    const { house } = await openStorm(plan, { fuses });
    await using _house = house;
    const root = await house.add('Root');
    await house.clock.advance(minute);
    const paused = async (): Promise<unknown> =>
      (await house.desk.snapshot()).workspaces.map(({ workspace }) => workspace.pause?.by);
    assert.deepEqual(await paused(), ['fuse']);
    assert.equal(await house.desk.fuses.cancelTree(root), 20);
    assert.deepEqual([await paused(), await house.store.trips()], [[undefined], []]);
    // Twenty have been started all the same.
    await house.add('Another');
    await house.clock.advance(1_500);
    assert.deepEqual([fusesOf(house).length, house.agent.performances.length], [2, 22]);
  });

  it('is over when what waited is cancelled or deleted one by one', async () => {
    const { house } = await openStorm(({ parentId }) => (parentId === null ? 22 : 0), { fuses });
    await using _house = house;
    await house.add('Root');
    await house.clock.advance(minute);
    const [first, second] = (await house.all()).filter(({ status }) => status === 'pending');
    assert.ok(first && second);
    await house.desk.cancel(first.id);
    assert.equal((await house.store.trips()).length, 1);
    await house.desk.deleteTasks([second.id]);
    assert.deepEqual(await house.store.trips(), []);
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
      /The last 5 tasks of “Root” have failed/.test(message),
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

describe('Stop Tree', () => {
  it('starts nothing any more, ends everything, and touches nothing else', async () => {
    const refused: string[] = [];
    const script: Script = async (task, run, signal) => {
      if (task.title === 'Tree')
        for (let index = 0; index < 9; index += 1) await run.createSubTask({ title: `Part ${index}` });
      await pass(house.clock, 10 * minute, signal);
      // The last thing a run does is to ask for more.
      if (!signal.aborted) return completed;
      const answer = await run.createSubTask({ title: `Rest of ${task.title}` });
      if (answer.kind === 'refused') refused.push(answer.message);
      return completed;
    };
    const house = await openTestDesk({ script, fuses: off, workers: 4 });
    await using _house = house;
    const tree = await house.add('Tree');
    await house.clock.advance(1_000);
    const mine = await house.add('Mine', { priority: 'low' });
    await house.clock.advance(1_000);
    const started = house.agent.order.length;
    assert.equal(started, 4);
    const stopping = house.desk.fuses.cancelTree(tree);
    await house.clock.advance(0);
    assert.equal(await stopping, 10);
    await house.clock.advance(5 * minute);
    assert.deepEqual(house.agent.order.slice(started), ['Mine'], 'nothing of the tree was started');
    const family = (await house.all()).filter(({ id }) => id !== mine);
    assert.deepEqual(
      [family.length, new Set(family.map(({ status }) => status))],
      [10, new Set(['cancelled'])],
    );
    assert.equal(refused.length, 4);
    assert.match(refused[0] ?? '', /“.+” is being stopped: finish/);
    await house.clock.advance(6 * minute);
    assert.equal(await house.status(mine), 'completed');
  });

  it('is not forgotten by a crash in the middle of it', async () => {
    const script: Script = async (task, run) => {
      if (task.title === 'Tree') await run.createSubTask({ title: 'Part' });
      // It takes its time to end.
      await pass(house.clock, 10 * minute, new AbortController().signal);
      return completed;
    };
    let house = await openTestDesk({ script, fuses: off });
    const tree = await house.add('Tree');
    await house.clock.advance(1_000);
    const stopping = house.desk.fuses.cancelTree(tree);
    void stopping.catch(() => undefined);
    await house.clock.advance(1_000);
    await house.store.abandon();
    const { files, clock } = house;
    house = await openTestDesk({ script, fuses: off, files, clock });
    await using _house = house;
    await house.clock.advance(minute);
    assert.deepEqual(house.agent.order, []);
    assert.deepEqual(new Set((await house.all()).map(({ status }) => status)), new Set(['cancelled']));
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

describe('an approved plan', () => {
  const plan = ({ parentId }: Task): number => (parentId === null ? 60 : 0);

  it('covers what is made already, oldest first, and then what is made later', async () => {
    const { house } = await openStorm(plan, { fuses: { ...off, antiLoop: 20 } });
    await using _house = house;
    const root = await house.add('Root');
    await house.clock.advance(minute);
    assert.deepEqual([house.agent.performances.length, fusesOf(house)], [21, ['anti-loop']]);
    await house.desk.fuses.approvePlan(root, 45);
    // Nothing waits any more that nobody has approved, so the folder goes on at once.
    await house.clock.advance(minute);
    assert.deepEqual([(await house.counts()).completed, fusesOf(house).length], [61, 1]);
    assert.equal((await house.desk.task(root))?.contextData.approved_left, 5);
  });

  it('of some of what waits does so for the oldest', async () => {
    const { house } = await openStorm(plan, { fuses: { ...off, antiLoop: 20 } });
    await using _house = house;
    const root = await house.add('Root');
    await house.clock.advance(minute);
    await house.desk.fuses.approvePlan(root, 10);
    const waiting = (await house.all())
      .filter(({ status }) => status === 'pending')
      .toSorted((a, b) => a.sequence - b.sequence);
    assert.deepEqual(
      waiting.map(({ contextData }) => contextData.approval),
      [...Array<string>(10).fill('given'), ...Array<undefined>(30).fill(undefined)],
    );
    assert.equal((await house.store.trips()).length, 1, 'thirty still wait');
  });

  it('ends what the limits have said that have room again, and answers for nothing else', async () => {
    const { house } = await openStorm(({ title }) => (title === 'Root' ? 12 : 0), {
      fuses: { ...off, children: 8 },
      workers: 1,
    });
    await using _house = house;
    const root = await house.add('Root');
    await house.clock.advance(500);
    assert.equal((await house.store.trips()).length, 1);
    await house.desk.fuses.approvePlan(root, 3);
    assert.deepEqual(await house.store.trips(), []);
    const approved = (await house.all()).filter(({ contextData }) => contextData.approval === 'given');
    assert.equal(approved.length, 3);
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
