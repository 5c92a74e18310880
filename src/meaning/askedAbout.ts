/** Texts that a model is asked about, found again by those that may mean the same. */
import type { Weight } from './knownMeaning.ts';
import type { Concept } from './lexicon.ts';

/** From this likeness on two texts may turn out to mean the same. */
const alikeFrom = 0.4;

export class AskedAbout {
  readonly #weightOf: Weight;
  /** Concept -> places of the texts that say it. */
  readonly #saying = new Map<string, number[]>();
  /** By place. */
  readonly #lengths: number[] = [];

  constructor(weightOf: Weight) {
    this.#weightOf = weightOf;
  }

  add(concepts: readonly Concept[]): void {
    const place = this.#lengths.push(this.#lengthOf(concepts)) - 1;
    for (const { name } of concepts) {
      const saying = this.#saying.get(name);
      if (saying === undefined) this.#saying.set(name, [place]);
      else saying.push(place);
    }
  }

  /** Whether the cosine between a text and one of those added is so large that they may mean the same. */
  hasLike(concepts: readonly Concept[]): boolean {
    const products = this.#lengths.map(() => 0);
    for (const concept of concepts) {
      const weight = this.#weightOf(concept) ** 2;
      for (const place of this.#saying.get(concept.name) ?? [])
        products[place] = (products[place] ?? 0) + weight;
    }
    const least = alikeFrom * this.#lengthOf(concepts);
    return products.some((product, place) => product > 0 && product >= least * (this.#lengths[place] ?? 0));
  }

  #lengthOf(concepts: readonly Concept[]): number {
    return Math.sqrt(concepts.reduce((sum, concept) => sum + this.#weightOf(concept) ** 2, 0));
  }
}
