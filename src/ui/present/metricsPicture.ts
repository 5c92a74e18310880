/** What the page of the metrics is shown, from what every screen reads and the past of one range. */
import type { MetricsSeries } from '../../core/metrics/metrics.ts';
import type { ResourceView } from '../../core/arbitration/resourceControl.ts';
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type {
  BalanceFigures,
  JudgingFigures,
  MetricsPicture,
  SeriesPicture,
} from '../../shared/metricsPicture.ts';
import { refinerText } from './refinerText.ts';
import { fuseNames } from './tripRow.ts';

export function metricsPicture(snapshot: Snapshot, series: MetricsSeries): MetricsPicture {
  const { at, role, trusted, workers, totals, workspaces, metrics } = snapshot;
  const { tiers: _tiers, ...loop } = metrics.loop;
  return {
    at,
    ownedBy: role.kind === 'reader' ? role.ownedBy : null,
    trusted,
    workers,
    totals,
    workspaces: workspaces.map(({ workspace, tier }) => ({
      name: workspace.name,
      tier,
      paused: workspace.pause !== null,
    })),
    since: metrics.since,
    store: metrics.store,
    loop,
    memory: metrics.memory,
    judging: judgingFigures(snapshot),
    fuses: snapshot.trips.map(({ fuse, reason, at: blown, holds, resumesAt }) => ({
      name: fuseNames[fuse],
      reason,
      at: blown,
      holds,
      resumesAt,
    })),
    resources: snapshot.resources
      .filter(isUsed)
      .map(({ kind: _kind, level, ...resource }) => ({ ...resource, level: shortened(level) ?? 0 })),
    balances: balanceFigures(snapshot),
    series: seriesPicture(series),
  };
}

/** One that nobody has used or waited for since this window began says nothing. */
function isUsed({ level, capacity, waiting, heldUntil, answers }: ResourceView): boolean {
  return level < capacity || waiting > 0 || heldUntil !== null || answers > 0;
}

function balanceFigures({ balances, workspaces, role }: Snapshot): readonly BalanceFigures[] {
  if (balances.length < 2 || role.kind === 'reader') return [];
  return balances.flatMap(({ workspaceId, had, weight }) => {
    const name = workspaces.find(({ workspace }) => workspace.id === workspaceId)?.workspace.name;
    return name === undefined ? [] : [{ name, had, weight }];
  });
}

function judgingFigures({ refiner, at, role, metrics }: Snapshot): JudgingFigures | null {
  if (refiner === null || refiner.state.kind === 'off' || role.kind === 'reader') return null;
  const { model, first, second, fromCache, asked, calls, failedCalls, tokensToday, lastCall } = refiner;
  const state = refinerText(refiner, at).join(' ');
  return {
    model,
    state,
    waiting: first + second,
    isBacklogged: metrics.isBacklogged,
    fromCache,
    asked,
    calls,
    failedCalls,
    tokensToday,
    lastCall,
  };
}

function seriesPicture({ range, step, at, counted, gauges, timed }: MetricsSeries): SeriesPicture {
  const columns: Record<string, readonly (number | null)[]> = { ...counted, ...gauges };
  for (const [name, { p50, p95, p99 }] of Object.entries(timed)) {
    columns[`${name}.p50`] = p50.map(shortened);
    columns[`${name}.p95`] = p95.map(shortened);
    columns[`${name}.p99`] = p99.map(shortened);
  }
  const spread = Object.fromEntries(Object.entries(timed).map(([name, { all }]) => [name, all]));
  return { range, step, from: at[0] ?? 0, slots: at.length, columns, spread };
}

/** Four digits: percentiles are known to 3 %, and a message with all seventeen is three times as long. */
function shortened(value: number | null): number | null {
  return value === null ? null : Number(value.toPrecision(4));
}
