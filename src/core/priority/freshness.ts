/** How long what a model said may be used again. */
import type { Instant, Milliseconds } from '../model.ts';

const minute: Milliseconds = 60_000;

/** Older than this, a judgement is not fresh any more. */
export const freshFor: Milliseconds = 30 * minute;
/** Older than this, it is not used at all; in between it serves while it is asked for anew. */
export const servesFor: Milliseconds = 24 * 60 * minute;
/**
 * How long an answer without a number, or with one out of range, keeps its task from being asked about again: so long
 * at first, twice as long each time, but never as long as a sound answer counts.
 */
export const negativeFor: Milliseconds = minute;
export const negativeAtMost: Milliseconds = 16 * minute;
/** Entries of one moment are asked for anew within this time, not all at once. */
const spread: Milliseconds = 3 * minute;

/** `renew`: stale, and the time to ask anew has come. */
export type Freshness = 'fresh' | 'stale' | 'renew' | 'expired';

/** @param key decides, the same way every time, when a stale entry is asked for anew */
export function freshness(key: string, at: Instant, now: Instant): Freshness {
  const age = now - at;
  if (age <= freshFor) return 'fresh';
  if (age > servesFor) return 'expired';
  return now > renewsAt(key, at) ? 'renew' : 'stale';
}

/** After this instant what was said at `at` is asked for anew. */
export function renewsAt(key: string, at: Instant): Instant {
  return at + freshFor + spread * fractionOf(key);
}

/** In [0, 1); FNV-1a over the characters of the key (Fowler, Noll, Vo). */
function fractionOf(key: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < key.length; index += 1) {
    hash = Math.imul(hash ^ key.charCodeAt(index), 0x01_00_01_93) >>> 0;
  }
  return hash / 2 ** 32;
}
