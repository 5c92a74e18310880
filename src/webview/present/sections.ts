/** The sections of the page as data, top to bottom. One whose data does not exist is not drawn: to add one, add it. */
import type { MetricsPicture } from '../../shared/metricsPicture.ts';
import type { ChartSpec, LineSpec } from './chartModel.ts';
import {
  balanceFigures,
  fuseFigures,
  judgingFigures,
  loopFigures,
  memoryFigures,
  queueFigures,
  resourceFigures,
  storeFigures,
  workFigures,
} from './figures.ts';
import type { Figure } from './figures.ts';
import type { Formats } from './formats.ts';

export interface Section {
  readonly id: string;
  readonly title: string;
  /** Whether there is anything to show in it. */
  readonly isThere: (picture: MetricsPicture) => boolean;
  readonly figures: (picture: MetricsPicture, formats: Formats) => readonly Figure[];
  readonly charts: readonly ChartSpec[];
}

const percentiles = (column: string): readonly LineSpec[] => [
  { label: 'p50', color: 'blue', column: `${column}.p50`, kind: 'reading' },
  { label: 'p95', color: 'purple', column: `${column}.p95`, kind: 'reading' },
  { label: 'p99', color: 'yellow', column: `${column}.p99`, kind: 'reading' },
];

export const sections: readonly Section[] = [
  {
    id: 'tasks',
    title: 'Tasks',
    isThere: (picture) => hasSeenTasks(picture),
    figures: queueFigures,
    charts: [
      {
        id: 'queue',
        title: 'Queue depth',
        unit: 'count',
        lines: [
          { label: 'Ready', color: 'blue', column: 'ready', kind: 'level' },
          { label: 'Waiting', color: 'purple', column: 'waiting', kind: 'level' },
          { label: 'Running', color: 'green', column: 'running', kind: 'level' },
          { label: 'Needs you', color: 'yellow', column: 'attention', kind: 'level' },
        ],
      },
    ],
  },
  {
    id: 'work',
    title: 'Work',
    isThere: (picture) => hasSeenTasks(picture),
    figures: workFigures,
    charts: [
      {
        id: 'workers',
        title: 'Workers',
        unit: 'count',
        lines: [
          { label: 'Busy', color: 'green', column: 'running', kind: 'level' },
          { label: 'Size', color: 'blue', column: 'workers', kind: 'level' },
        ],
      },
      {
        id: 'throughput',
        title: 'Throughput',
        unit: 'count',
        lines: [
          { label: 'Added', color: 'blue', column: 'added', kind: 'during' },
          { label: 'Completed', color: 'green', column: 'completed', kind: 'during' },
          { label: 'Failed', color: 'red', column: 'failed', kind: 'during' },
        ],
      },
      { id: 'wait', title: 'Wait, from ready to claimed', unit: 'milliseconds', lines: percentiles('wait') },
      { id: 'run', title: 'Run, from started to settled', unit: 'milliseconds', lines: percentiles('run') },
    ],
  },
  {
    id: 'resources',
    title: 'Resources',
    isThere: ({ resources }) => resources.length > 0,
    figures: resourceFigures,
    charts: [],
  },
  {
    id: 'shares',
    title: 'Shares of the folders',
    isThere: ({ balances }) => balances.length > 1,
    figures: balanceFigures,
    charts: [],
  },
  {
    id: 'fuses',
    title: 'Fuses',
    isThere: ({ fuses }) => fuses.length > 0,
    figures: fuseFigures,
    charts: [],
  },
  {
    id: 'judging',
    title: 'Judging',
    isThere: ({ judging }) => judging !== null,
    figures: judgingFigures,
    charts: [
      {
        id: 'unjudged',
        title: 'Waiting for a judgement',
        unit: 'count',
        lines: [{ label: 'Tasks', color: 'blue', column: 'unjudged', kind: 'level' }],
      },
      {
        id: 'judge',
        title: 'Priority time, of calls to the model',
        unit: 'milliseconds',
        lines: percentiles('judge'),
      },
      {
        id: 'rank',
        title: 'Priority time, until new tasks have their place',
        unit: 'milliseconds',
        lines: percentiles('rank'),
      },
    ],
  },
  {
    id: 'store',
    title: 'Store',
    isThere: ({ store }) => store !== null,
    figures: storeFigures,
    charts: [
      {
        id: 'syncs',
        title: 'Store writes',
        unit: 'count',
        lines: [
          { label: 'Syncs', color: 'blue', column: 'syncs', kind: 'during' },
          { label: 'Commits', color: 'purple', column: 'commits', kind: 'during' },
        ],
      },
    ],
  },
  {
    id: 'loop',
    title: 'Loop',
    isThere: () => true,
    figures: loopFigures,
    charts: [
      {
        id: 'loop',
        title: 'Loop lag and own stretches',
        unit: 'milliseconds',
        lines: [
          { label: 'Lag p95', color: 'blue', column: 'lag.p95', kind: 'reading' },
          { label: 'Stretch p95', color: 'purple', column: 'stretch.p95', kind: 'reading' },
          { label: 'Stretch p99', color: 'yellow', column: 'stretch.p99', kind: 'reading' },
        ],
      },
    ],
  },
  {
    id: 'memory',
    title: 'Memory',
    isThere: () => true,
    figures: memoryFigures,
    charts: [
      {
        id: 'memory',
        title: 'Memory',
        unit: 'bytes',
        lines: [
          { label: 'Heap used', color: 'blue', column: 'heapUsed', kind: 'reading' },
          { label: 'Journal tail', color: 'purple', column: 'tailBytes', kind: 'level' },
        ],
      },
    ],
  },
];

/** Whether there is or was a task: before, noughts would look as if they had been measured. */
export function hasSeenTasks({ totals, series }: MetricsPicture): boolean {
  const happened = ['added', 'started', 'completed', 'failed', 'cancelled'].some((column) =>
    series.columns[column]?.some((value) => (value ?? 0) > 0),
  );
  return happened || Object.values(totals).some((count) => count > 0);
}
