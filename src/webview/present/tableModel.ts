/** The table twin of a chart: the same slots in words, newest first. */
import type { ChartModel } from './chartModel.ts';
import type { Formats } from './formats.ts';

export interface TableModel {
  readonly caption: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  /** The slot; the same one in every picture it is in. */
  readonly at: number;
  readonly time: string;
  readonly cells: readonly string[];
}

/** Slots in which nothing happened and nothing was read say nothing, and are left out. */
export function tableModel(chart: ChartModel, formats: Formats): TableModel {
  const seconds = chart.step < 60_000;
  const rows = chart.at.flatMap((at, slot): TableRow[] => {
    if (!chart.lines.some((line) => saysSomething(line.values, slot, line.kind))) return [];
    const cells = chart.lines.map(({ values }) => formats.value(values[slot] ?? null, chart.unit));
    return [{ at, time: formats.time(at, seconds), cells }];
  });
  const left = chart.at.length - rows.length;
  return {
    caption: `${chart.title}, newest first${left === 0 ? '' : '; times at which nothing changed are left out'}`,
    columns: chart.lines.map(({ label }) => label),
    rows: rows.reverse(),
  };
}

function saysSomething(
  values: readonly (number | null)[],
  slot: number,
  kind: ChartModel['lines'][number]['kind'],
): boolean {
  const value = values[slot] ?? null;
  switch (kind) {
    case 'during':
      return value !== null && value !== 0;
    case 'level':
      return value !== (values[slot - 1] ?? null);
    case 'reading':
      return value !== null;
  }
}
