/**
 * The past in equal slots of time, as many as a range has; the oldest makes room for the newest. A slot knows which
 * stretch of the wall clock it is, so time in which nothing happened needs no slot, and a sleep leaves a gap.
 */
import type { Instant, Milliseconds } from '../model.ts';
import { Histogram, isCount } from './histogram.ts';
import { countedColumns, gaugeColumns, metricRanges, timedColumns } from './metrics.ts';
import type {
  CountedColumn,
  GaugeColumn,
  MetricRange,
  MetricsSeries,
  TimedColumn,
  TimedSeries,
} from './metrics.ts';

/** What happened in one slot, columns in the order of their lists. */
interface Slot {
  /** The slot covers `[index * step, (index + 1) * step)` of the wall clock. */
  readonly index: number;
  readonly counted: number[];
  readonly gauges: (number | null)[];
  readonly timed: (Histogram | undefined)[];
}

/** A slot as it is saved: its index, what was counted, the gauges, the histograms. */
export type SavedSlot = readonly [number, readonly number[], readonly (number | null)[], readonly unknown[]];

const countedAt = indexOf(countedColumns);
const gaugeAt = indexOf(gaugeColumns);
const timedAt = indexOf(timedColumns);

export class SlotRing {
  readonly #range: MetricRange;
  readonly #step: Milliseconds;
  /** By index modulo length. One whose index is too old is free. */
  readonly #slots: (Slot | undefined)[];
  /** Index of the newest slot. */
  #newest = -Infinity;

  constructor(range: MetricRange) {
    const { step, slots } = metricRanges[range];
    this.#range = range;
    this.#step = step;
    this.#slots = Array.from({ length: slots });
  }

  count(now: Instant, column: CountedColumn, times: number): void {
    const { counted } = this.#slot(now);
    counted[countedAt[column]] = (counted[countedAt[column]] ?? 0) + times;
  }

  time(now: Instant, column: TimedColumn, duration: Milliseconds): void {
    const { timed } = this.#slot(now);
    (timed[timedAt[column]] ??= new Histogram()).add(duration);
  }

  read(now: Instant, column: GaugeColumn, value: number): void {
    this.#slot(now).gauges[gaugeAt[column]] = value;
  }

  /** Whether a gauge was read in the present slot. */
  hasReading(now: Instant, column: GaugeColumn): boolean {
    return (this.#get(Math.floor(now / this.#step))?.gauges[gaugeAt[column]] ?? null) !== null;
  }

  /** The range up to the slot of `now`. */
  series(now: Instant): MetricsSeries {
    const last = Math.max(Math.floor(now / this.#step), this.#newest);
    const length = this.#slots.length;
    const slots = Array.from({ length }, (_, place) => this.#get(last - length + 1 + place));
    return {
      range: this.#range,
      step: this.#step,
      at: slots.map((_, place) => (last - length + 1 + place) * this.#step),
      counted: byColumn(countedColumns, (_column, index) => slots.map((slot) => slot?.counted[index] ?? 0)),
      gauges: byColumn(gaugeColumns, (_column, index) => slots.map((slot) => slot?.gauges[index] ?? null)),
      timed: byColumn(timedColumns, (_column, index) => timedSeries(slots.map((slot) => slot?.timed[index]))),
    };
  }

  /** What is to be saved, newest first. */
  *saved(now: Instant): Generator<SavedSlot> {
    const last = Math.max(Math.floor(now / this.#step), this.#newest);
    for (let index = last; index > last - this.#slots.length; index -= 1) {
      const slot = this.#get(index);
      if (slot === undefined) continue;
      yield [index, slot.counted, slot.gauges, slot.timed.map((histogram) => histogram ?? [])];
    }
  }

  /** Adds saved slots to what is there; those older than the range are dropped. */
  restore(now: Instant, saved: readonly RestoredSlot[]): void {
    for (const other of saved) {
      const at = Math.min(now, other.index * this.#step);
      if (Math.floor(now / this.#step) - other.index >= this.#slots.length) continue;
      const slot = this.#slotOfPast(at);
      if (slot !== undefined) fold(slot, other, other.index > slot.index);
    }
  }

  clear(): void {
    this.#slots.fill(undefined);
    this.#newest = -Infinity;
  }

  #get(index: number): Slot | undefined {
    const slot = this.#slots[place(index, this.#slots.length)];
    return slot?.index === index ? slot : undefined;
  }

  /** The slot of now, made when it is first needed. */
  #slot(now: Instant): Slot {
    const index = Math.floor(now / this.#step);
    if (index < this.#newest) this.#turnBack(index);
    this.#newest = index;
    return this.#get(index) ?? this.#make(index);
  }

  /** The slot of an instant that is over, or undefined when its place is taken by a later one. */
  #slotOfPast(at: Instant): Slot | undefined {
    const index = Math.floor(at / this.#step);
    if (index > this.#newest) this.#newest = index;
    else if (this.#newest - index >= this.#slots.length) return undefined;
    return this.#get(index) ?? this.#make(index);
  }

  #make(index: number): Slot {
    const slot: Slot = {
      index,
      counted: countedColumns.map(() => 0),
      gauges: gaugeColumns.map(() => null),
      timed: timedColumns.map(() => undefined),
    };
    this.#slots[place(index, this.#slots.length)] = slot;
    return slot;
  }

  /** The clock was ahead and was put back: what happened "later" happened until now, as the store has it, too. */
  #turnBack(index: number): void {
    const ahead = this.#slots.filter((slot) => slot !== undefined && slot.index > index);
    ahead.sort((a, b) => (a?.index ?? 0) - (b?.index ?? 0));
    this.#slots.forEach((slot, at) => {
      if (slot !== undefined && slot.index > index) this.#slots[at] = undefined;
    });
    const present = this.#get(index) ?? this.#make(index);
    for (const slot of ahead) if (slot !== undefined) fold(present, slot, true);
  }
}

/** A slot read from a file. */
export type RestoredSlot = Slot;

/** What `saved` gave, now or before some columns were added; undefined when it cannot have been that. */
export function parseSlot(data: unknown): RestoredSlot | undefined {
  if (!Array.isArray(data) || data.length !== 4) return undefined;
  const [index, counted, gauges, timed] = data as readonly unknown[];
  if (!isCount(index) || !isList(counted) || !isList(gauges) || !isList(timed)) return undefined;
  if (counted.length > countedColumns.length || !counted.every(isCount)) return undefined;
  if (gauges.length > gaugeColumns.length || !gauges.every((gauge) => gauge === null || isCount(gauge)))
    return undefined;
  const histograms = timed.map((one) => Histogram.parse(one));
  if (timed.length > timedColumns.length || histograms.includes(undefined)) return undefined;
  return { index, counted, gauges, timed: histograms };
}

/** @param later whether `other` is the later of the two, so that its gauges are the last readings */
function fold(slot: Slot, other: Slot, later: boolean): void {
  other.counted.forEach((count, index) => (slot.counted[index] = (slot.counted[index] ?? 0) + count));
  other.gauges.forEach((gauge, index) => {
    if (gauge !== null && (later || slot.gauges[index] === null)) slot.gauges[index] = gauge;
  });
  other.timed.forEach((histogram, index) => {
    if (histogram === undefined || histogram.count === 0) return;
    (slot.timed[index] ??= new Histogram()).merge(histogram);
  });
}

function timedSeries(slots: readonly (Histogram | undefined)[]): TimedSeries {
  const all = new Histogram();
  for (const histogram of slots) if (histogram !== undefined) all.merge(histogram);
  const percentiles = (percent: number): (Milliseconds | null)[] =>
    slots.map((histogram) => histogram?.percentile(percent) ?? null);
  return { p50: percentiles(50), p95: percentiles(95), p99: percentiles(99), all: all.summary() };
}

function byColumn<Column extends string, Value>(
  columns: readonly Column[],
  value: (column: Column, index: number) => Value,
): Record<Column, Value> {
  return Object.fromEntries(columns.map((column, index) => [column, value(column, index)])) as Record<
    Column,
    Value
  >;
}

function indexOf<Column extends string>(columns: readonly Column[]): Readonly<Record<Column, number>> {
  return byColumn(columns, (_column, index) => index);
}

function place(index: number, length: number): number {
  return ((index % length) + length) % length;
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}
