import assert from 'node:assert/strict';
import { SimulatedAgent } from '../../../src/agents/simulatedAgent.ts';
import type { SimulatedDefinition } from '../../../src/agents/simulatedAgent.ts';
import type { AgentOutcome, AgentRun } from '../../../src/core/ports.ts';
import { description, KeyedGate, taskOf } from '../../support/agentBench.ts';
import { drain, FakeClock } from '../../support/fakeClock.ts';
import { SeededChance } from '../../support/seededChance.ts';
import { permitted } from '../../support/permitted.ts';

const run: AgentRun = {
  task: taskOf([]),
  folder: '/folder',
  runDirectory: '/run',
  results: () => Promise.resolve([]),
  createSubTask: new KeyedGate().create,
  started: () => Promise.resolve(),
  lease: permitted,
};

describe('a simulated worker', () => {
  let clock: FakeClock;
  beforeEach(() => {
    clock = new FakeClock();
  });

  function agent(duration: SimulatedDefinition['duration'], failureRate = 0): SimulatedAgent {
    return new SimulatedAgent(
      { description: description({ simulated: true }), duration, failureRate },
      { clock, chance: new SeededChance() },
    );
  }

  /** The outcome and how long it took, in virtual milliseconds. */
  async function time(running: Promise<AgentOutcome>): Promise<readonly [AgentOutcome, number]> {
    const took = running.then((outcome) => [outcome, clock.monotonic()] as const);
    await clock.advance(60_000);
    return await took;
  }

  it('takes its time and says that it is simulated', async () => {
    const [outcome, took] = await time(agent([3_000, 3_000]).run(run, new AbortController().signal));
    assert.equal(took, 3_000);
    assert.deepEqual(outcome, { kind: 'completed', result: '“A task” took 3.0 s (simulated).' });
  });

  it('takes a length within its range, another each time', async () => {
    const worker = agent([1_000, 2_000]);
    const lengths = new Set<number>();
    for (let count = 0; count < 20; count += 1) {
      const began = clock.monotonic();
      const [, took] = await time(worker.run(run, new AbortController().signal));
      lengths.add(took - began);
    }
    assert.ok([...lengths].every((length) => length >= 1_000 && length <= 2_000));
    assert.ok(lengths.size > 10);
  });

  it('fails as often as it is told to', async () => {
    const worker = agent([10, 10], 0.3);
    let failures = 0;
    for (let count = 0; count < 500; count += 1) {
      const [outcome] = await time(worker.run(run, new AbortController().signal));
      if (outcome.kind === 'failed') failures += 1;
    }
    assert.ok(failures > 100 && failures < 200, `${failures} of 500`);
  });

  it('stops at once when it is cancelled, and leaves no timer', async () => {
    const abort = new AbortController();
    const running = agent([5_000, 5_000]).run(run, abort.signal);
    await clock.advance(1_000);
    abort.abort();
    const outcome = await running;
    assert.deepEqual(outcome.kind === 'failed' && outcome.error, {
      code: 'cancelled',
      message: 'Stopped after 1.0 s (simulated).',
    });
    assert.equal(clock.waiting, 0);
  });

  it('does nothing when it is cancelled before', async () => {
    const running = agent([5_000, 5_000]).run(run, AbortSignal.abort());
    await clock.advance(0);
    await drain();
    assert.equal((await running).kind, 'failed');
  });

  it('leaves nothing behind when its host goes away', async () => {
    assert.deepEqual(await agent([1, 1]).recover(), { kind: 'ended' });
  });
});
