/** A chart as data: what its lines are and what stands in them. Drawn as a picture and, of the same data, as a table. */
import type { MetricsPicture, SeriesPicture } from '../../shared/metricsPicture.ts';
import { rangeWords } from '../../shared/metricsPicture.ts';
import type { Formats, Unit } from './formats.ts';

/** Colours that every theme has for charts. */
export type LineColor = 'blue' | 'green' | 'red' | 'purple' | 'yellow';

export interface LineSpec {
  readonly label: string;
  /** Only helps: the lines differ by their dashes too. */
  readonly color: LineColor;
  readonly column: string;
  /**
   * `during`: counted in each slot; `level`: stands until the next reading, so the last reading is carried on;
   * `reading`: known only where it was read or timed.
   */
  readonly kind: 'during' | 'level' | 'reading';
}

export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  /** Up to four: that many kinds of lines can be told apart without colours. */
  readonly lines: readonly LineSpec[];
}

export interface LineModel {
  readonly label: string;
  readonly color: LineColor;
  readonly kind: LineSpec['kind'];
  /** One for each slot; null where nothing was measured. */
  readonly values: readonly (number | null)[];
}

export interface ChartModel {
  readonly id: string;
  readonly title: string;
  readonly unit: Unit;
  /** When each slot begins. */
  readonly at: readonly number[];
  readonly step: number;
  readonly lines: readonly LineModel[];
  /** Nothing was measured in the whole range; of what is counted, nothing happened. */
  readonly isEmpty: boolean;
  /** The picture in a sentence, for those who do not see it. */
  readonly spoken: string;
}

export function chartModel(spec: ChartSpec, { series }: MetricsPicture, formats: Formats): ChartModel {
  const at = Array.from({ length: series.slots }, (_, slot) => series.from + slot * series.step);
  const lines = spec.lines.map((line) => ({
    label: line.label,
    color: line.color,
    kind: line.kind,
    values: valuesOf(line, series),
  }));
  const isEmpty = lines.every(({ kind, values }) =>
    values.every((value) => value === null || (kind === 'during' && value === 0)),
  );
  const title = spec.lines.some(({ kind }) => kind === 'during')
    ? `${spec.title}, per ${stepWords(series.step)}`
    : spec.title;
  const range = `the last ${rangeWords[series.range]}`;
  const parts = lines.map((line) => `${line.label} ${spokenLine(line, spec.unit, formats)}`);
  const spoken = isEmpty
    ? `${title}. Nothing was measured in ${range}.`
    : `${title}, in ${range}: ${parts.join('; ')}.`;
  return { id: spec.id, title, unit: spec.unit, at, step: series.step, lines, isEmpty, spoken };
}

/** The first slot in which anything was measured; Infinity when there is none. */
export function firstMeasured({ columns }: SeriesPicture): number {
  return Object.values(columns).reduce((first, values) => {
    const slot = values.findIndex((value) => value !== null && value !== 0);
    return slot === -1 ? first : Math.min(first, slot);
  }, Infinity);
}

/** What a line comes to: all that was counted, or the last reading; null when nothing was measured. */
export function lineTotal({ kind, values }: LineModel): number | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return null;
  return kind === 'during' ? known.reduce((sum, value) => sum + value, 0) : (known.at(-1) ?? null);
}

function valuesOf({ column, kind }: LineSpec, series: SeriesPicture): readonly (number | null)[] {
  const values = series.columns[column] ?? Array<null>(series.slots).fill(null);
  switch (kind) {
    case 'reading':
      return values;
    case 'level': {
      let known: number | null = null;
      return values.map((value) => (known = value ?? known));
    }
    case 'during': {
      // Before anybody counted there were not none.
      const first = firstMeasured(series);
      return values.map((value, slot) => (slot < first ? null : value));
    }
  }
}

function spokenLine(line: LineModel, unit: Unit, formats: Formats): string {
  const total = lineTotal(line);
  if (total === null) return 'not measured';
  const most = Math.max(...line.values.filter((value) => value !== null));
  const what = line.kind === 'during' ? 'in all' : 'lately';
  return `${formats.value(total, unit)} ${what}, at most ${formats.value(most, unit)}`;
}

/** `second`, `10 seconds`, `5 minutes`. */
export function stepWords(step: number): string {
  const [amount, noun] = step < 60_000 ? [step / 1_000, 'second'] : [step / 60_000, 'minute'];
  return amount === 1 ? noun : `${amount} ${noun}s`;
}
