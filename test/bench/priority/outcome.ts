/** What a system did with a trace, in virtual time, and what must be true of it whatever the system is. */
import type { Milliseconds } from '../../../src/core/model.ts';
import { regret } from '../oracle.ts';
import type { TraceTask } from '../priorityTrace.ts';
import { utilityOf } from './truths.ts';

export interface StartedTask {
  readonly task: TraceTask;
  readonly at: Milliseconds;
  readonly took: Milliseconds;
}

export interface Outcome {
  /** In the order of their starts. */
  readonly starts: readonly StartedTask[];
  readonly completed: number;
  /** When the last one ended, from the beginning. */
  readonly makespan: Milliseconds;
  /** For each task: from the moment its rank was asked for until it had one. */
  readonly rankTimes: readonly Milliseconds[];
  /** The tasks by the scores they were started with, best first; null where there were none. */
  readonly byScore: readonly TraceTask[] | null;
  readonly modelCalls: number;
  readonly tasksSent: number;
}

/**
 * @throws Error when a task did not run exactly once or not as much work was done as there is. Every workload calls
 *   this on every run, so a figure of a run in which something was lost is never printed.
 */
export function demandEqualWork(outcome: Outcome, tasks: readonly TraceTask[], system: string): void {
  const ran = new Set(outcome.starts.map(({ task }) => task));
  if (ran.size !== outcome.starts.length) throw new Error(`${system}: a task ran more than once.`);
  if (ran.size !== tasks.length || tasks.some((task) => !ran.has(task)))
    throw new Error(`${system}: ${String(ran.size)} of ${String(tasks.length)} tasks ran.`);
  if (outcome.completed !== tasks.length)
    throw new Error(
      `${system}: ${String(outcome.completed)} of ${String(tasks.length)} tasks were completed.`,
    );
}

/** How much worse than the best order the tasks ran, in per cent. */
export function regretOfStarts({ starts }: Outcome): number {
  return regretOfOrder(starts.map(({ task }) => task));
}

/** The same if all that was not started by an instant had then been started in the best order. */
export function regretUntil({ starts }: Outcome, instant: Milliseconds): number {
  const before = starts.filter(({ at }) => at < instant).map(({ task }) => task);
  const rest = starts.filter(({ at }) => at >= instant).map(({ task }) => task);
  return regretOfOrder([...before, ...rest.toSorted((a, b) => utilityOf(b) - utilityOf(a))]);
}

/** The same of an order of tasks. */
export function regretOfOrder(tasks: readonly TraceTask[]): number {
  return 100 * regret(tasks.map(utilityOf));
}

/** Tasks a second between the fifth and the ninety-fifth of a hundred ends. */
export function throughput({ starts }: Outcome): number {
  const ends = starts.map(({ at, took }) => at + took).sort((a, b) => a - b);
  const from = Math.floor(ends.length * 0.05);
  const to = Math.floor(ends.length * 0.95);
  return (to - from) / (((ends[to] ?? NaN) - (ends[from] ?? NaN)) / 1000);
}
