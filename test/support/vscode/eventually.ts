import { setTimeout as delay } from 'node:timers/promises';

/** How long {@link eventually} tries, and how often. */
export interface Patience {
  /** ms, default 10 s */
  readonly timeout?: number;
  /** ms between two tries, default 100 */
  readonly interval?: number;
  /** Ends the wait with the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Repeats a check of the product's state until it passes: for everything that becomes true by itself but not
 * at once. Never sleep for a guessed time instead.
 * @param check throws, or gives `false` or `undefined`, as long as the state is not there
 * @returns what the check gave
 * @throws the last error of the check when the time is over
 */
export async function eventually<T>(
  check: () => T | false | undefined | Promise<T | false | undefined>,
  { timeout = 10_000, interval = 100, signal }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + timeout;
  for (;;) {
    signal?.throwIfAborted();
    let cause: unknown;
    try {
      const value = await check();
      if (value !== false && value !== undefined) return value;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      if (cause instanceof Error) throw cause;
      throw new Error(`Did not happen within ${timeout} ms: ${check.toString()}`, { cause });
    }
    await delay(interval, undefined, { signal });
  }
}
