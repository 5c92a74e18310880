/**
 * What the panel shows its page: the whole picture each time, never a difference, so that a page which has just been
 * made knows as much as one that has been there for an hour.
 */
import type { Tier } from '../core/loop/pollingTiers.ts';
import type {
  LatencySummary,
  LoopFigures,
  MemoryFigures,
  MetricRange,
  StoreFigures,
} from '../core/metrics/metrics.ts';
import type { Instant, Milliseconds } from '../core/model.ts';
import type { Counts } from '../core/ports.ts';
import { flag, list, Mismatch, nullable, number, object, oneOf, record, text } from './parse.ts';
import type { Parser } from './parse.ts';

/** The ranges in words, shortest first. */
export const rangeWords: Readonly<Record<MetricRange, string>> = {
  '5 min': '5 minutes',
  '1 h': '1 hour',
  '24 h': '24 hours',
};
export const ranges = Object.keys(rangeWords) as readonly MetricRange[];

const tierWords: Readonly<Record<Tier, true>> = { active: true, normal: true, low: true, dormant: true };

export interface WorkspaceFigures {
  readonly name: string;
  readonly tier: Tier;
  readonly paused: boolean;
}

/** The past of a range, oldest slot first. */
export interface SeriesPicture {
  readonly range: MetricRange;
  readonly step: Milliseconds;
  /** When the first slot begins; the others follow one after the other. */
  readonly from: Instant;
  readonly slots: number;
  /**
   * A value for each slot, null where nothing was measured. Called as in core: `completed`, `ready`; of what is timed
   * there are three, `wait.p50`, `wait.p95`, `wait.p99`.
   */
  readonly columns: Readonly<Record<string, readonly (number | null)[]>>;
  /** What is timed, over the whole range. */
  readonly spread: Readonly<Record<string, LatencySummary>>;
}

export interface MetricsPicture {
  readonly at: Instant;
  /** Who owns the tasks when it is not this window: that window measures, this one only looks on. */
  readonly ownedBy: string | null;
  readonly trusted: boolean;
  readonly workers: { readonly size: number; readonly busy: number };
  readonly totals: Counts;
  readonly workspaces: readonly WorkspaceFigures[];
  /** When this window began to measure. */
  readonly since: Instant;
  readonly store: StoreFigures | null;
  readonly loop: Omit<LoopFigures, 'tiers'>;
  readonly memory: MemoryFigures;
  /** Null while no model judges tasks. */
  readonly judging: JudgingFigures | null;
  /** Fuses that have blown and nobody has answered, oldest first. */
  readonly fuses: readonly FuseFigures[];
  /** What tasks share and use. */
  readonly resources: readonly ResourceFigures[];
  /** What each folder has had of the workers, when there are several. */
  readonly balances: readonly BalanceFigures[];
  readonly series: SeriesPicture;
}

export interface ResourceFigures {
  readonly name: string;
  /** What is left: of a pool the slots that are free. */
  readonly level: number;
  readonly capacity: number;
  /** Of a rate: what comes back in a second by the settings, and as answers have shown. */
  readonly perSecond: number | null;
  readonly inForce: number | null;
  /** Ready tasks that need it, and how much of it they need together. */
  readonly waiting: number;
  readonly wanted: number;
  /** So many that a person should know. */
  readonly isCrowded: boolean;
  /** Nobody has said how much there is. */
  readonly isAssumed: boolean;
  readonly heldUntil: Instant | null;
  /** Runs and calls that ended, and those that were told to call less often. */
  readonly answers: number;
  readonly limited: number;
}

export interface BalanceFigures {
  readonly name: string;
  /** Seconds of a worker. */
  readonly had: number;
  readonly weight: number;
}

export interface FuseFigures {
  readonly name: string;
  readonly reason: string;
  readonly at: Instant;
  /** It pauses; otherwise it only refuses. */
  readonly holds: boolean;
  /** When it ends by itself; null when only a person ends it. */
  readonly resumesAt: Instant | null;
}

/** What the model that judges tasks does, since this window began to measure. */
export interface JudgingFigures {
  readonly model: string | null;
  /** What it does now, in a sentence. */
  readonly state: string;
  readonly waiting: number;
  /** More wait than should. */
  readonly isBacklogged: boolean;
  /** Tasks judged without asking, and by asking. */
  readonly fromCache: number;
  readonly asked: number;
  readonly calls: number;
  readonly failedCalls: number;
  readonly tokensToday: number;
  readonly lastCall: { readonly at: Instant; readonly took: Milliseconds; readonly tasks: number } | null;
}

const latencies = {
  count: number,
  p50: nullable(number),
  p95: nullable(number),
  p99: nullable(number),
  longest: nullable(number),
} as const;
const spread = object<LatencySummary>(latencies);

const storeFigures = object<StoreFigures>({
  commits: number,
  syncs: number,
  syncTime: spread,
  tail: object<StoreFigures['tail']>({ records: number, bytes: number }),
  snapshot: object<StoreFigures['snapshot']>({
    taken: number,
    at: nullable(number),
    bytes: nullable(number),
    took: nullable(number),
  }),
});

const counts = object<Counts>({
  ready: number,
  blocked: number,
  scheduled: number,
  held: number,
  running: number,
  attention: number,
  completed: number,
  failed: number,
  cancelled: number,
});

const anySeries = object<SeriesPicture>({
  range: oneOf(ranges),
  step: number,
  from: number,
  slots: number,
  columns: record(list(nullable(number))),
  spread: record(spread),
});

const series: Parser<SeriesPicture> = (value) => {
  const found = anySeries(value);
  const uneven = Object.entries(found.columns).find(([, values]) => values.length !== found.slots);
  if (uneven !== undefined) throw new Mismatch(`${uneven[0]} has another length`);
  return found;
};

export const metricsPicture: Parser<MetricsPicture> = object<MetricsPicture>({
  at: number,
  ownedBy: nullable(text),
  trusted: flag,
  workers: object<MetricsPicture['workers']>({ size: number, busy: number }),
  totals: counts,
  workspaces: list(
    object<WorkspaceFigures>({ name: text, tier: oneOf(Object.keys(tierWords) as Tier[]), paused: flag }),
  ),
  since: number,
  store: nullable(storeFigures),
  loop: object<MetricsPicture['loop']>({
    scans: number,
    sleeps: number,
    lag: spread,
    stretch: object<MetricsPicture['loop']['stretch']>({ ...latencies, longestIn: nullable(text) }),
  }),
  memory: object<MemoryFigures>({ heapUsed: number, resident: number, database: nullable(number) }),
  judging: nullable(
    object<JudgingFigures>({
      model: nullable(text),
      state: text,
      waiting: number,
      isBacklogged: flag,
      fromCache: number,
      asked: number,
      calls: number,
      failedCalls: number,
      tokensToday: number,
      lastCall: nullable(
        object<NonNullable<JudgingFigures['lastCall']>>({ at: number, took: number, tasks: number }),
      ),
    }),
  ),
  fuses: list(
    object<FuseFigures>({ name: text, reason: text, at: number, holds: flag, resumesAt: nullable(number) }),
  ),
  resources: list(
    object<ResourceFigures>({
      name: text,
      level: number,
      capacity: number,
      perSecond: nullable(number),
      inForce: nullable(number),
      waiting: number,
      wanted: number,
      isCrowded: flag,
      isAssumed: flag,
      heldUntil: nullable(number),
      answers: number,
      limited: number,
    }),
  ),
  balances: list(object<BalanceFigures>({ name: text, had: number, weight: number })),
  series,
});
