/** Meanings whose answers made no sense: left alone for a while, and for good after some tries. */
import type { Instant } from '../model.ts';
import { negativeFor } from './freshness.ts';

/** A meaning whose answer made no sense so often is not asked about any more. */
export const patience = 3;
/** So many are remembered; the oldest is forgotten. */
const limit = 1_000;

export class Trouble {
  readonly #entries = new Map<string, { readonly times: number; readonly until: Instant }>();

  /**
   * An answer made no sense.
   * @param leftOut it was missing or given twice, which is asked about once more at once
   * @returns how often that has happened
   */
  note(key: string, leftOut: boolean, now: Instant): number {
    const times = (this.#entries.get(key)?.times ?? 0) + 1;
    this.#entries.delete(key);
    this.#entries.set(key, { times, until: leftOut && times < 2 ? now : now + negativeFor });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > limit && oldest !== undefined) this.#entries.delete(oldest);
    return times;
  }

  /** It has been answered. */
  end(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }

  mayAsk(key: string, now: Instant): boolean {
    return (this.#entries.get(key)?.until ?? 0) <= now;
  }

  /** When the next one may be asked about again, or null. */
  nextAt(now: Instant): Instant | null {
    const next = [...this.#entries.values()].map(({ until }) => until).filter((until) => until > now);
    return next.length === 0 ? null : Math.min(...next);
  }
}
