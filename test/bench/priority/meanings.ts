/** The meanings that the workloads give Podium: the product's own, and those of mutants. */
import type { Meanings } from '../../../src/core/priority/meanings.ts';
import { TextMeanings } from '../../../src/core/priority/textMeanings.ts';

/** What the product uses. */
export function productMeanings(): Meanings {
  return new TextMeanings();
}

/** A mutant: a cache that always hits. */
export function oneForAll(): Meanings {
  return { keyOf: () => 'the same', learn: () => Promise.resolve() };
}
