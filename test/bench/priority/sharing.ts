/** Which texts share a judgement: paraphrases should, near-twins must not. No model is asked for any of it. */
import type { Meanings } from '../../../src/core/priority/meanings.ts';
import { halfOf, languages, readIntents, readNearTwins } from '../data/pairs.ts';
import type { Half, TwinFamily } from '../data/pairs.ts';
import { shuffled } from '../draws.ts';
import { descriptionOf } from './descriptions.ts';
import { seededRandom } from '../../support/seededChance.ts';

/** Wordings of each language that a cold pass has seen; the other two are kept from it. */
const learnedWordings = 3;

export interface Wording {
  readonly intent: number;
  readonly text: string;
}

/** All texts in two parts by chance, of each intent three of five wordings in each language and two. */
export function parted(seed: number): {
  readonly learned: readonly Wording[];
  readonly kept: readonly Wording[];
} {
  const random = seededRandom(9_000 + seed);
  const learned: Wording[] = [];
  const kept: Wording[] = [];
  for (const intent of readIntents()) {
    for (const language of languages) {
      const texts = shuffled(intent[language], random).map((text) => ({ intent: intent.id, text }));
      learned.push(...texts.slice(0, learnedWordings));
      kept.push(...texts.slice(learnedWordings));
    }
  }
  return { learned, kept };
}

function keyOf(meanings: Meanings, text: string): string {
  return meanings.keysOf({ title: text, description: descriptionOf(text), upstream: [] }).shared;
}

/** Of a task of which only the description says it. */
function keyOfDescription(meanings: Meanings, description: string): string {
  return meanings.keysOf({ title: 'See below', description, upstream: [] }).shared;
}

/**
 * What a cache that knows `known` would answer of `asked`, in per cent of those of one half.
 * @returns `right`: from the same intent alone; `wrong`: also or only from another one
 */
export function answered(
  meanings: Meanings,
  half: Half,
  known: readonly Wording[],
  asked: readonly Wording[],
): { readonly right: number; readonly wrong: number } {
  const intents = new Map<string, Set<number>>();
  for (const { intent, text } of known) {
    const key = keyOf(meanings, text);
    intents.set(key, (intents.get(key) ?? new Set()).add(intent));
  }
  const own = asked.filter(({ intent }) => halfOf(intent) === half);
  let [right, wrong] = [0, 0];
  for (const { intent, text } of own) {
    const found = intents.get(keyOf(meanings, text));
    if (found === undefined) continue;
    if (found.size === 1 && found.has(intent)) right += 1;
    else wrong += 1;
  }
  return { right: (100 * right) / own.length, wrong: (100 * wrong) / own.length };
}

/** Pairs of wordings of one intent that have one key, in per cent of all such pairs of one half. */
export function pairsShared(meanings: Meanings, half: Half): number {
  let [shared, all] = [0, 0];
  for (const intent of readIntents()) {
    if (halfOf(intent.id) !== half) continue;
    const keys = [...intent.it, ...intent.en].map((text) => keyOf(meanings, text));
    for (const [place, key] of keys.entries()) {
      for (const other of keys.slice(place + 1)) {
        all += 1;
        if (key === other) shared += 1;
      }
    }
  }
  return (100 * shared) / all;
}

/** Pairs of texts of different intents that have one key: their number, and their share in per cent. */
export function foreignPairs(meanings: Meanings): { readonly pairs: number; readonly share: number } {
  const texts = readIntents().flatMap(({ id, it, en }) => [...it, ...en].map((text) => ({ id, text })));
  const byKey = Map.groupBy(texts, ({ text }) => keyOf(meanings, text));
  let pairs = 0;
  for (const same of byKey.values()) {
    for (const [place, { id }] of same.entries())
      pairs += same.slice(place + 1).filter((one) => one.id !== id).length;
  }
  const ofOneIntent = readIntents().reduce((sum, { it, en }) => sum + choose2(it.length + en.length), 0);
  return { pairs, share: (100 * pairs) / (choose2(texts.length) - ofOneIntent) };
}

function choose2(count: number): number {
  return (count * (count - 1)) / 2;
}

/** Near-twins that have one key, by family, and the size of each family. */
export function falseShares(
  meanings: Meanings,
): ReadonlyMap<TwinFamily, { readonly shared: number; readonly described: number; readonly all: number }> {
  const families = Map.groupBy(readNearTwins(), ({ family }) => family);
  return new Map(
    [...families].map(([family, pairs]) => [
      family,
      {
        shared: pairs.filter(({ a, b }) => keyOf(meanings, a) === keyOf(meanings, b)).length,
        described: pairs.filter(({ a, b }) => keyOfDescription(meanings, a) === keyOfDescription(meanings, b))
          .length,
        all: pairs.length,
      },
    ]),
  );
}

/**
 * The false shares of a system, to be printed beside its speed: pairs of texts of different intents that have one key.
 * @param meanings null for a system that shares nothing
 */
export function falseOf(meanings: Meanings | null): Readonly<Record<string, number>> {
  const { pairs, share } = meanings === null ? { pairs: 0, share: 0 } : foreignPairs(meanings);
  const twins =
    meanings === null ? 0 : [...falseShares(meanings).values()].reduce((sum, { shared }) => sum + shared, 0);
  return {
    'pairs of different intents sharing': pairs,
    'pairs of different intents sharing %': share,
    'near-twins sharing': twins,
  };
}
