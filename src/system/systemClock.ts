/** The machine's own clock and timers. */
import type { Clock } from '../core/ports.ts';

/** The longest delay a Node timer takes; a longer one would fire at once. */
const longestDelay = 2 ** 31 - 1;

export const systemClock: Clock = {
  monotonic: () => performance.now(),
  wallClock: () => Date.now(),
  setTimer: (delay, run) => {
    const timer = setTimeout(run, Math.min(Math.max(0, delay), longestDelay));
    return { [Symbol.dispose]: () => clearTimeout(timer) };
  },
};
