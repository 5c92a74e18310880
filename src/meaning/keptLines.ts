/** Which lines of what was learned are in the store, so that only those that change are written. */
import type { LearnedTerm } from '../core/priority/meanings.ts';

export interface LineChanges {
  readonly put: readonly LearnedTerm[];
  readonly drop: readonly string[];
}

type Lines = ReadonlyMap<string, LearnedTerm>;

export class KeptLines {
  /** By what they tell of: a meaning, a wording. */
  readonly #of = new Map<string, Lines>();

  /** @param now the lines of each owner from now on, none for one that is no more; a line can change its owner */
  change(now: ReadonlyMap<string, readonly LearnedTerm[]>): LineChanges {
    const put = new Map<string, LearnedTerm>();
    const drop = new Set<string>();
    const before = new Map([...now.keys()].map((owner) => [owner, this.#of.get(owner)]));
    for (const [owner, lines] of now) {
      if (lines.length === 0) this.#of.delete(owner);
      else this.#of.set(owner, byTerm(lines));
      for (const line of lines)
        if (!isSame(before.get(owner)?.get(line.term), line)) put.set(line.term, line);
      for (const term of before.get(owner)?.keys() ?? []) drop.add(term);
    }
    for (const lines of now.values()) for (const { term } of lines) drop.delete(term);
    return { put: [...put.values()], drop: [...drop] };
  }
}

function byTerm(lines: readonly LearnedTerm[]): Lines {
  return new Map(lines.map((line) => [line.term, line]));
}

/** When it was written tells nothing new. */
function isSame(one: LearnedTerm | undefined, other: LearnedTerm): boolean {
  return one?.concept === other.concept && one.agreed === other.agreed && one.disagreed === other.disagreed;
}
