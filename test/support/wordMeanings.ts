import type { MeaningKeys, Meanings, Questioned } from '../../src/core/priority/meanings.ts';

/** Of meanings that do not change. */
export function sameKeys(key: string): MeaningKeys {
  return { own: key, shared: key };
}

/** For meanings of which no two are alike. */
export const nothingAlike = (): Questioned => ({ add: () => undefined, hasLike: () => false });

/** Meanings for tests: that of a title is its words in any order, nothing is learned, and no two are alike. */
export const wordMeanings: Meanings = {
  load: () => Promise.resolve(),
  keysOf: ({ title }) => sameKeys(title.toLowerCase().split(' ').toSorted().join(' ')),
  questioned: nothingAlike,
  learn: () => Promise.resolve(),
};
