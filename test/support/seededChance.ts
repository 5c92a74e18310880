/** Chance that repeats itself: the same seed gives the same numbers and names. */
import type { Chance } from '../../src/core/ports.ts';

/** Mulberry32, a 32-bit generator by Tommy Ettinger: small, seedable, good enough for tests. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export class SeededChance implements Chance {
  readonly random: () => number;
  readonly #seed: number;
  #names = 0;

  constructor(seed = 1) {
    this.#seed = seed;
    this.random = seededRandom(seed);
  }

  newId(): string {
    this.#names += 1;
    return `id-${this.#seed}-${String(this.#names).padStart(6, '0')}`;
  }
}
