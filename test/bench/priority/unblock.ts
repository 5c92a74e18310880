/**
 * The workload `W-UNBLOCK`: all workers are busy, and a task that is worth little gains ten dependents. The next
 * worker that is free starts it, without a word from the model. In virtual time, where waiting is exact and work costs
 * nothing, and on the real clock and a real disk, where work is what is measured.
 *
 * One start in ten goes to the oldest ready task, whatever the ranks; when that turn comes just then, the worker after
 * it is the next. How often that was is stated.
 */
import type { Milliseconds } from '../../../src/core/model.ts';
import type { TaskId } from '../../../src/core/model.ts';
import type { ScorePolicy } from '../../../src/core/priority/score.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { worthForGoal } from '../oracle.ts';
import { priorityTrace, traceSeeds } from '../priorityTrace.ts';
import type { TraceTask } from '../priorityTrace.ts';
import { check, median, percentile } from '../report.ts';
import type { WorkloadReport } from '../report.ts';
import { House, settings, typed } from './house.ts';
import { blindToDependents } from './mutants.ts';
import { literalMeanings, productMeanings } from './meanings.ts';
import { regretOfOrder } from './outcome.ts';
import { falseOf } from './sharing.ts';
import { SimulatedModel } from './simulatedModel.ts';
import { truthsOf } from './truths.ts';
import { asHere, staticRun, staticSystems } from './unblockBaselines.ts';
import type { StaticRun } from './unblockBaselines.ts';
import { realUnblocking } from './unblockReal.ts';
import { drawDuration } from './work.ts';

/** One task that gained dependents. */
interface Trial {
  /** From the moment a worker was free for it until it started. */
  readonly waited: Milliseconds;
  /** From gaining dependents. */
  readonly since: Milliseconds;
  /** Tasks that started before it by rank, and by the turn of the oldest. */
  readonly before: number;
  readonly oldest: number;
  /** Calls of the model begun in between. */
  readonly calls: number;
}

const gained = 10;
const trials = 20;
/** Such tasks are worth so little, and all others no more than so much: ten dependents outweigh the difference. */
const little = 120;
const ordinary = 380;
const hour: Milliseconds = 3_600_000;

function tasksOf(seed: number): {
  readonly low: readonly TraceTask[];
  readonly backlog: readonly TraceTask[];
} {
  const { tasks } = priorityTrace(seed);
  const worthUpTo = (most: number): TraceTask[] => tasks.filter((task) => worthForGoal(task) <= most);
  const low = worthUpTo(little).slice(0, trials);
  return { low, backlog: worthUpTo(ordinary).filter((task) => !low.includes(task)) };
}

interface VirtualRun {
  readonly trials: readonly Trial[];
  /** How much worse than the best order all tasks ran, in per cent. */
  readonly regret: number;
}

async function virtualRun(seed: number, score?: ScorePolicy): Promise<VirtualRun> {
  const trace = priorityTrace(seed);
  const { low, backlog } = tasksOf(seed);
  const random = seededRandom(11_000 + seed);
  let model: SimulatedModel | undefined;
  await using house = await House.open({
    seed,
    goal: trace.goal.en,
    meanings: productMeanings,
    model: (clock) => (model = new SimulatedModel({ clock, seed, truths: truthsOf(trace) })),
    durationOf: () => drawDuration(random),
    ...(score === undefined ? {} : { score }),
  });
  await house.occupy();
  const taskOf = new Map<TaskId, TraceTask>();
  for (const task of backlog) taskOf.set(await house.add(task.text), task);
  const ids: TaskId[] = [];
  for (const task of low) {
    const id = await house.add(task.text);
    ids.push(id);
    taskOf.set(id, task);
  }
  await house.untilJudged(hour);
  house.release();
  const results: Trial[] = [];
  const blocked = new Set<TaskId>();
  for (const id of ids) {
    await house.clock.advance(Math.round(500 + 1_000 * random()));
    if (house.starts.some((start) => start.id === id)) continue;
    blocked.add(id);
    results.push(await oneTrial(house, id, () => model?.calls.length ?? NaN));
  }
  await house.until(() => house.ends.length >= taskOf.size, hour, 5_000);
  const ran = house.starts.flatMap(({ id }) => {
    const task = taskOf.get(id);
    return task === undefined ? [] : [asHere(task, blocked.has(id) ? gained : 0)];
  });
  if (ran.length !== taskOf.size) throw new Error('Not all tasks ran.');
  return { trials: results, regret: regretOfOrder(ran) };
}

async function oneTrial(house: House, id: TaskId, calls: () => number): Promise<Trial> {
  const from = { starts: house.starts.length, calls: calls(), at: house.clock.monotonic() };
  await house.block(id, gained);
  await house.until(() => house.starts.slice(from.starts).some((start) => start.id === id), hour, 10);
  const since = house.starts.slice(from.starts);
  const place = since.findIndex((start) => start.id === id);
  const decisions = await Promise.all(since.slice(0, place).map((start) => house.desk.decision(start.id)));
  const oldest = decisions.filter((decision) => decision?.reason === 'oldest').length;
  // The first ten starts need no end of a run, each further one the next.
  const freed = house.ends[from.starts + place - settings.workers]?.at ?? NaN;
  return {
    waited: (since[place]?.at ?? NaN) - freed,
    since: (since[place]?.at ?? NaN) - from.at,
    before: place - oldest,
    oldest,
    calls: calls() - from.calls,
  };
}

async function unblock(): Promise<WorkloadReport> {
  const runs = await Promise.all(traceSeeds.map((seed) => virtualRun(seed)));
  const all = runs.flatMap((run) => run.trials);
  const most = (of: (trial: Trial) => number): number => Math.max(...all.map(of));
  const { trials: blind } = await virtualRun(1, blindToDependents);
  const others: Record<string, Readonly<Record<string, number>>> = {};
  for (const system of staticSystems) {
    const given: StaticRun[] = [];
    for (const seed of traceSeeds) {
      const { low, backlog } = tasksOf(seed);
      given.push(await staticRun(seed, backlog, low, system, gained));
    }
    others[system] = {
      'gained to started, median s': median(given.flatMap(({ waits }) => waits)) / 1_000,
      'regret of the starts %': median(given.map(({ regret }) => regret)),
      ...falseOf(system === 'S2' ? literalMeanings() : null),
    };
  }
  const real = await realUnblocking(gained);
  return {
    systems: {
      'P settings': typed,
      ...others,
      'P virtual': {
        'gained to started, median s': median(all.map(({ since }) => since)) / 1_000,
        'regret of the starts %': median(runs.map(({ regret }) => regret)),
        ...falseOf(productMeanings()),
        trials: all.length,
        'started by the next worker, by rank': all.filter(({ before }) => before === 0).length,
        'the oldest had its turn first': all.filter(({ oldest }) => oldest > 0).length,
        'free to started, longest ms': most(({ waited }) => waited),
      },
      'P real clock': {
        trials: real.waits.length,
        'the oldest had its turn first': real.oldest,
        'free to started p50 ms': percentile(real.waits, 50),
        'free to started p99 ms': percentile(real.waits, 99),
      },
    },
    checks: [
      check('trials', all.length, '>=', 100, 'tasks'),
      check(
        'tasks that started before it by rank',
        most(({ before }) => before),
        '<=',
        0,
        'tasks',
      ),
      check(
        'free to started, virtual, longest',
        most(({ waited }) => waited),
        '<=',
        50,
        'ms',
      ),
      check(
        'calls of the model in between',
        most(({ calls }) => calls),
        '<=',
        0,
        'calls',
      ),
      check(
        'mutant that is blind to dependents: started before it by rank',
        Math.max(...blind.map(({ before }) => before)),
        '>=',
        1,
        'tasks',
      ),
      check('real clock: tasks that started before it by rank', real.before, '<=', 0, 'tasks'),
      check('real clock: free to started p99', percentile(real.waits, 99), '<=', 50, 'ms'),
    ],
  };
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { 'W-UNBLOCK': unblock };
