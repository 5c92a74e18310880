/**
 * Keys of the order given by hand: numbers that rise along a list. What Run Now puts to the front of the whole house
 * has a key below zero, what has a place in its own folder only has one above; so neither takes the other's.
 */

/** Between neighbours at the end of a list. */
const spacing = 1_024;
/** The first key of a list: room for a thousand moves to its top before gaps are halved. */
const base = 2 ** 20;
/** Room for some thirty moves into one gap at the base; doubles could tell 2 ** -52. */
const closest = 2 ** -40;

/** The keys of `count` tasks that go before everything that is pinned. */
export function frontKeys(count: number, lowest: number | null): readonly number[] {
  const top = Math.min(0, lowest ?? 0) - count;
  return Array.from({ length: count }, (_, place) => top + place);
}

/**
 * Rising keys for a list of which some have one. As many as can be are kept; the others come between their neighbours,
 * and where there is no room left all are given anew.
 * @param keys null for what has none yet
 * @param lowest the lowest key of all lists
 * @param room keys nearer to each other than this, relative to their size, are given anew; tests take it away
 */
export function risingKeys(
  keys: readonly (number | null)[],
  lowest: number | null,
  room = closest,
): readonly number[] {
  const kept = longestRising(keys);
  const result: number[] = [];
  for (let index = 0; index < keys.length;) {
    const key = keys[index] ?? null;
    if (key !== null && kept.has(index)) {
      result.push(key);
      index += 1;
      continue;
    }
    let end = index;
    while (end < keys.length && !kept.has(end)) end += 1;
    const between = keysBetween(result.at(-1) ?? null, keys[end] ?? null, end - index, room);
    if (between === null) return newKeys(keys, kept, lowest);
    result.push(...between);
    index = end;
  }
  return result;
}

/** @returns null when there is no room for so many */
function keysBetween(
  below: number | null,
  above: number | null,
  count: number,
  room: number,
): readonly number[] | null {
  const [low, step] = gapOf(below, above, count);
  if (step < room * Math.max(1, Math.abs(low), Math.abs(above ?? 0))) return null;
  return Array.from({ length: count }, (_, place) => low + step * (place + 1));
}

/** What the first of `count` keys is one step above. */
function gapOf(
  below: number | null,
  above: number | null,
  count: number,
): readonly [low: number, step: number] {
  if (above === null) return below === null || below < 0 ? [base - spacing, spacing] : [below, spacing];
  if (above <= 0) return below === null ? [above - count - 1, 1] : [below, (above - below) / (count + 1)];
  const floor = Math.max(0, below ?? 0);
  // At the top of a list there is room above it before a gap has to be divided.
  if (floor === 0 && above > spacing * (count + 1)) return [above - spacing * (count + 1), spacing];
  return [floor, (above - floor) / (count + 1)];
}

/** All keys anew; what was before everything of the house still is. */
function newKeys(
  keys: readonly (number | null)[],
  kept: ReadonlySet<number>,
  lowest: number | null,
): readonly number[] {
  const front = keys.findLastIndex((key, place) => key !== null && key <= 0 && kept.has(place)) + 1;
  const rest = keys.slice(front).map((_, place) => base + spacing * place);
  return [...frontKeys(front, lowest), ...rest];
}

/**
 * Places of a longest rising run of keys, by patience sorting (Fredman, "On computing the length of longest
 * increasing subsequences", 1975).
 */
function longestRising(keys: readonly (number | null)[]): ReadonlySet<number> {
  /** For each length, the place of the lowest key that ends a run so long. */
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  for (const [place, key] of keys.entries()) {
    if (key === null) continue;
    let [from, to] = [0, ends.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((keys[ends[middle] ?? 0] ?? 0) < key) from = middle + 1;
      else to = middle;
    }
    before.set(place, ends[from - 1]);
    ends[from] = place;
  }
  const run = new Set<number>();
  for (let place = ends.at(-1); place !== undefined; place = before.get(place)) run.add(place);
  return run;
}
