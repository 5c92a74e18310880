/** The meanings that the workloads give Podium: the product's own, and those of mutants. */
import type { Meanings } from '../../../src/core/priority/meanings.ts';

/** What the product uses. Until it has meanings of its own: the words of a title in any order. */
export function productMeanings(): Meanings {
  return wordsInAnyOrder();
}

/** A cache that takes nothing but the same words for the same. */
function wordsInAnyOrder(): Meanings {
  return {
    keyOf: ({ title }) => title.toLowerCase().split(' ').sort().join(' '),
    learn: () => Promise.resolve(),
  };
}

/** A mutant: a cache that always hits. */
export function oneForAll(): Meanings {
  return { keyOf: () => 'the same', learn: () => Promise.resolve() };
}
