/** When a failed run is tried again, and when it is not. */
import type { Milliseconds } from '../model.ts';

export interface RetryPolicy {
  /** Wait before the second attempt; doubles with each one after it. */
  readonly baseDelay: Milliseconds;
  readonly maxDelay: Milliseconds;
}

export const defaultRetryPolicy: RetryPolicy = { baseDelay: 2_000, maxDelay: 300_000 };

/**
 * Exponential backoff with equal jitter (half fixed, half random), as in the AWS Architecture Blog, "Exponential
 * Backoff And Jitter": tasks that failed together do not come back together, and none comes back at once.
 * @param attempt how many attempts have failed, 1 or more
 * @param random uniform in [0, 1)
 */
export function retryDelay(policy: RetryPolicy, attempt: number, random: number): Milliseconds {
  const full = Math.min(policy.maxDelay, policy.baseDelay * 2 ** Math.min(attempt - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}

/** A program that says it failed for the moment is run this often, whatever else is said of it. */
export const temporaryAttempts = 3;

/** An interrupted task is run again by itself this often; then a human is asked. */
export const maxInterruptions = 5;

/** So often in a row a run may be told to slow down; then a human is asked. */
export const maxDeferrals = 20;
