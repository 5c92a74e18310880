/** How much a model is asked at a time, by how it has answered, and how long it is left alone when it has not. */
import type { Milliseconds } from '../model.ts';
import type { Chance } from '../ports.ts';
import { retryDelay } from '../workers/retryPolicy.ts';
import type { FailedCall } from './call.ts';
import { batchLimit } from './prompt.ts';

/** Calls at one time, while the model answers. */
export const callsAtOnce = 8;
/** Tokens that one may cost, for the limit of the day. */
const tokensOfCall = 20_000;
export const backoff = { baseDelay: 5_000, maxDelay: 300_000 };
/** When quota is used up and nobody says until when. */
const quotaWait: Milliseconds = 900_000;
/** Whatever is asked for, the model is tried again within a day. */
export const longestWait: Milliseconds = 86_400_000;
/** Tasks that may be refused one after the other, by themselves, before it is the model that refuses. */
const refusalsOfTasks = 3;

export class CallPace {
  /** Calls at one time: one after a failure, and twice as many with each answer. */
  #atOnce: number = callsAtOnce;
  #batchSize = batchLimit;
  #failures = 0;
  /** Tasks refused by themselves since the model has last answered; endless before it ever has. */
  #refusals = Infinity;

  /** Calls made at a time: no more than the tokens that are left are likely to allow. @param tokens null for no limit */
  callsWithin(tokens: number | null): number {
    if (tokens === null) return this.#atOnce;
    return Math.min(this.#atOnce, Math.max(1, Math.floor(tokens / tokensOfCall)));
  }

  /** Most tasks of a call. */
  get batchSize(): number {
    return this.#batchSize;
  }

  /** Calls that failed, one after the other. */
  get failures(): number {
    return this.#failures;
  }

  /** Another model, or the same under other conditions: what it did before says nothing. */
  begin(): void {
    this.#failures = 0;
    this.#refusals = Infinity;
    this.#batchSize = batchLimit;
  }

  /** @param whole false when the answer broke off */
  answered(tasks: number, whole: boolean): void {
    this.#failures = 0;
    this.#refusals = 0;
    this.#atOnce = Math.min(callsAtOnce, this.#atOnce * 2);
    this.#batchSize = whole ? Math.min(batchLimit, this.#batchSize * 2) : half(tasks);
  }

  /**
   * A call about a single task was refused.
   * @returns whether the endpoint, which answers about others, refuses this one; what refuses one after the other has
   * something else against them than their texts
   */
  refusedOne(): boolean {
    this.#refusals += 1;
    return this.#refusals <= refusalsOfTasks;
  }

  /** @returns how long to wait */
  failed({ failure, retryAfter }: Omit<FailedCall, 'kind'>, tasks: number, chance: Chance): Milliseconds {
    this.#failures += 1;
    this.#atOnce = 1;
    // A batch that is too much, or holds what the endpoint refuses, is asked about in smaller parts.
    if (failure === 'refused' || failure === 'timeout') this.#batchSize = half(tasks);
    const usual = failure === 'quota' ? quotaWait : retryDelay(backoff, this.#failures, chance.random());
    return Math.min(longestWait, retryAfter ?? usual);
  }
}

/** How long a call that was held back is to wait. */
export function waitOf({ retryAfter }: Pick<FailedCall, 'retryAfter'>): Milliseconds {
  return Math.min(longestWait, retryAfter ?? backoff.baseDelay);
}

function half(size: number): number {
  return Math.max(1, Math.floor(size / 2));
}
