/**
 * How durations are spread, in little room: counts in buckets whose bounds grow by a constant factor. So every
 * percentile is known within a constant relative error, and histograms add up. After Masson, Rim and Lee, "DDSketch: A
 * Fast and Fully-Mergeable Quantile Sketch with Relative-Error Guarantees", VLDB 2019.
 */
import type { Milliseconds } from '../model.ts';
import type { LatencySummary } from './metrics.ts';

/** Buckets for each doubling. */
const perOctave = 12;
const growth = 2 ** (1 / perOctave);
/** Percentiles differ from the true ones by at most this part of them: 2.9 %. */
export const relativeError = (growth - 1) / (growth + 1);

/** Shorter durations, in milliseconds, count as nothing; those beyond the longest (12 days) as the longest. */
export const shortestMeasured: Milliseconds = 2 ** -5;
const lowestOctave = -5;
const octaves = 35;
const longestMeasured: Milliseconds = 2 ** (lowestOctave + octaves);
/** How many buckets there can be. The first is for what counts as nothing. */
export const mostBuckets = 1 + octaves * perOctave;

/** `[shortest, longest, first bucket, how many in it, in the next, ...]`; empty when nothing was counted. */
export type HistogramData = readonly number[];

export class Histogram {
  /** Index of the first bucket in `#counts`; only those between the shortest and the longest are kept. */
  #first = 0;
  #counts: number[] = [];
  #count = 0;
  #shortest: Milliseconds = Infinity;
  #longest: Milliseconds = -Infinity;

  get count(): number {
    return this.#count;
  }

  add(measured: Milliseconds): void {
    const duration = measured > 0 ? Math.min(measured, longestMeasured) : 0;
    this.#addTo(bucketOf(duration), 1);
    this.#shortest = Math.min(this.#shortest, duration);
    this.#longest = Math.max(this.#longest, duration);
  }

  /** Counts what `other` has counted, too. */
  merge(other: Histogram): void {
    other.#counts.forEach((count, index) => {
      if (count > 0) this.#addTo(other.#first + index, count);
    });
    this.#shortest = Math.min(this.#shortest, other.#shortest);
    this.#longest = Math.max(this.#longest, other.#longest);
  }

  /**
   * The duration that `percent` of all do not exceed (nearest rank); null while there are none.
   * @param percent above 0, up to 100
   */
  percentile(percent: number): Milliseconds | null {
    if (this.#count === 0) return null;
    let left = Math.ceil((this.#count * percent) / 100);
    let index = 0;
    for (; index < this.#counts.length - 1; index += 1) {
      left -= this.#counts[index] ?? 0;
      if (left <= 0) break;
    }
    return Math.min(this.#longest, Math.max(this.#shortest, durationOf(this.#first + index)));
  }

  summary(): LatencySummary {
    return {
      count: this.#count,
      p50: this.percentile(50),
      p95: this.percentile(95),
      p99: this.percentile(99),
      longest: this.#count === 0 ? null : this.#longest,
    };
  }

  toJSON(): HistogramData {
    if (this.#count === 0) return [];
    return [thousandths(this.#shortest), thousandths(this.#longest), this.#first, ...this.#counts];
  }

  /** The histogram that `toJSON` gave; undefined when it cannot have been one. */
  static parse(data: unknown): Histogram | undefined {
    const histogram = new Histogram();
    if (!Array.isArray(data)) return undefined;
    if (data.length === 0) return histogram;
    const [shortest, longest, first, ...counts] = data as readonly unknown[];
    if (typeof shortest !== 'number' || typeof longest !== 'number' || typeof first !== 'number')
      return undefined;
    if (!(shortest >= 0) || !(longest >= shortest) || !counts.every(isCount)) return undefined;
    if (!isCount(first) || first + counts.length > mostBuckets || !counts.some((count) => count > 0))
      return undefined;
    counts.forEach((count, index) => {
      if (count > 0) histogram.#addTo(first + index, count);
    });
    histogram.#shortest = shortest;
    histogram.#longest = longest;
    return histogram;
  }

  #addTo(bucket: number, times: number): void {
    if (this.#counts.length === 0) this.#first = bucket;
    for (; bucket < this.#first; this.#first -= 1) this.#counts.unshift(0);
    while (bucket - this.#first >= this.#counts.length) this.#counts.push(0);
    const index = bucket - this.#first;
    this.#counts[index] = (this.#counts[index] ?? 0) + times;
    this.#count += times;
  }
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function bucketOf(duration: Milliseconds): number {
  if (!(duration >= shortestMeasured)) return 0;
  const bucket = 1 + Math.floor((Math.log2(duration) - lowestOctave) * perOctave);
  return Math.min(bucket, mostBuckets - 1);
}

/** The duration that differs from all of a bucket by the same part at most. */
function durationOf(bucket: number): Milliseconds {
  if (bucket === 0) return 0;
  const lower = 2 ** (lowestOctave + (bucket - 1) / perOctave);
  return (2 * lower * growth) / (1 + growth);
}

/** Microseconds are fine enough, and short to write. */
function thousandths(duration: Milliseconds): Milliseconds {
  return Math.round(duration * 1_000) / 1_000;
}
