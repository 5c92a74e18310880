/** The sections of the page as data, top to bottom. One whose data does not exist is not drawn: to add one, add it. */
import type { MetricsPicture } from '../../shared/metricsPicture.ts';
import type { ChartSpec, LineSpec } from './chartModel.ts';
import { loopFigures, memoryFigures, queueFigures, storeFigures, workFigures } from './figures.ts';
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

const percentiles = (column: string): readonly LineSpec[] =>
  ['p50', 'p95', 'p99'].map((label) => ({ label, column: `${column}.${label}`, kind: 'reading' }));

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
          { label: 'Ready', column: 'ready', kind: 'level' },
          { label: 'Waiting', column: 'waiting', kind: 'level' },
          { label: 'Running', column: 'running', kind: 'level' },
          { label: 'Needs you', column: 'attention', kind: 'level' },
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
          { label: 'Busy', column: 'running', kind: 'level' },
          { label: 'Size', column: 'workers', kind: 'level' },
        ],
      },
      {
        id: 'throughput',
        title: 'Throughput',
        unit: 'count',
        lines: [
          { label: 'Added', column: 'added', kind: 'during' },
          { label: 'Completed', column: 'completed', kind: 'during' },
          { label: 'Failed', column: 'failed', kind: 'during' },
        ],
      },
      { id: 'wait', title: 'Wait, from ready to claimed', unit: 'milliseconds', lines: percentiles('wait') },
      { id: 'run', title: 'Run, from started to settled', unit: 'milliseconds', lines: percentiles('run') },
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
          { label: 'Syncs', column: 'syncs', kind: 'during' },
          { label: 'Commits', column: 'commits', kind: 'during' },
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
          { label: 'Lag p95', column: 'lag.p95', kind: 'reading' },
          { label: 'Stretch p95', column: 'stretch.p95', kind: 'reading' },
          { label: 'Stretch p99', column: 'stretch.p99', kind: 'reading' },
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
          { label: 'Heap used', column: 'heapUsed', kind: 'reading' },
          { label: 'Journal tail', column: 'tailBytes', kind: 'level' },
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
