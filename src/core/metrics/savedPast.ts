/** The rings as text, to outlive the window: written by this program, but parsed as if by anyone. */
import { metricRanges } from './metrics.ts';
import type { MetricRange } from './metrics.ts';
import type { Instant } from '../model.ts';
import { parseSlot } from './slotRing.ts';
import type { RestoredSlot, SlotRing } from './slotRing.ts';

/** The saved past is at most so long; the oldest of the finest slots are left out of a longer one. */
export const longestPast = 512 * 1024;
const version = 1;

/** Coarse ranges first: theirs is the longest past, and it takes the least room. */
const order: readonly MetricRange[] = ['24 h', '1 h', '5 min'];

export function savedPast(rings: ReadonlyMap<MetricRange, SlotRing>, now: Instant): string {
  // Room for the frame around the slots.
  let left = longestPast - 200;
  const ranges = order.map((range) => {
    const slots: string[] = [];
    for (const slot of rings.get(range)?.saved(now) ?? []) {
      const text = JSON.stringify(slot);
      if (text.length + 1 > left) break;
      left -= text.length + 1;
      slots.push(text);
    }
    return `${JSON.stringify(range)}:[${slots.join(',')}]`;
  });
  return `{"version":${version},"ranges":{${ranges.join(',')}}}`;
}

/** @returns undefined when the text is not a saved past, or one of another version */
export function parsePast(text: string): ReadonlyMap<MetricRange, readonly RestoredSlot[]> | undefined {
  if (text.length > longestPast) return undefined;
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined; // Not a text of ours; the caller says so.
  }
  if (!isRecord(data) || data.version !== version || !isRecord(data.ranges)) return undefined;
  const past = new Map<MetricRange, readonly RestoredSlot[]>();
  for (const range of order) {
    const slots: unknown = data.ranges[range];
    if (!Array.isArray(slots) || slots.length > metricRanges[range].slots) return undefined;
    const parsed = slots.map((slot) => parseSlot(slot));
    if (!parsed.every((slot) => slot !== undefined)) return undefined;
    past.set(range, parsed);
  }
  return past;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
