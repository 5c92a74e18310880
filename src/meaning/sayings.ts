/** Which known meanings say a concept, and so how much it tells. */
import { profileOf } from './knownMeaning.ts';
import type { KnownMeaning } from './knownMeaning.ts';
import type { Concept, Kind } from './lexicon.ts';

/** How much a kind tells of a meaning, where it is not 1. */
const kindWeight: Partial<Record<Kind, number>> = { relation: 0.4, action: 0.7, word: 0.7, artefact: 1.2 };
/** Rarities that are remembered. */
const memory = 10_000;

export class Sayings {
  readonly #saying = new Map<string, Set<KnownMeaning>>();
  /** What each meaning was last noted to say. */
  readonly #said = new Map<KnownMeaning, ReadonlySet<string>>();
  readonly #rarities = new Map<string, number>();

  /** Concepts that are said. */
  get size(): number {
    return this.#saying.size;
  }

  /** A meaning says what it says now, and no longer what it said before. */
  note(meaning: KnownMeaning): void {
    const now = new Set(profileOf(meaning).shares.keys());
    const before = this.#said.get(meaning);
    this.#rarities.clear();
    this.#said.set(meaning, now);
    for (const name of before ?? []) if (!now.has(name)) this.#unsay(name, meaning);
    for (const name of now) {
      const saying = this.#saying.get(name);
      if (saying === undefined) this.#saying.set(name, new Set([meaning]));
      else saying.add(meaning);
    }
  }

  forget(meaning: KnownMeaning): void {
    for (const name of this.#said.get(meaning) ?? []) this.#unsay(name, meaning);
    this.#said.delete(meaning);
    this.#rarities.clear();
  }

  isSaidOf({ name }: Concept, meaning: KnownMeaning): boolean {
    return this.#saying.get(name)?.has(meaning) === true;
  }

  /** Inverse document frequency (Sparck Jones 1972), and what its kind makes of it. */
  readonly weightOf = (concept: Concept): number => this.rarityOf(concept) * (kindWeight[concept.kind] ?? 1);

  rarityOf({ name }: Concept): number {
    const known = this.#rarities.get(name);
    if (known !== undefined) return known;
    const rarity = Math.log(1 + (1 + this.#said.size) / (1 + (this.#saying.get(name)?.size ?? 0)));
    if (this.#rarities.size >= memory) this.#rarities.clear();
    this.#rarities.set(name, rarity);
    return rarity;
  }

  /** Meanings that say some of these concepts: those that say the rarest of them first, `limit` at most. */
  among(concepts: readonly Concept[], limit: number): ReadonlySet<KnownMeaning> {
    const found = new Set<KnownMeaning>();
    const sets = concepts
      .map(({ name }) => this.#saying.get(name))
      .filter((saying) => saying !== undefined)
      .toSorted((a, b) => a.size - b.size);
    for (const saying of sets) {
      for (const meaning of saying) {
        if (found.size === limit) return found;
        found.add(meaning);
      }
    }
    return found;
  }

  #unsay(name: string, meaning: KnownMeaning): void {
    const saying = this.#saying.get(name);
    saying?.delete(meaning);
    if (saying?.size === 0) this.#saying.delete(name);
  }
}
