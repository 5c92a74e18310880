/** What is left of a resource, and how fast it may be used. */
import assert from 'node:assert/strict';
import { availableAt, charged, fullBucket, settledAt } from '../../../../src/core/arbitration/bucket.ts';
import type { Bucket, Metered } from '../../../../src/core/arbitration/bucket.ts';
import {
  afterCut,
  cut,
  cutSpike,
  fullPace,
  grow,
  leastShare,
} from '../../../../src/core/arbitration/pace.ts';

const rate: Metered = { kind: 'rate', capacity: 10, perSecond: 0.5, spike: null };
const hourly: Metered = { kind: 'budget', capacity: 100, period: 'hour' };
const hour = 3_600_000;

const take = (bucket: Bucket, resource: Metered, amount: number, now: number): Bucket =>
  charged(settledAt(bucket, resource, 0, now), resource, amount);

describe('a bucket', () => {
  it('is full until somebody takes of it, refills all the time, and is never fuller than full', () => {
    const after = take(fullBucket(rate, 0), rate, 10, 0);
    assert.equal(after.level, 0);
    assert.equal(settledAt(after, rate, 0, 3_000).level, 1.5);
    assert.equal(settledAt(after, rate, 0, hour).level, 10);
  });

  it('says to the millisecond when enough is there, and never for more than there can be', () => {
    const after = take(fullBucket(rate, 0), rate, 10, 0);
    assert.equal(availableAt(after, rate, 1, 0), 2_000);
    assert.equal(availableAt(after, rate, 3, 0), 6_000);
    assert.equal(availableAt(after, rate, 11, 0), Infinity);
  });

  it('does not drift, however often it is looked at', () => {
    const slow: Metered = { kind: 'rate', capacity: 1_000_000, perSecond: 0.1, spike: null };
    let bucket = { ...fullBucket(slow, 0), level: 0 };
    let sent = 0;
    for (let step = 1; step <= 1_000_000; step += 1) {
      bucket = settledAt(bucket, slow, 0, step * 7);
      if (step % 1_000 === 0 && bucket.level >= 0.3) {
        bucket = charged(bucket, slow, 0.3);
        sent += 0.3;
      }
    }
    const refilled = 7_000_000 * 0.0001;
    assert.ok(
      Math.abs(bucket.level - (refilled - sent)) < 1e-6,
      `off by ${bucket.level - (refilled - sent)}`,
    );
  });

  it('is no fuller than what runs leaves room for: the other side may not have been asked yet', () => {
    const after = charged(fullBucket(rate, 0), rate, 4);
    assert.equal(settledAt(after, rate, 4, hour).level, 6);
    assert.equal(settledAt(after, rate, 0, hour).level, 10);
  });

  it('of a budget is full again when the hour is over, and not before', () => {
    const spent = take(fullBucket(hourly, hour), hourly, 100, hour + 5);
    assert.equal(settledAt(spent, hourly, 0, 2 * hour - 1).level, 0);
    assert.equal(settledAt(spent, hourly, 0, 2 * hour).level, 100);
    assert.equal(availableAt(spent, hourly, 1, hour + 5), 2 * hour);
  });

  it('owes what was used beyond what was reserved, up to a bound', () => {
    const owing = charged({ ...fullBucket(rate, 0), level: 1 }, rate, 4);
    assert.equal(owing.level, -3);
    assert.equal(availableAt(owing, rate, 1, 0), 8_000);
    assert.equal(charged(owing, rate, 1_000).level, -10);
  });

  it('gives nothing back for a clock that runs backwards', () => {
    const after = take(fullBucket(rate, hour), rate, 10, hour);
    assert.equal(settledAt(after, rate, 0, 0).level, 0);
  });
});

describe('the pace of a resource', () => {
  it('is cut by a third and grows back along a curve that is flat where it was too much', () => {
    const slower = cut(fullPace, 5, 10);
    assert.equal(slower.share, afterCut);
    const at = (seconds: number): number => grow(slower, seconds * 1_000).share;
    assert.ok(at(30) > afterCut && at(30) < at(60) && at(60) < at(120));
    assert.ok(Math.abs(at(120) - 1) < 1e-9);
    assert.ok(at(60) - at(30) > at(120) - at(90), 'fast at first, slow near the ceiling');
  });

  it('goes beyond where it was cut in the end, but not beyond the settings', () => {
    const twice = cut(cut(fullPace, 1, 1), 2, 2);
    assert.ok(Math.abs(twice.share - afterCut ** 2) < 1e-9);
    assert.ok(grow(twice, 200_000).share > afterCut);
    assert.equal(grow(twice, 3_600_000).share, 1);
  });

  it('is cut once by all that was sent before it was', () => {
    const slower = cut(fullPace, 5, 10);
    assert.equal(cut(slower, 9, 12), slower);
    assert.notEqual(cut(slower, 11, 12), slower);
  });

  it('has a floor', () => {
    let pace = fullPace;
    for (let time = 1; time < 100; time += 1) pace = cut(pace, time, time);
    assert.equal(pace.share, leastShare);
  });

  it('does not grow while nobody needs what there is', () => {
    const slower: Bucket = { ...fullBucket(rate, 0), level: 9, pace: cut(fullPace, 0, 0) };
    const { share } = slower.pace;
    // One unit short: for about three seconds it is needed, for the rest of the hour it is not.
    const later = settledAt(slower, rate, 0, hour).pace;
    assert.ok(later.grown < 3_000 && later.share < share + 0.05);
  });

  it('learns how much is too much at a time, and tries one more after five minutes', () => {
    const learned = cutSpike(fullPace, 9, 0, 1);
    assert.equal(learned.spike, 6);
    assert.equal(learned.share, 1);
    assert.equal(grow(learned, 299_000).spike, 6);
    assert.equal(grow(learned, 301_000).spike, 7);
  });
});
