/** Pictures for the tests of the page: a test says only what it is about. */
import type { LatencySummary } from '../../../src/core/metrics/metrics.ts';
import type { MetricsPicture, SeriesPicture } from '../../../src/shared/metricsPicture.ts';

export const now = Date.UTC(2030, 0, 15, 12, 0, 0);

export const nothingTimed: LatencySummary = { count: 0, p50: null, p95: null, p99: null, longest: null };

/** Four slots of a second up to now; columns that are not named are not there. */
export function series(
  columns: SeriesPicture['columns'] = {},
  over: Partial<SeriesPicture> = {},
): SeriesPicture {
  return { range: '5 min', step: 1_000, from: now - 3_000, slots: 4, columns, spread: {}, ...over };
}

export function picture(over: Partial<MetricsPicture> = {}): MetricsPicture {
  return {
    at: now,
    ownedBy: null,
    trusted: true,
    workers: { size: 10, busy: 0 },
    totals: {
      ready: 0,
      blocked: 0,
      scheduled: 0,
      held: 0,
      running: 0,
      attention: 0,
      completed: 0,
      failed: 0,
      cancelled: 0,
    },
    fuses: [],
    resources: [],
    balances: [],
    workspaces: [{ name: 'project', tier: 'active', paused: false }],
    since: now - 60_000,
    store: {
      commits: 3,
      syncs: 2,
      syncTime: { count: 2, p50: 1, p95: 2, p99: 2, longest: 2 },
      tail: { records: 3, bytes: 2_048 },
      snapshot: { taken: 0, at: null, bytes: null, took: null },
    },
    loop: { scans: 4, sleeps: 0, lag: nothingTimed, stretch: { ...nothingTimed, longestIn: null } },
    memory: { heapUsed: 50 * 1_024 ** 2, resident: 200 * 1_024 ** 2, database: 40_960 },
    judging: null,
    series: series(),
    ...over,
  };
}
