/**
 * What is left of a resource that refills or is used up, as of an instant. Pure: a bucket is only written when
 * something happens to it, and what has come back since is computed (lazy refill), so that nothing drifts.
 */
import type { Instant } from '../model.ts';
import { fullPace, grow } from './pace.ts';
import type { Pace } from './pace.ts';
import { periods } from './resource.ts';
import type { Resource } from './resource.ts';

export interface Bucket {
  /** What was left at `at`; below nothing when more was used than was reserved. */
  readonly level: number;
  readonly at: Instant;
  /** Nothing is taken before; null when it is not held. */
  readonly heldUntil: Instant | null;
  readonly pace: Pace;
}

export type Metered = Exclude<Resource, { kind: 'pool' }>;

const second = 1_000;
/** Far below what is ever asked for: what adding fractions leaves over is no lack. */
const dust = 1e-9;

/** One that nobody has taken from is full. */
export function fullBucket(resource: Resource, now: Instant): Bucket {
  return { level: resource.capacity, at: now, heldUntil: null, pace: fullPace };
}

/** How much comes back in a second, as far as is known. */
export function refillOf(resource: Metered, { pace }: Pick<Bucket, 'pace'>): number {
  return resource.kind === 'rate' ? resource.perSecond * pace.share : 0;
}

/**
 * The bucket as of `now`.
 * @param inFlight taken by what still runs: it may not have been sent yet, so the other side may be full without it
 */
export function settledAt(bucket: Bucket, resource: Metered, inFlight: number, now: Instant): Bucket {
  const most = resource.capacity - Math.min(inFlight, resource.capacity);
  if (now <= bucket.at) return { ...bucket, level: Math.min(bucket.level, most) };
  const { level, at, pace } = bucket;
  if (resource.kind === 'budget') {
    const period = periods[resource.period];
    const isOver = Math.floor(now / period) > Math.floor(at / period);
    return { ...bucket, level: isOver ? resource.capacity : Math.min(level, resource.capacity), at: now };
  }
  const refill = refillOf(resource, bucket);
  const back = ((now - at) / second) * refill;
  // Only while it is not full does anybody find out whether it comes back so fast.
  const untilFull = refill === 0 ? 0 : (Math.max(0, most - level) / refill) * second;
  return {
    ...bucket,
    level: Math.min(most, level + back),
    at: now,
    pace: grow(pace, Math.min(now - at, untilFull)),
  };
}

/** When `amount` can be taken of a bucket that is settled at `now`: `now` when it is there, Infinity for never. */
export function availableAt(bucket: Bucket, resource: Metered, amount: number, now: Instant): Instant {
  const from = Math.max(now, bucket.heldUntil ?? now);
  if (amount > resource.capacity) return Infinity;
  const lack = amount - bucket.level;
  if (lack <= dust) return from;
  if (resource.kind === 'rate') {
    const refill = refillOf(resource, bucket);
    return refill === 0 ? Infinity : Math.max(from, now + Math.ceil((lack / refill) * second));
  }
  const period = periods[resource.period];
  return Math.max(from, (Math.floor(now / period) + 1) * period);
}

/** After `amount` more was used than is counted, or less when it is below nothing. Its debt has a bound. */
export function charged(bucket: Bucket, resource: Metered, amount: number): Bucket {
  const level = Math.min(resource.capacity, Math.max(-resource.capacity, bucket.level - amount));
  return { ...bucket, level: Math.abs(level) < dust ? 0 : level };
}
