import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  Histogram,
  mostBuckets,
  relativeError,
  shortestMeasured,
} from '../../../src/core/metrics/histogram.ts';

/** From a tenth of a microsecond to months, short and long ones alike. */
const duration = fc
  .double({ min: -4, max: 10, noNaN: true })
  .map((exponent) => 10 ** exponent)
  .filter((value) => value < 2 ** 30);
const durations = fc.array(fc.oneof(duration, fc.constant(0)), { minLength: 1, maxLength: 300 });

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

/** By nearest rank. */
function exact(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? NaN;
}

describe('a histogram', () => {
  it('knows every percentile within its relative error', () => {
    fc.assert(
      fc.property(durations, fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const [told, true_] = [histogramOf(values).percentile(percent) ?? NaN, exact(values, percent)];
        const allowed = Math.max(true_ * relativeError * (1 + 1e-9), shortestMeasured);
        assert.ok(Math.abs(told - true_) <= allowed, `${told} instead of ${true_}`);
      }),
    );
  });

  it('errs by less than three in a hundred', () => {
    assert.ok(relativeError < 0.03);
  });

  it('adds up with others to the histogram of everything', () => {
    fc.assert(
      fc.property(durations, durations, (some, others) => {
        const merged = histogramOf(some);
        merged.merge(histogramOf(others));
        assert.deepEqual(merged, histogramOf([...some, ...others]));
      }),
    );
  });

  it('is the same after it was written and read, to the microsecond', () => {
    fc.assert(
      fc.property(durations, (values) => {
        const data: unknown = JSON.parse(JSON.stringify(histogramOf(values)));
        const read = Histogram.parse(data);
        assert.deepEqual(JSON.parse(JSON.stringify(read)), data);
        assert.equal(read?.count, values.length);
      }),
    );
  });

  it('is exact about the longest, and about a single one', () => {
    const one = histogramOf([1234.5]);
    assert.deepEqual(one.summary(), { count: 1, p50: 1234.5, p95: 1234.5, p99: 1234.5, longest: 1234.5 });
    assert.equal(histogramOf([1, 7, 5]).summary().longest, 7);
  });

  it('says nothing while nothing was measured', () => {
    const empty = new Histogram();
    assert.deepEqual(empty.summary(), { count: 0, p50: null, p95: null, p99: null, longest: null });
    assert.deepEqual(Histogram.parse([]), empty);
  });

  it('stays small whatever it is given', () => {
    const histogram = histogramOf([0, Number.MAX_VALUE, 1e-300, -5, Infinity, 2 ** 40]);
    assert.ok(histogram.toJSON().length <= 3 + mostBuckets);
    assert.notEqual(Histogram.parse(JSON.parse(JSON.stringify(histogram))), undefined);
  });

  it('reads nothing else', () => {
    const rubbish: readonly unknown[] = [
      null,
      {},
      'x',
      [1],
      [1, 2, 3],
      [1, 2, 3, 0],
      [2, 1, 3, 1],
      [-1, 1, 3, 1],
      [1, 2, -3, 1],
      [1, 2, mostBuckets, 1],
      [1, 2, 3, -1],
      [1, 2, 3, 1.5],
      [1, 2, 3, '1'],
      [null, 2, 3, 1],
    ];
    for (const data of rubbish) assert.equal(Histogram.parse(data), undefined, JSON.stringify(data));
  });
});
