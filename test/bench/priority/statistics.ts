/** Paired figures of several seeds. */
import { seededRandom } from '../../support/seededChance.ts';
import { median, percentile } from '../report.ts';

export interface Interval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2_000;

/** The median of paired ratios with its bootstrap 95 % interval (Efron, percentile method), the same every time. */
export function ratio(above: readonly number[], below: readonly number[]): Interval {
  const ratios = above.map((value, index) => value / (below[index] ?? NaN));
  const random = seededRandom(20);
  const medians = Array.from({ length: resamples }, () =>
    median(ratios.map(() => ratios[Math.floor(random() * ratios.length)] ?? NaN)),
  );
  return { median: median(ratios), low: percentile(medians, 2.5), high: percentile(medians, 97.5) };
}
