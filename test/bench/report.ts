/** The shape of a scoreboard, and the arithmetic every workload shares. */

export interface Check {
  readonly name: string;
  readonly value: number;
  readonly op: '>=' | '<=';
  readonly limit: number;
  readonly unit: string;
  readonly ok: boolean;
}

export interface WorkloadReport {
  /** System -> metric -> value. */
  readonly systems: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly checks: readonly Check[];
}

export type Workloads = Readonly<Record<string, () => Promise<WorkloadReport>>>;

/** A check of a measured value; a value that was not measured is never ok. */
export function check(name: string, value: number, op: Check['op'], limit: number, unit: string): Check {
  return { name, value, op, limit, unit, ok: op === '>=' ? value >= limit : value <= limit };
}

/** The value below which `percent` of the samples lie, by nearest rank; NaN without samples. */
export function percentile(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length));
  return sorted[rank - 1] ?? NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 50);
}
