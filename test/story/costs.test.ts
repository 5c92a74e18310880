/** Money: what runs cost counts however they end, and a folder that has used its day's worth waits. In virtual time. */
import assert from 'node:assert/strict';
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import type { AgentOutcome } from '../../src/core/ports.ts';
import { pass } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';
import type { TestDesk } from '../support/testDesk.ts';

const million = 1_000_000;
const cost = 0.4 * million;
const done: AgentOutcome = { kind: 'completed', result: '', costMicros: cost };
const broken: AgentOutcome = {
  kind: 'failed',
  error: { code: 'exit', message: 'It broke.' },
  retryable: true,
  costMicros: cost,
};

function costing(house: () => TestDesk, ends: (title: string) => AgentOutcome): Script {
  return async (task, _run, signal) => {
    await pass(house().clock, 1_000, signal);
    return ends(task.title);
  };
}

const tripped = async (house: TestDesk): Promise<readonly string[]> =>
  (await house.desk.snapshot()).trips.map(({ fuse }) => fuse);

describe('a folder with an amount of money for each day', () => {
  const fuses = { ...defaultFuses, dailyCostMicros: million };

  it('waits when that is used up, until a person gives the same once more, or the next day', async () => {
    const house = await openTestDesk({
      fuses,
      workers: 1,
      script: costing(
        () => house,
        () => done,
      ),
    });
    await using _house = house;
    for (let number = 0; number < 8; number += 1) await house.add(`task ${number}`);
    await house.clock.advance(20_000);
    assert.equal(house.agent.order.length, 3, 'the third went over it');
    const { trips } = await house.desk.snapshot();
    assert.deepEqual(
      trips.map(({ fuse }) => fuse),
      ['daily-cost'],
    );
    await house.desk.fuses.answer(trips.map(({ id }) => id));
    await house.clock.advance(20_000);
    assert.equal(house.agent.order.length, 5, 'two worths of a day');
    await house.clock.advance(86_400_000);
    assert.equal(house.agent.order.length, 8);
  });

  it('counts what failed, what was tried again, and what was stopped', async () => {
    const house = await openTestDesk({
      fuses,
      workers: 1,
      agent: { maxAttempts: 2 },
      script: costing(
        () => house,
        () => broken,
      ),
    });
    await using _house = house;
    const id = await house.add('fails twice');
    await house.clock.advance(30_000);
    assert.equal((await house.desk.task(id))?.costMicros, 2 * cost);
    assert.deepEqual(await tripped(house), []);
    const stopped = await house.add('is stopped');
    await house.clock.advance(500);
    const cancelling = house.desk.cancel(stopped);
    await house.clock.advance(100);
    await cancelling;
    assert.deepEqual(await tripped(house), ['daily-cost']);
  });
});

describe('a tree with an amount of money', () => {
  it('waits when its runs have used it, and its neighbours go on', async () => {
    const fuses = { ...defaultFuses, treeCostMicros: million };
    const script: Script = async (task, run, signal) => {
      await pass(house.clock, 1_000, signal);
      if (task.title === 'root')
        for (let number = 0; number < 6; number += 1)
          await run.createSubTask({ title: `part ${number} of six` });
      return done;
    };
    const house = await openTestDesk({ fuses, workers: 1, script });
    await using _house = house;
    await house.add('root');
    await house.clock.advance(30_000);
    assert.deepEqual(await tripped(house), ['tree-cost']);
    assert.equal(house.agent.order.length, 3);
    await house.add('neighbour');
    await house.clock.advance(5_000);
    assert.equal(house.agent.order.at(-1), 'neighbour');
  });
});
