/** Draws from a source of even numbers in [0, 1), for benchmarks that repeat themselves. */

/** A copy in random order (by sorting on a draw each; two equal draws out of 2^32 do no harm). */
export function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** A draw from the normal distribution around 0 (Box and Muller); two numbers are taken each time. */
export function normal(random: () => number, deviation: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return deviation * radius * Math.cos(2 * Math.PI * random());
}
