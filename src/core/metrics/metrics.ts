/**
 * What was measured, as the screens read it. Plain data that survives `JSON.stringify`; every number was counted or
 * timed, and what was not measured is null.
 */
import type { Tier } from '../loop/pollingTiers.ts';
import type { Instant, Milliseconds, WorkspaceId } from '../model.ts';

/** How a set of durations is spread. Percentiles are null while there is nothing to take them of. */
export interface LatencySummary {
  readonly count: number;
  readonly p50: Milliseconds | null;
  readonly p95: Milliseconds | null;
  readonly p99: Milliseconds | null;
  readonly longest: Milliseconds | null;
}

/** The store since it was opened. */
export interface StoreFigures {
  readonly commits: number;
  readonly syncs: number;
  /** How long syncs took. */
  readonly syncTime: LatencySummary;
  /** What recovery would have to replay: commits and bytes behind the last snapshot. */
  readonly tail: { readonly records: number; readonly bytes: number };
  readonly snapshot: {
    readonly taken: number;
    readonly at: Instant | null;
    readonly bytes: number | null;
    readonly took: Milliseconds | null;
  };
}

/** The event loop and the thread since the start. */
export interface LoopFigures {
  readonly scans: number;
  /** Times the machine slept. */
  readonly sleeps: number;
  /** How late timers fired. */
  readonly lag: LatencySummary;
  /** How long Podium's own code held the thread at a stretch, and what the longest was doing. */
  readonly stretch: LatencySummary & { readonly longestIn: string | null };
  readonly tiers: readonly {
    readonly workspaceId: WorkspaceId;
    readonly name: string;
    readonly tier: Tier;
  }[];
}

/** Bytes of the process Podium runs in, which it shares with other extensions, and of its own database. */
export interface MemoryFigures {
  readonly heapUsed: number;
  readonly resident: number;
  readonly database: number | null;
}

/** The figures of this moment. */
export interface Metrics {
  /** When this window began to measure. */
  readonly since: Instant;
  /** Null in a window that only watches: the store is written elsewhere. */
  readonly store: StoreFigures | null;
  readonly loop: LoopFigures;
  readonly memory: MemoryFigures;
  /** More tasks wait for a judgement than should. */
  readonly isBacklogged: boolean;
}

/*
 * Columns are only ever added, and at the end of their list: a past that was saved before lacks the newest ones.
 */

/** Time ranges that are kept: the length of a slot and how many there are. */
export const metricRanges = {
  '5 min': { step: 1_000, slots: 300 },
  '1 h': { step: 10_000, slots: 360 },
  '24 h': { step: 300_000, slots: 288 },
} as const satisfies Record<string, { readonly step: Milliseconds; readonly slots: number }>;
export type MetricRange = keyof typeof metricRanges;

/**
 * What is counted in each slot: how many during it. `retried`: runs that failed and will be repeated by themselves.
 * `cancelled`: with those that were cancelled while they waited.
 */
export const countedColumns = [
  'added',
  'started',
  'completed',
  'failed',
  'cancelled',
  'retried',
  'scans',
  'commits',
  'syncs',
] as const;
export type CountedColumn = (typeof countedColumns)[number];

/**
 * What is read when something happened or a screen looks: the last reading of each slot, null where there was none. So
 * between two readings the number of tasks did not change. `waiting`: for prerequisites or for an instant; `unjudged`:
 * for a judgement. Tasks are counted in the open folders.
 */
export const gaugeColumns = [
  'ready',
  'waiting',
  'running',
  'attention',
  'workers',
  'heapUsed',
  'tailBytes',
  'unjudged',
] as const;
export type GaugeColumn = (typeof gaugeColumns)[number];

/** What is timed: percentiles of each slot, null where nothing was timed. */
export const timedColumns = ['wait', 'run', 'lag', 'stretch', 'sync', 'rank', 'judge'] as const;
export type TimedColumn = (typeof timedColumns)[number];

export interface TimedSeries {
  readonly p50: readonly (Milliseconds | null)[];
  readonly p95: readonly (Milliseconds | null)[];
  readonly p99: readonly (Milliseconds | null)[];
  /** Over the whole range. */
  readonly all: LatencySummary;
}

/** The past of one range, oldest slot first; every list is as long as `at`. */
export interface MetricsSeries {
  readonly range: MetricRange;
  readonly step: Milliseconds;
  /** When each slot begins. Contiguous; the last one is still being filled. */
  readonly at: readonly Instant[];
  readonly counted: Readonly<Record<CountedColumn, readonly number[]>>;
  readonly gauges: Readonly<Record<GaugeColumn, readonly (number | null)[]>>;
  /**
   * `wait`: from ready to claimed. A task is ready when it was added, asked for again or due, and its last prerequisite
   * was completed; being paused counts as waiting. `run`: from started to settled. `lag`: how late timers fired.
   * `stretch`: how long Podium's own code held the thread. `sync`: until commits were on disk. `rank`: from a
   * new task, or several added together, to their provisional place in the order. `judge`: a call to the judging model,
   * also one that failed.
   */
  readonly timed: Readonly<Record<TimedColumn, TimedSeries>>;
}
