/**
 * The workload `W-API`: war story 3. 600 tasks at once, every fifth research with seven calls of three interfaces that
 * enforce their quotas. In virtual time, with the seeds 1 to 8. `-drop` halves the quotas from second 60 to 180;
 * `-lie` tells Podium 1.6 times the real ones, and refusals do not say when; `-spike` does not tell it the limits for
 * one second; `-burst` is 40 research tasks alone. `P without` is Podium on the same tasks without the
 * arbitration: nothing is shared and no folder has turns. `P turns only` has the turns.
 */
import { ratio } from '../priority/statistics.ts';
import type { Interval } from '../priority/statistics.ts';
import type { Resources } from '../../../src/core/arbitration/resource.ts';
import { traceSeeds } from '../priorityTrace.ts';
import { check, median } from '../report.ts';
import type { WorkloadReport, Workloads } from '../report.ts';
import { baselines, runBaseline, runPodium, typed } from './runs.ts';
import type { Outcome, World } from './runs.ts';
import { apiTrace } from './trace.ts';
import type { TraceTask } from './trace.ts';
import { withoutTurns } from './withoutTurns.ts';

type Figures = Readonly<Record<string, number>>;

const minute = 60_000;
/** Twitter: 240 calls, 50 at once and one every two seconds. */
const quotaBound = 380_000;
const plain: World = { saysWhen: true };

function figuresOf({ done, apis, executions }: Outcome, trace: readonly TraceTask[]): Figures {
  if (executions !== trace.length) throw new Error('Not every task was done exactly once.');
  const ends = [...done.values()];
  const others = trace.filter(({ research }) => !research).map((task) => done.get(task) ?? NaN);
  return {
    'refused %': apis.refusedShare(0),
    'refused after 60 s %': apis.refusedShare(minute),
    'refused calls': apis.calls.filter(({ ok }) => !ok).length,
    calls: apis.calls.length,
    'makespan s': Math.max(...ends) / 1_000,
    ...(others.length === 0 ? {} : { 'median end of tasks without calls s': median(others) / 1_000 }),
    'done in the first 60 s': ends.filter((at) => at <= minute).length,
  };
}

class Board {
  readonly #rows = new Map<string, Figures[]>();

  add(system: string, figures: Figures): void {
    this.#rows.set(system, [...(this.#rows.get(system) ?? []), figures]);
  }

  /** The median over the seeds. */
  of(system: string, metric: string): number {
    return median((this.#rows.get(system) ?? []).map((figures) => figures[metric] ?? NaN));
  }

  /** The median of the quotients of pairs, with its interval. */
  quotient(above: string, below: string, metric: string): Interval {
    const valuesOf = (system: string): readonly number[] =>
      (this.#rows.get(system) ?? []).map((figures) => figures[metric] ?? NaN);
    return ratio(valuesOf(above), valuesOf(below));
  }

  /** The same as a row of its own. */
  addQuotient(above: string, below: string, metric: string): void {
    const { median: middle, low, high } = this.quotient(above, below, metric);
    this.add(`${above} / ${below}: ${metric}`, { median: middle, 'from (95 %)': low, 'to (95 %)': high });
  }

  get systems(): WorkloadReport['systems'] {
    return Object.fromEntries(
      [...this.#rows].map(([system, rows]) => [
        system,
        Object.fromEntries(Object.keys(rows[0] ?? {}).map((metric) => [metric, this.of(system, metric)])),
      ]),
    );
  }
}

/** Variant -> what is true of the interfaces, and what Podium is told of them. */
const variants: Readonly<Record<string, readonly [World, Resources]>> = {
  '-drop': [{ saysWhen: true, halved: [minute, 3 * minute] }, typed()],
  '-lie': [{ saysWhen: false }, typed({ times: 1.6 })],
  '-spike': [plain, typed({ spikes: false })],
};

async function api(): Promise<WorkloadReport> {
  const board = new Board();
  for (const seed of traceSeeds) {
    const trace = apiTrace(seed);
    for (const [name, baseline] of Object.entries(baselines))
      board.add(name, figuresOf(await runBaseline(trace, baseline, plain, seed), trace));
    board.add('P', figuresOf(await runPodium(trace, typed(), plain, seed), trace));
    board.add('P turns only', figuresOf(await runPodium(trace, null, plain, seed), trace));
    const without = await withoutTurns(() => runPodium(trace, null, plain, seed));
    board.add('P without', figuresOf(without, trace));
    for (const [variant, [world, told]] of Object.entries(variants)) {
      board.add(`P ${variant}`, figuresOf(await runPodium(trace, told, world, seed), trace));
      const { S1n: free } = baselines;
      if (free !== undefined)
        board.add(`S1n ${variant}`, figuresOf(await runBaseline(trace, free, world, seed), trace));
    }
    const burst = apiTrace(seed, 1, 40);
    board.add('P -burst', figuresOf(await runPodium(burst, typed(), plain, seed), burst));
  }
  // The research curve, with one seed: from when on each system is refused.
  for (const percent of [10, 12.5, 15, 17.5, 20, 25, 30]) {
    const trace = apiTrace(1, 100 / percent);
    const row = (outcome: Outcome): Figures => ({ 'refused %': outcome.apis.refusedShare(0) });
    const { S1n: free } = baselines;
    if (free !== undefined)
      board.add(`S1n ${percent} % research`, row(await runBaseline(trace, free, plain, 1)));
    board.add(`P ${percent} % research`, row(await runPodium(trace, typed(), plain, 1)));
  }
  const without = 'median end of tasks without calls s';
  const early = 'done in the first 60 s';
  for (const [above, below, metric] of [
    ['P', 'S1', 'refused calls'],
    ['P', 'S1', 'makespan s'],
    ['P', 'S1', early],
    ['P', 'P without', early],
    ['P', 'P turns only', early],
    ['S2', 'P', without],
  ] as const)
    board.addQuotient(above, below, metric);
  const refused = 'refused after 60 s %';
  return {
    systems: board.systems,
    checks: [
      check('refused', board.of('P', 'refused %'), '<=', 0.5, '%'),
      check('refused, -drop', board.of('P -drop', 'refused %'), '<=', 2, '%'),
      check('refused, -lie after 60 s', board.of('P -lie', refused), '<=', 3, '%'),
      check('refused, -spike after 60 s', board.of('P -spike', refused), '<=', 2, '%'),
      check('refused, -burst', board.of('P -burst', 'refused %'), '<=', 0.5, '%'),
      check(
        'fewer refusals than S1',
        100 * (1 - board.quotient('P', 'S1', 'refused calls').median),
        '>=',
        95,
        '%',
      ),
      check('makespan over the bound', (1_000 * board.of('P', 'makespan s')) / quotaBound, '<=', 1.03, 'x'),
      check('end of tasks without calls, S2 over P', board.quotient('S2', 'P', without).median, '>=', 3, 'x'),
      check(
        'more done in 60 s with the arbitrator',
        100 * (board.quotient('P', 'P without', early).median - 1),
        '>=',
        40,
        '%',
      ),
    ],
  };
}

export const workloads: Workloads = { 'W-API': api };
