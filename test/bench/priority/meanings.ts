/** The meanings that the workloads give Podium: the product's own, and those of mutants. */
import type { Meanings } from '../../../src/core/priority/meanings.ts';
import { TextMeanings } from '../../../src/core/priority/textMeanings.ts';
import { readIntents } from '../data/pairs.ts';

/** What the product uses. */
export function productMeanings(): Meanings {
  return new TextMeanings();
}

/** Meanings that are always right, which nobody can have: what the rest of Podium makes of them. */
export function perfectMeanings(): Meanings {
  const intents = new Map(
    readIntents().flatMap(({ id, it, en }) => [...it, ...en].map((text) => [text, id])),
  );
  return {
    keyOf: ({ title }) => String(intents.get(title) ?? title),
    learn: () => Promise.resolve(),
  };
}

/** A mutant: a cache that always hits. */
export function oneForAll(): Meanings {
  return { keyOf: () => 'the same', learn: () => Promise.resolve() };
}
