/**
 * The systems without a background while the model is down. `S0` asks nothing. `S1`: each worker asks about the task it
 * has taken, and asks again until it is answered. `S1c`: one loop asks about one task after the other. `S2`: `S1` with
 * a cache by the words of the text.
 */
import type { Milliseconds } from '../../../src/core/model.ts';
import { promptFor } from '../../../src/core/priority/prompt.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { end, outage, slowDurations } from './aiOut.ts';
import type { OutageTrace } from './aiOut.ts';
import { SimulatedModel } from './simulatedModel.ts';
import { conceptsOf } from './truths.ts';
import { workers } from './work.ts';

/** Waits for a task when there is none. */
const glance: Milliseconds = 100;
/** Longest wait for an answer, kinder than none. */
const patience: Milliseconds = 60_000;

export const inlineSystems = ['S0', 'S1', 'S1c', 'S2'] as const;
export type InlineSystem = (typeof inlineSystems)[number];

export interface InlineRun {
  /** Tasks completed while the model was down. */
  readonly completed: number;
  /** Titles of those that were started then, in that order. */
  readonly started: readonly string[];
}

export async function inlineUnderOutage(trace: OutageTrace, system: InlineSystem): Promise<InlineRun> {
  const clock = new FakeClock();
  const model = new SimulatedModel({ clock, seed: trace.seed, truths: trace.truths });
  const duration = slowDurations(trace.seed);
  const random = seededRandom(5_000 + trace.seed);
  const queue: string[] = [];
  const started: string[] = [];
  const known = new Set<string>();
  let completed = 0;
  const pass = async (time: Milliseconds): Promise<void> => {
    await new Promise<void>((resolve) => {
      clock.setTimer(time, resolve);
    });
  };
  const ask = async (title: string): Promise<boolean> => {
    const asked = [{ name: 't1', title, description: '', upstream: [] }];
    const late = new AbortController();
    using _timer = clock.setTimer(patience, () => late.abort());
    try {
      const context = { goal: trace.goal, blocked: 0, oldestDays: 0 };
      return (await model.ask({ messages: promptFor(context, asked, []) }, late.signal)).kind === 'answered';
    } catch {
      return false; // It did not answer in time.
    }
  };
  const isDown = (): boolean => clock.monotonic() >= outage.from && clock.monotonic() < outage.to;
  const untilJudged = async (title: string): Promise<void> => {
    const key = conceptsOf(title).toSorted().join(' ');
    if (system === 'S0' || (system === 'S2' && known.has(key))) return;
    while (clock.monotonic() < end && !(await ask(title))) await pass(Math.round(250 + 750 * random()));
    known.add(key);
  };
  const run = async (title: string): Promise<void> => {
    if (isDown()) started.push(title);
    await pass(duration());
    if (isDown()) completed += 1;
  };
  const loop = async (): Promise<void> => {
    while (clock.monotonic() < end) {
      const title = queue.shift();
      if (title === undefined) {
        await pass(glance);
        continue;
      }
      await untilJudged(title);
      // The crawl hands it to a worker, and there is always one.
      if (system === 'S1c') void run(title);
      else await run(title);
    }
  };
  for (const { title, at } of trace.arrivals) clock.setTimer(at, () => queue.push(title));
  clock.setTimer(outage.from, () => (model.outage = trace.kind));
  clock.setTimer(outage.to, () => (model.outage = null));
  for (let each = 0; each < (system === 'S1c' ? 1 : workers); each += 1) void loop();
  await clock.advance(end);
  return { completed, started };
}
