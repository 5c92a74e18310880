/** Waiting for what becomes true by itself: never a sleep of a guessed length, always a condition and a deadline. */
import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until the answer is neither `undefined` nor `false`.
 * @param patience milliseconds
 * @returns the answer
 */
export async function until<T>(
  ask: () => T | undefined | false | Promise<T | undefined | false>,
  patience = 8_000,
): Promise<T> {
  const deadline = performance.now() + patience;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() >= deadline) throw new Error(`Not within ${patience} ms: ${ask.toString()}`);
    await delay(10);
  }
}
