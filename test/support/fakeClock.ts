/** Virtual time: nothing passes unless a test says so, and timers run in the order of their instants. */
import type { Instant, Milliseconds } from '../../src/core/model.ts';
import type { Clock } from '../../src/core/ports.ts';

interface Timer {
  readonly due: Milliseconds;
  readonly order: number;
  readonly run: () => void;
}

/** More timers than this at one instant are a loop that spins. */
const spinLimit = 10_000;

export class FakeClock implements Clock {
  #now: Milliseconds = 0;
  #order = 0;
  readonly #epoch: Instant;
  readonly #timers = new Set<Timer>();

  /** @param epoch wall-clock milliseconds at the beginning */
  constructor(epoch: Instant = Date.UTC(2030, 0, 1)) {
    this.#epoch = epoch;
  }

  monotonic(): Milliseconds {
    return this.#now;
  }

  wallClock(): Instant {
    return this.#epoch + this.#now;
  }

  setTimer(delay: Milliseconds, run: () => void): Disposable {
    const timer: Timer = { due: this.#now + Math.max(0, delay), order: (this.#order += 1), run };
    this.#timers.add(timer);
    return { [Symbol.dispose]: () => void this.#timers.delete(timer) };
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size;
  }

  /** Lets `milliseconds` pass: runs what falls due, in order, and everything that follows from it. */
  async advance(milliseconds: Milliseconds): Promise<void> {
    const end = this.#now + milliseconds;
    await drain();
    let atOneInstant = 0;
    for (let timer = this.#next(end); timer !== undefined; timer = this.#next(end)) {
      atOneInstant = timer.due > this.#now ? 0 : atOneInstant + 1;
      if (atOneInstant > spinLimit)
        throw new Error('Time stands still: something keeps setting timers of no length.');
      this.#now = Math.max(this.#now, timer.due);
      this.#timers.delete(timer);
      timer.run();
      await drain();
    }
    this.#now = end;
  }

  /** Holds the thread: time passes, but nothing runs until the next `advance`. */
  jump(milliseconds: Milliseconds): void {
    this.#now += milliseconds;
  }

  #next(end: Milliseconds): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.due > end) continue;
      if (
        first === undefined ||
        timer.due < first.due ||
        (timer.due === first.due && timer.order < first.order)
      )
        first = timer;
    }
    return first;
  }
}

/** Lets every promise chain that needs no timer run to its end. */
export async function drain(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
