/** Small parsers that say where a file is wrong. */

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every item parsed with its place; throws unless `value` is a list. */
export function listOf<T>(value: unknown, at: string, parse: (item: unknown, at: string) => T): readonly T[] {
  if (!Array.isArray(value)) throw new Error(`${at}: a list expected`);
  return value.map((item: unknown, index) => parse(item, `${at}[${String(index)}]`));
}

/** An integer within both bounds; throws otherwise. */
export function numberIn(value: unknown, least: number, most: number, at: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${at}: an integer from ${String(least)} to ${String(most)} expected`);
}

/** One of the values allowed; throws otherwise. */
export function oneOf<T>(value: unknown, allowed: readonly T[], at: string): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw new Error(`${at}: one of ${allowed.join(', ')} expected`);
  return found;
}

/** A text with something in it and no space around it; throws otherwise. */
export function textOf(value: unknown, at: string): string {
  if (typeof value === 'string' && value !== '' && value === value.trim()) return value;
  throw new Error(`${at}: a trimmed text expected`);
}
