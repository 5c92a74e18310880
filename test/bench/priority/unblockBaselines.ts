/**
 * What becomes of the same tasks where a score is given once: by a level (`S0`), or by a model that was asked when the
 * task came (`S1`, here with all scores there from the beginning). Ten workers, the same times, the same moments.
 */
import type { Milliseconds } from '../../../src/core/model.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { worthForGoal } from '../oracle.ts';
import type { TraceTask } from '../priorityTrace.ts';
import { normal } from '../draws.ts';
import { drawDuration, workers } from './work.ts';

/** From gaining dependents to the start, by task that had not started before. */
export async function staticWaits(
  seed: number,
  backlog: readonly TraceTask[],
  low: readonly TraceTask[],
  system: 'S0' | 'S1',
): Promise<readonly Milliseconds[]> {
  const clock = new FakeClock();
  const random = seededRandom(11_000 + seed);
  const scoreOf = (task: TraceTask): number =>
    system === 'S0' ? 0 : worthForGoal(task) + normal(random, 40);
  const queue = [...backlog, ...low]
    .map((task) => ({ task, score: scoreOf(task) }))
    .sort((a, b) => b.score - a.score)
    .map(({ task }) => task);
  const started = new Map<TraceTask, Milliseconds>();
  const worker = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      started.set(task, clock.monotonic());
      await new Promise<void>((resolve) => {
        clock.setTimer(drawDuration(random), resolve);
      });
    }
  };
  for (let each = 0; each < workers; each += 1) void worker();
  const gained = new Map<TraceTask, Milliseconds>();
  for (const task of low) {
    await clock.advance(Math.round(500 + 1_000 * random()));
    if (!started.has(task)) gained.set(task, clock.monotonic());
  }
  await clock.advance(3_600_000);
  return [...gained].map(([task, at]) => (started.get(task) ?? NaN) - at);
}
