/**
 * In which company and order each meaning was shown when it was last judged. A second opinion that is asked for in the same words is none:
 * a model says the same twice. So it is shown among other tasks, in an order that differs from the last.
 */
import type { Chance } from '../ports.ts';
import { shuffled } from './arrange.ts';

/** So many meanings are remembered; the oldest is forgotten. */
const limit = 5_000;
/** Orders drawn before the one that differs from the first meaning's last one is made. */
const tries = 20;

interface Listed {
  readonly key: string;
  /** Whether it has to be shown otherwise than last time. */
  readonly again: boolean;
}

export class Listings {
  readonly #last = new Map<string, readonly string[]>();

  /** An order drawn by chance, other than the last one of each that is shown again. */
  arrange<T extends Listed>(listed: readonly T[], chance: Chance): readonly T[] {
    let order = shuffled(listed, chance);
    for (let count = 1; count < tries && !this.#isNew(order); count += 1) order = shuffled(listed, chance);
    // Two have only two orders, and chance may miss the other one for long.
    if (!this.#isNew(order)) order = order.toReversed();
    return order;
  }

  #isNew(order: readonly Listed[]): boolean {
    const keys = order.map(({ key }) => key);
    return order.every(({ key, again }) => !again || differs(this.#last.get(key), keys));
  }

  /** Something was said of what was shown in this order. */
  remember(order: readonly Pick<Listed, 'key'>[]): void {
    const keys = order.map(({ key }) => key);
    for (const key of keys) {
      this.#last.delete(key);
      this.#last.set(key, keys);
    }
    for (const oldest of this.#last.keys()) {
      if (this.#last.size <= limit) break;
      this.#last.delete(oldest);
    }
  }
}

/** Whether what both have in common comes in another order; in company that is wholly other it does. */
function differs(last: readonly string[] | undefined, now: readonly string[]): boolean {
  if (last === undefined) return true;
  const common = last.filter((key) => now.includes(key));
  if (common.length < 2) return last.length > 1 || now.length > 1;
  const again = now.filter((key) => last.includes(key));
  return again.some((key, place) => key !== common[place]);
}
