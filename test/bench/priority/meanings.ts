/** The meanings that the workloads give Podium: the product's own, and those of mutants. */
import type { Meanings } from '../../../src/core/priority/meanings.ts';
import { SemanticMeanings } from '../../../src/meaning/semanticMeanings.ts';
import { nothingAlike, sameKeys } from '../../support/wordMeanings.ts';
import { readIntents } from '../data/pairs.ts';
import { conceptsOf } from './truths.ts';

/** What the product uses. */
export function productMeanings(): Meanings {
  return new SemanticMeanings({ clock: { wallClock: () => 0 } });
}

const nothingLearned = {
  load: () => Promise.resolve(),
  questioned: nothingAlike,
  learn: () => Promise.resolve(),
};

/** Meanings that are always right, which nobody can have: what the rest of Podium makes of them. */
export function perfectMeanings(): Meanings {
  const intents = new Map(
    readIntents().flatMap(({ id, it, en }) => [...it, ...en].map((text) => [text, id])),
  );
  return {
    ...nothingLearned,
    keysOf: ({ title }) => sameKeys(String(intents.get(title) ?? title)),
  };
}

/** What the cache of `S2` shares by: the words of a text. All of them are asked about under one goal. */
export function literalMeanings(): Meanings {
  return { ...nothingLearned, keysOf: ({ title }) => sameKeys(conceptsOf(title).toSorted().join(' ')) };
}

/** A mutant: a cache that always hits. */
export function oneForAll(): Meanings {
  return { ...nothingLearned, keysOf: () => sameKeys('the same') };
}
