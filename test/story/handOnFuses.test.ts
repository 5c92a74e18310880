/** What a person does about agents that make tasks: stop a tree, approve a task or a plan. */
import assert from 'node:assert/strict';
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import type { Task } from '../../src/core/model.ts';
import { noFuses as off } from '../support/noFuses.ts';
import { completed, pass } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { fusesOf, openStorm } from '../support/stormHouse.ts';
import { openTestDesk } from '../support/testDesk.ts';

const minute = 60_000;

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
    assert.equal(
      (await house.desk.snapshot()).recovery,
      null,
      'what was stopped does not count as interrupted',
    );
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
