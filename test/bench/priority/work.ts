/** How long tasks take, and how workers of the baselines take turns; the same for every system. */
import type { Milliseconds } from '../../../src/core/model.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { normal } from '../draws.ts';
import type { PriorityTrace, TraceTask } from '../priorityTrace.ts';

export const workers = 10;
/** Lognormal: mean about 1.05 s, 99th percentile about 2.95 s. */
const duration = { mu: -0.08, sigma: 0.5 } as const;

/** Execution time by task; the same in every system, whatever the order. */
export function durationsOf({ seed, tasks }: PriorityTrace): ReadonlyMap<TraceTask, Milliseconds> {
  const random = seededRandom(7_000 + seed);
  return new Map(tasks.map((task) => [task, drawDuration(random)]));
}

/** Whole milliseconds. */
export function drawDuration(random: () => number): Milliseconds {
  return Math.round(1000 * Math.exp(duration.mu + normal(random, duration.sigma)));
}

/** In the order in which they came to be: the oldest first, whatever place the trace lists them in. */
export function byArrival(tasks: readonly TraceTask[]): readonly TraceTask[] {
  return tasks.toSorted((a, b) => b.ageDays - a.ageDays);
}
