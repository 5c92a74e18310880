/** War story 1: an agent that splits its work for ever. What the gate does, in virtual time, in the whole house. */
import assert from 'node:assert/strict';
import type { Task } from '../../src/core/model.ts';
import type { Admission } from '../../src/core/ports.ts';
import { noFuses as off } from '../support/noFuses.ts';
import { completed, pass } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { fusesOf, openStorm, refusals, tripsOf, warnings } from '../support/stormHouse.ts';
import { openTestDesk } from '../support/testDesk.ts';

const minute = 60_000;

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
