/** The headline figures of each section. What was not measured is null, and is never shown as a nought. */
import type { MetricsPicture, ResourceFigures, SeriesPicture } from '../../shared/metricsPicture.ts';
import { rangeWords } from '../../shared/metricsPicture.ts';
import { firstMeasured } from './chartModel.ts';
import { notMeasured } from './formats.ts';
import type { Formats } from './formats.ts';

export interface Figure {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** A second, smaller line; empty when there is nothing to add. */
  readonly detail: string;
  readonly isMeasured: boolean;
  /** How much of a whole it is, from 0 to 1, where it is a part of one. */
  readonly part?: number;
}

const minute = 60_000;

function figure(id: string, label: string, value: string | null, detail = ''): Figure {
  return { id, label, value: value ?? notMeasured, detail, isMeasured: value !== null };
}

export function queueFigures({ totals }: MetricsPicture, formats: Formats): readonly Figure[] {
  const words = {
    ready: 'Ready',
    blocked: 'Blocked',
    scheduled: 'Scheduled',
    held: 'Held',
    running: 'Running',
    attention: 'Needs you',
    completed: 'Completed',
    failed: 'Failed',
    cancelled: 'Cancelled',
  } as const satisfies Record<keyof MetricsPicture['totals'], string>;
  return Object.entries(words).map(([state, label]) =>
    figure(state, label, formats.count(totals[state as keyof typeof words])),
  );
}

export function workFigures(picture: MetricsPicture, formats: Formats): readonly Figure[] {
  const { workers, series } = picture;
  const measures = picture.ownedBy === null;
  const completed = sum(series.columns.completed);
  const rate = throughput(picture);
  const range = rangeWords[series.range];
  return [
    figure(
      'workers',
      'Workers busy',
      measures ? `${formats.count(workers.busy)} / ${formats.count(workers.size)}` : null,
    ),
    figure(
      'throughput',
      'Throughput',
      rate === null ? null : `${formats.count(rate)} / min`,
      rate === null ? '' : `${formats.count(completed)} completed in ${range}`,
    ),
    ...percentiles('wait', 'Wait', series, formats),
    ...percentiles('run', 'Run', series, formats),
  ];
}

/**
 * Completed tasks a minute, from the first slot in which anything was measured until now; null when nothing was. Of
 * less than a minute it is what that time has brought: a rate is not made up from a few seconds.
 */
export function throughput({ at, ownedBy, series }: MetricsPicture): number | null {
  const { columns, from, step } = series;
  const first = firstMeasured(series);
  if (first === Infinity || ownedBy !== null) return null;
  const span = Math.max(minute, at - (from + first * step));
  return sum(columns.completed) / (span / minute);
}

export function storeFigures({ store, since, at }: MetricsPicture, formats: Formats): readonly Figure[] {
  const sinceText = `since ${formats.time(since, true)}`;
  const { tail, snapshot, syncTime } = store ?? {};
  const took = snapshot?.took ?? null;
  const bytes = snapshot?.bytes ?? null;
  return [
    figure('commits', 'Commits', store && formats.count(store.commits), store ? sinceText : ''),
    figure('syncs', 'Syncs', store && formats.count(store.syncs), store ? sinceText : ''),
    figure('sync-time', 'Sync time p95', known(syncTime?.p95, formats.duration), longest(syncTime, formats)),
    figure(
      'tail',
      'Journal tail',
      known(tail?.records, formats.count),
      tail === undefined ? '' : `records, ${formats.size(tail.bytes)}`,
    ),
    figure(
      'snapshot',
      'Last snapshot',
      known(snapshot?.at, (taken) =>
        at - taken < 86_400_000 ? formats.time(taken, true) : formats.moment(taken),
      ),
      [
        ...(bytes === null ? [] : [formats.size(bytes)]),
        ...(took === null ? [] : [formats.duration(took)]),
      ].join(' in '),
    ),
  ];
}

export function loopFigures(
  { loop, since, workspaces }: MetricsPicture,
  formats: Formats,
): readonly Figure[] {
  const { stretch, lag, scans } = loop;
  return [
    ...workspaces.map(({ name, tier, paused }, index) =>
      figure(`tier-${index}`, 'Tier', tier, paused ? `${name}, paused` : name),
    ),
    figure('scans', 'Scans', formats.count(scans), `since ${formats.time(since, true)}`),
    figure('lag', 'Timer lag p99', known(lag.p99, formats.duration), longest(lag, formats)),
    figure(
      'stretch',
      'Own stretch',
      known(stretch.longest, formats.duration),
      stretch.longestIn === null ? '' : `longest, in ${stretch.longestIn}`,
    ),
  ];
}

export function memoryFigures({ memory }: MetricsPicture, formats: Formats): readonly Figure[] {
  return [
    figure('heap', 'Heap used', formats.size(memory.heapUsed), 'with other extensions'),
    figure('resident', 'Resident', formats.size(memory.resident), 'with other extensions'),
    figure('database', 'Database', known(memory.database, formats.size)),
  ];
}

export function judgingFigures(
  { judging, since, series }: MetricsPicture,
  formats: Formats,
): readonly Figure[] {
  if (judging === null) return [];
  const { model, state, waiting, fromCache, asked, calls, failedCalls, tokensToday, lastCall } = judging;
  const judged = fromCache + asked;
  const sinceText = `since ${formats.time(since, true)}`;
  return [
    figure('judge', 'Model', model, state),
    figure('unjudged', 'Waiting for a judgement', formats.count(waiting), 'tasks'),
    figure(
      'hits',
      'Judged without asking',
      judged === 0 ? null : `${formats.count((100 * fromCache) / judged)} %`,
      judged === 0 ? '' : `${formats.count(fromCache)} of ${formats.count(judged)} judgements, ${sinceText}`,
    ),
    figure(
      'asked',
      'Tasks sent',
      formats.count(asked),
      `in ${formats.count(calls)} calls, ${formats.count(failedCalls)} failed`,
    ),
    figure(
      'last-call',
      'Last call',
      known(lastCall?.took, formats.duration),
      lastCall === null ? '' : `${formats.count(lastCall.tasks)} tasks, ${formats.time(lastCall.at, true)}`,
    ),
    figure('tokens', 'Tokens today', formats.count(tokensToday), 'counted by the endpoint, or estimated'),
    ...percentiles('rank', 'Priority time', series, formats, 'new tasks until they have their place'),
    ...percentiles('judge', 'Call', series, formats, 'calls to the model'),
  ];
}

function percentiles(
  column: 'wait' | 'run' | 'rank' | 'judge',
  label: string,
  series: SeriesPicture,
  formats: Formats,
  of = '',
): readonly Figure[] {
  const spread = series.spread[column];
  const detail =
    spread === undefined || spread.count === 0 ? '' : `of ${formats.count(spread.count)} ${of}`.trimEnd();
  return (['p50', 'p95', 'p99'] as const).map((percentile) =>
    figure(
      `${column}-${percentile}`,
      `${label} ${percentile}`,
      known(spread?.[percentile], formats.duration),
      detail,
    ),
  );
}

function longest(spread: { readonly longest: number | null } | undefined, formats: Formats): string {
  return known(spread?.longest, (value) => `longest ${formats.duration(value)}`) ?? '';
}

function known(value: number | null | undefined, write: (value: number) => string): string | null {
  return value === null || value === undefined ? null : write(value);
}

function sum(values: readonly (number | null)[] | undefined): number {
  return (values ?? []).reduce<number>((total, value) => total + (value ?? 0), 0);
}

export function fuseFigures({ fuses }: MetricsPicture, formats: Formats): readonly Figure[] {
  return fuses.map(({ name, reason, at, holds, resumesAt }, index) => {
    const until = resumesAt === null ? '' : ` until ${formats.time(resumesAt, false)}`;
    return figure(
      `fuse-${index}`,
      `${name} fuse`,
      holds ? `Paused${until}` : 'Refuses more',
      `${reason} Since ${formats.time(at, false)}.`,
    );
  });
}

/** What is left of each resource, and below it what is known of its use. */
export function resourceFigures({ resources, at }: MetricsPicture, formats: Formats): readonly Figure[] {
  const { count } = formats;
  return resources.map((resource) => {
    const { name, level, capacity, waiting, answers, limited } = resource;
    const share = answers === 0 ? '' : ` (${count((100 * limited) / answers)} %)`;
    const details = [
      heldText(resource, at, formats),
      ...rateTexts(resource, formats),
      `${count(waiting)} ready`,
      startsText(resource, formats),
      `${count(answers)} ended`,
      limited === 0 ? '' : `${count(limited)} told to slow down${share}`,
    ];
    return {
      ...figure(
        `resource-${name}`,
        name,
        `${count(Math.floor(level * 10) / 10)} / ${count(capacity)}`,
        details.filter((part) => part !== '').join(' · '),
      ),
      part: partOf(level, capacity),
    };
  });
}

/** More than half a year is until somebody lets it go. */
const forLong = 180 * 1_440 * minute;

function heldText({ heldUntil }: ResourceFigures, at: number, formats: Formats): string {
  if (heldUntil === null || heldUntil <= at) return '';
  if (heldUntil - at > forLong) return 'held until released';
  return `held until ${formats.time(heldUntil, true)}, ${formats.duration(heldUntil - at)} more`;
}

/** What comes back, and what the settings say where that is more. */
function rateTexts({ perSecond, inForce, isAssumed }: ResourceFigures, formats: Formats): readonly string[] {
  if (perSecond === null || inForce === null) return [];
  const isSlowed = inForce < perSecond && !isAssumed;
  return [
    rateText(inForce, formats),
    isSlowed ? `of ${rateText(perSecond, formats)} set` : '',
    isAssumed ? 'as answers show, or assumed' : '',
  ];
}

function rateText(perSecond: number, { count }: Formats): string {
  if (perSecond >= 0.5) return `${count(perSecond)}/s`;
  return perSecond * 60 >= 0.5 ? `${count(perSecond * 60)}/min` : `${count(perSecond * 3_600)}/h`;
}

/** What comes back is all that is reckoned with, so it may take longer. */
function startsText({ wanted, level, inForce }: ResourceFigures, formats: Formats): string {
  if (inForce === null || inForce <= 0 || wanted <= level) return '';
  return `at least ${formats.duration(((wanted - level) / inForce) * 1_000)} until all have started`;
}

function partOf(amount: number, whole: number): number {
  return whole <= 0 ? 0 : Math.min(1, Math.max(0, amount / whole));
}

/** What each folder has had of the workers. */
export function balanceFigures({ balances }: MetricsPicture, formats: Formats): readonly Figure[] {
  const all = balances.reduce((total, { had }) => total + had, 0);
  return balances.map(({ name, had, weight }, index) => ({
    ...figure(
      `balance-${index}`,
      name,
      all === 0 ? null : `${formats.count((100 * had) / all)} %`,
      `${formats.duration(had * 1_000)} of workers${weight === 1 ? '' : `, weight ${formats.count(weight)}`}`,
    ),
    part: partOf(had, all),
  }));
}
