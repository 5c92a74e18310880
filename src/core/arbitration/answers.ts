/** What answers from outside teach of a resource: how long it rests, and how fast it may be used afterwards. Pure. */
import type { Instant, Milliseconds } from '../model.ts';
import type { RateFacts } from '../models.ts';
import type { Bucket, Metered } from './bucket.ts';
import { breakAfter, cut, cutSpike, leastTold, mostShare, oneMoreRetry, succeeded } from './pace.ts';
import type { Resource } from './resource.ts';

const second: Milliseconds = 1_000;
/** How long a resource is left alone that is taken to be down, at first and at most. */
const breakFor: Milliseconds = 30_000;
const breakAtMost: Milliseconds = 300_000;
/** How long a resource rests that asks for fewer calls and does not say for how long. */
const rest: Milliseconds = 5_000;
const spikeRest: Milliseconds = 1_000;
/** Whatever is asked for, it is tried again within a day. */
const longestRest: Milliseconds = 86_400_000;

/** What an answer from outside says of a resource. */
export type Answer =
  | { readonly kind: 'ok' }
  /** It failed, whatever it was asked. `retryAfter`: for how long it asked to be left alone. */
  | { readonly kind: 'failing'; readonly retryAfter: Milliseconds | null }
  /** It asks for fewer calls. `startedAt`: of the run or call that was told so. */
  | {
      readonly kind: 'limited';
      readonly startedAt: Instant;
      readonly retryAfter: Milliseconds | null;
    };

/**
 * The bucket after an answer; the same one when nothing has changed.
 * @param recent what was taken around the time at which what was answered so began
 */
export function afterAnswer(
  bucket: Bucket,
  resource: Metered,
  answer: Answer,
  recent: number,
  now: Instant,
): Bucket {
  switch (answer.kind) {
    case 'ok': {
      const better = succeeded(bucket.pace);
      return better === bucket.pace ? bucket : { ...bucket, pace: better };
    }
    case 'failing':
      return afterFailure(bucket, answer.retryAfter, now);
    case 'limited':
      return afterLimit(bucket, resource, answer, recent, now);
  }
}

function afterFailure(bucket: Bucket, retryAfter: Milliseconds | null, now: Instant): Bucket {
  const failures = bucket.pace.failures + 1;
  const broken = failures < breakAfter ? 0 : Math.min(breakAtMost, breakFor * 2 ** (failures - breakAfter));
  const rests = Math.max(broken, Math.min(longestRest, retryAfter ?? 0));
  const heldUntil = rests === 0 ? bucket.heldUntil : later(bucket.heldUntil, now + rests);
  return { ...bucket, heldUntil, pace: { ...oneMoreRetry(bucket.pace), failures } };
}

function afterLimit(
  bucket: Bucket,
  resource: Metered,
  { startedAt, retryAfter }: Extract<Answer, { kind: 'limited' }>,
  recent: number,
  now: Instant,
): Bucket {
  const { pace } = bucket;
  const asked = retryAfter === null ? null : now + Math.min(longestRest, Math.max(100, retryAfter));
  // What was sent before it was cut last says nothing new.
  if (startedAt < pace.cutAt) return { ...bucket, heldUntil: later(bucket.heldUntil, asked ?? 0) };
  if (resource.kind === 'rate' && isSpike(resource, bucket, recent, retryAfter)) {
    const heldUntil = later(bucket.heldUntil, asked ?? now + spikeRest);
    return { ...bucket, heldUntil, pace: oneMoreRetry(cutSpike(pace, recent, startedAt, now)) };
  }
  const heldUntil = later(bucket.heldUntil, asked ?? now + rest);
  // A budget is one's own: being told to wait uses nothing of it up.
  if (resource.kind === 'budget') return { ...bucket, heldUntil, pace: oneMoreRetry(pace) };
  // The other side has nothing left, whatever was reckoned here.
  const level = Math.min(0, bucket.level);
  return { ...bucket, level, heldUntil, pace: oneMoreRetry(cut(pace, startedAt, now)) };
}

/** Whether too much was sent at once, rather than all in all: much at a time, though there is plenty. */
function isSpike(
  resource: Extract<Resource, { kind: 'rate' }>,
  bucket: Bucket,
  recent: number,
  retryAfter: Milliseconds | null,
): boolean {
  if (retryAfter !== null && retryAfter > 2 * second) return false;
  // A limit that is known has been kept to.
  return resource.spike === null && recent > Math.max(1, resource.perSecond) && bucket.level >= 1;
}

/**
 * The bucket after the other side has told of its limits. They count where they are less than what was reckoned; where
 * nobody had said anything, also where they are more.
 * @param others what is under way and was not counted there yet
 */
export function afterTold(
  bucket: Bucket,
  resource: Extract<Resource, { kind: 'rate' }>,
  { limit, remaining, reset }: RateFacts,
  others: number,
): Bucket {
  const { capacity, perSecond, isAssumed = false, windowShare = 1 } = resource;
  const left = Math.min(capacity, remaining * windowShare - others);
  const level = isAssumed ? left : Math.min(bucket.level, left);
  if (limit === null || reset === null || reset <= 0 || remaining >= limit) return { ...bucket, level };
  const told = (windowShare * (limit - remaining)) / (reset / second);
  const share = Math.min(isAssumed ? mostShare : 1, Math.max(leastTold, told / perSecond));
  return { ...bucket, level, pace: { ...bucket.pace, share, ceiling: share, grown: 0 } };
}

function later(one: Instant | null, other: Instant): Instant | null {
  if (one === null) return other === 0 ? null : other;
  return Math.max(one, other);
}
