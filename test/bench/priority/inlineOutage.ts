/** `S1` while the model is down: each worker asks about the task it has taken, and asks again until it is answered. */
import type { Milliseconds } from '../../../src/core/model.ts';
import { promptFor } from '../../../src/core/priority/prompt.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { end, outage, slowDurations } from './aiOut.ts';
import type { OutageTrace } from './aiOut.ts';
import { SimulatedModel } from './simulatedModel.ts';
import { workers } from './work.ts';

/** Waits for a task when there is none. */
const glance: Milliseconds = 100;
/** Longest wait for an answer, kinder than none. */
const patience: Milliseconds = 60_000;

/** @returns tasks completed while the model was down */
export async function inlineUnderOutage(trace: OutageTrace): Promise<number> {
  const clock = new FakeClock();
  const model = new SimulatedModel({ clock, seed: trace.seed, truths: trace.truths });
  const duration = slowDurations(trace.seed);
  const random = seededRandom(5_000 + trace.seed);
  const queue: string[] = [];
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
  const worker = async (): Promise<void> => {
    while (clock.monotonic() < end) {
      const title = queue.shift();
      if (title === undefined) {
        await pass(glance);
        continue;
      }
      while (clock.monotonic() < end && !(await ask(title))) await pass(Math.round(250 + 750 * random()));
      await pass(duration());
      if (clock.monotonic() >= outage.from && clock.monotonic() < outage.to) completed += 1;
    }
  };
  for (const { title, at } of trace.arrivals) clock.setTimer(at, () => queue.push(title));
  clock.setTimer(outage.from, () => (model.outage = trace.kind));
  clock.setTimer(outage.to, () => (model.outage = null));
  for (let each = 0; each < workers; each += 1) void worker();
  await clock.advance(end);
  return completed;
}
