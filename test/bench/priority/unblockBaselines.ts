/**
 * What becomes of the same tasks where a score is given once: by a level (`S0`), or by a model that was asked when the
 * task came: about each (`S1`), about one after the other, each of which starts with its answer (`S1c`), or with a cache
 * by the words of the text (`S2`). But for `S1c` all scores are there from the beginning. Ten workers, the same times,
 * the same moments.
 */
import type { Milliseconds } from '../../../src/core/model.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { worthForGoal } from '../oracle.ts';
import type { TraceTask } from '../priorityTrace.ts';
import { normal } from '../draws.ts';
import { literalHash } from './baselines.ts';
import { regretOfOrder } from './outcome.ts';
import { drawDuration, workers } from './work.ts';

export const staticSystems = ['S0', 'S1', 'S1c', 'S2'] as const;
export type StaticSystem = (typeof staticSystems)[number];

export interface StaticRun {
  /** From gaining dependents to the start, of each task that had not started before. */
  readonly waits: readonly Milliseconds[];
  /** How much worse than the best order all ran, in per cent. */
  readonly regret: number;
}

/** What the simulated model takes for one task. */
const answerTime = { least: 3_000, most: 5_400 } as const;
/** Longer than any of them needs. */
const longest: Milliseconds = 3 * 3_600_000;

/** A task of the trace as it is here: nothing waits for it, unless it gains dependents, and it is new. */
export function asHere(task: TraceTask, dependents: number): TraceTask {
  return { ...task, dependents, ageDays: 0 };
}

export async function staticRun(
  seed: number,
  backlog: readonly TraceTask[],
  low: readonly TraceTask[],
  system: StaticSystem,
  dependents: number,
): Promise<StaticRun> {
  const clock = new FakeClock();
  const random = seededRandom(11_000 + seed);
  const pass = async (time: Milliseconds): Promise<void> => {
    await new Promise<void>((resolve) => {
      clock.setTimer(time, resolve);
    });
  };
  const judged = new Map<string, number>();
  const said = (task: TraceTask): number => worthForGoal(task) + normal(random, 40);
  const scoreOf = (task: TraceTask): number => {
    if (system === 'S0' || system === 'S1c') return 0;
    if (system === 'S1') return said(task);
    const key = literalHash({ ...task, consumes: [] }, '');
    const score = judged.get(key) ?? said(task);
    judged.set(key, score);
    return score;
  };
  const queue = [...backlog, ...low]
    .map((task) => ({ task, score: scoreOf(task) }))
    .sort((a, b) => b.score - a.score)
    .map(({ task }) => task);
  const started = new Map<TraceTask, Milliseconds>();
  const run = async (task: TraceTask): Promise<void> => {
    started.set(task, clock.monotonic());
    await pass(drawDuration(random));
  };
  const worker = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await run(task);
  };
  const crawl = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      await pass(Math.round(answerTime.least + (answerTime.most - answerTime.least) * random()));
      void run(task);
    }
  };
  if (system === 'S1c') void crawl();
  else for (let each = 0; each < workers; each += 1) void worker();
  const gained = new Map<TraceTask, Milliseconds>();
  for (const task of low) {
    await clock.advance(Math.round(500 + 1_000 * random()));
    if (!started.has(task)) gained.set(task, clock.monotonic());
  }
  await clock.advance(longest);
  if (started.size !== backlog.length + low.length) throw new Error(`${system}: not all tasks ran.`);
  return {
    waits: [...gained].map(([task, at]) => (started.get(task) ?? NaN) - at),
    regret: regretOfOrder([...started.keys()].map((task) => asHere(task, gained.has(task) ? dependents : 0))),
  };
}
