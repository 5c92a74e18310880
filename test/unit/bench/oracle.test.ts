import assert from 'node:assert/strict';
import { normal } from '../../bench/draws.ts';
import { costOf, regret, regretOfKeys, utility, worthForGoal } from '../../bench/oracle.ts';
import type { OracleFacts } from '../../bench/oracle.ts';
import { priorityTrace, traceSeeds } from '../../bench/priorityTrace.ts';
import type { TraceTask } from '../../bench/priorityTrace.ts';
import { dependentsBound, scoreOf } from '../../../src/core/priority/score.ts';
import { seededRandom } from '../../support/seededChance.ts';

const plain: OracleFacts = { value: 300, dependents: 0, ageDays: 0, goalLink: 0, hoursLeft: null };
const factsOf = (task: TraceTask): OracleFacts => ({ ...task, hoursLeft: null });

/** Mean regret in per cent over the eight traces, of running tasks by falling key. */
function meanRegret(keyOf: (task: TraceTask, random: () => number) => number): number {
  const each = traceSeeds.map((seed) => {
    const random = seededRandom(1000 + seed);
    const { tasks } = priorityTrace(seed);
    return regretOfKeys(
      tasks,
      (task) => utility(factsOf(task)),
      (task) => keyOf(task, random),
    );
  });
  return (100 * each.reduce((sum, one) => sum + one, 0)) / each.length;
}

const truth = (task: TraceTask, over: Partial<OracleFacts> = {}): number =>
  utility({ ...factsOf(task), ...over });

describe('the oracle', () => {
  it('values a task by itself when nothing else is known', () => {
    assert.equal(utility(plain), 300);
  });

  it('knows from text and goal alone what is left when nobody waits and no time has passed', () => {
    assert.equal(worthForGoal({ value: 300, goalLink: 0.5 }), utility({ ...plain, goalLink: 0.5 }));
    assert.ok(utility({ ...plain, dependents: 1 }) > worthForGoal(plain));
  });

  it('rises with dependents, without a ceiling, each adding less than the one before', () => {
    let gain = Infinity;
    for (let dependents = 1; dependents <= 100; dependents += 1) {
      const next = utility({ ...plain, dependents }) - utility({ ...plain, dependents: dependents - 1 });
      assert.ok(next > 0 && next < gain, String(dependents));
      gain = next;
    }
  });

  it('rises with age and with the goal, and towards a deadline, but no further once it has passed', () => {
    assert.ok(utility({ ...plain, ageDays: 2 }) > utility({ ...plain, ageDays: 1 }));
    assert.ok(utility({ ...plain, goalLink: 1 }) > utility({ ...plain, goalLink: 0.5 }));
    assert.ok(utility({ ...plain, hoursLeft: 100 }) > utility(plain));
    assert.ok(utility({ ...plain, hoursLeft: 8 }) < utility({ ...plain, hoursLeft: 1 }));
    assert.equal(utility({ ...plain, hoursLeft: -50 }), utility({ ...plain, hoursLeft: 0 }));
  });

  it("does not repeat the product's arithmetic: graph, goal and age weigh otherwise", () => {
    const day = 86_400_000;
    const now = 100 * day;
    const facts = {
      priority: 'medium',
      judged: null,
      boost: 0,
      dependents: 0,
      text: 'goal',
      goal: 'goal',
      dueAt: null,
    } as const;
    const parts = (dependents: number, ageDays: number): { unblocking: number; goal: number; age: number } =>
      scoreOf({ ...facts, dependents, createdAt: now - ageDays * day }, now).parts;
    for (const dependents of [1, 5, 20, dependentsBound]) {
      const own = utility({ ...plain, dependents }) - utility(plain);
      assert.ok(Math.abs(own - parts(dependents, 0).unblocking) > 10, String(dependents));
    }
    for (const ageDays of [1, 3, 7, 14, 30]) {
      const own = utility({ ...plain, ageDays }) - utility(plain);
      assert.ok(Math.abs(own - parts(0, ageDays).age) > 10, String(ageDays));
    }
    assert.ok(Math.abs(utility({ ...plain, goalLink: 1 }) - utility(plain) - parts(0, 0).goal) > 10);
  });
});

describe('regret', () => {
  it('is the cost above the best order, in parts of the best', () => {
    assert.equal(costOf([3, 2, 1]), 4);
    assert.equal(regret([3, 2, 1]), 0);
    assert.equal(regret([1, 2, 3]), 1);
    assert.equal(regret([3, 1, 2]), 0.25);
  });

  it('is nothing when there is nothing to order', () => {
    assert.equal(regret([]), 0);
    assert.equal(regret([5]), 0);
    assert.equal(regret([0, 0]), 0);
  });

  it('is 0 for the true order and about 0.4 % with the noise of the simulated model', () => {
    assert.equal(
      meanRegret((task) => truth(task)),
      0,
    );
    near(
      meanRegret((task, random) => truth(task) + normal(random, 40)),
      0.4,
      0.1,
    );
  });

  it('is about 8.5 % with a noise of 200 and about 50 % for a random order', () => {
    near(
      meanRegret((task, random) => truth(task) + normal(random, 200)),
      8.5,
      0.8,
    );
    near(
      meanRegret((_task, random) => random()),
      50,
      4,
    );
  });

  it('shows when a ranking is blind to value, graph, age or goal', () => {
    assert.ok(meanRegret((task) => truth(task, { value: 0 })) > 15);
    assert.ok(meanRegret((task) => truth(task, { dependents: 0 })) > 4);
    assert.ok(meanRegret((task) => truth(task, { ageDays: 0 })) > 1);
    assert.ok(meanRegret((task) => truth(task, { goalLink: 0 })) > 1);
  });

  it('is far above any gate when the order is upside down', () => {
    assert.ok(meanRegret((task) => -truth(task)) > 80);
  });
});

function near(value: number, wanted: number, tolerance: number): void {
  assert.ok(Math.abs(value - wanted) <= tolerance, `${value.toFixed(2)}, not ${String(wanted)}`);
}
