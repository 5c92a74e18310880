/**
 * Meanings whose answers made no sense: the negative cache. Each is left alone for a minute, then for longer and
 * longer, and nothing else remembers what stood in for its answer.
 */
import type { Instant } from '../model.ts';
import { negativeAtMost, negativeFor } from './freshness.ts';

/** So many are remembered; the oldest is forgotten. */
const limit = 1_000;

interface Entry {
  /** Answers without sense, one after the other. */
  readonly times: number;
  /** Those of them after which it was left alone. */
  readonly waits: number;
  readonly until: Instant;
}

export class Trouble {
  readonly #entries = new Map<string, Entry>();

  /**
   * An answer made no sense.
   * @param leftOut it was missing or given twice, which is asked about once more at once
   * @returns how often that has happened
   */
  note(key: string, leftOut: boolean, now: Instant): number {
    const { times = 0, waits = 0 } = this.#entries.get(key) ?? {};
    this.#entries.delete(key);
    const isWait = !leftOut || times > 0;
    const until = isWait ? now + Math.min(negativeAtMost, negativeFor * 2 ** waits) : now;
    this.#entries.set(key, { times: times + 1, waits: waits + (isWait ? 1 : 0), until });
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > limit && oldest !== undefined) this.#entries.delete(oldest);
    return times + 1;
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
