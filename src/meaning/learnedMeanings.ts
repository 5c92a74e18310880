/**
 * What was learned from a model's answers: which wordings mean the same. With every judgement a model names the
 * concepts of the task; wordings whose concepts agree become one meaning. A wording that nobody judged yet belongs to
 * the meaning it is nearest to, unless what tells meanings apart speaks against it. It is unlearned when a model says
 * otherwise, and for good when a person says so: it is then of no other wording's meaning, and no other is of its own.
 */
import { contradicts, isOtherwise, namedLimit } from './knownMeaning.ts';
import type { KnownMeaning } from './knownMeaning.ts';
import type { Concept } from './lexicon.ts';
import { nearness } from './nearness.ts';
import { Sayings } from './sayings.ts';

/** A wording that a model has judged. */
export interface Lesson {
  readonly key: string;
  readonly concepts: readonly Concept[];
  /** As the model named them. */
  readonly named: readonly Concept[];
  readonly value: number;
}

/** Keys of what is not as it was: it may be there no more. */
export interface Changes {
  readonly meanings: Set<string>;
  /** Wordings set apart, or no longer. */
  readonly wordings: Set<string>;
  /** Meanings that a person took a wording out of: what was judged for them need not hold for any of its wordings. */
  readonly corrected: Set<string>;
}

const noChanges = (): Changes => ({ meanings: new Set(), wordings: new Set(), corrected: new Set() });

/**
 * Meanings that are kept, wordings of each, and lines that all of them need in the store; the oldest meanings go first.
 * Together with `apartLimit` twice this bounds what the store keeps.
 */
export const meaningLimit = 2_000;
export const wordingLimit = 40;
export const lineLimit = 10_000;
/** Wordings set apart by models, and as many by a person; the oldest go first. */
export const apartLimit = 1_000;
const likenedLimit = 10_000;
/** Meanings that a text is compared with. */
const candidateLimit = 100;

/** Likeness from which two judged wordings are one meaning, and when they name different actions. */
const same = 0.5;
const sameInOtherWords = 0.6;
/** Below it a model has said that a wording means something else. */
const otherwise = 0.3;
/** Largest difference of two values of one meaning: five times the noise of a good model. */
const valueGap = 200;
/** How much nearer than the next one a meaning must be. */
const margin = 1.1;
/** How much of likeness is in what models named; the rest is in what the texts say. */
const namedPart = 0.7;

export class LearnedMeanings {
  readonly #meanings = new Map<string, KnownMeaning>();
  /** Wording -> its meaning. */
  readonly #ofWording = new Map<string, KnownMeaning>();
  readonly #sayings = new Sayings();
  /** Wordings that models found to be of no meaning they looked like. */
  readonly #apart = new Set<string>();
  /** Wordings that a person took out of their meaning. */
  readonly #alone = new Set<string>();
  /** Wordings that nobody judged, with the meaning they were found to be nearest to: it stays theirs. */
  readonly #likened = new Map<string, KnownMeaning>();
  /** Wordings near to no meaning, until something is learned. */
  readonly #strange = new Set<string>();
  /** Meaning -> lines it needs, and their sum. */
  readonly #lines = new Map<KnownMeaning, number>();
  #lineCount = 0;
  #changes: Changes = noChanges();
  readonly weightOf = this.#sayings.weightOf;

  get meanings(): readonly KnownMeaning[] {
    return [...this.#meanings.values()];
  }

  /** How much is remembered, by what: for probes. */
  get sizes(): Readonly<Record<string, number>> {
    return {
      meanings: this.#meanings.size,
      wordings: this.#ofWording.size,
      concepts: this.#sayings.size,
      apart: this.#apart.size,
      alone: this.#alone.size,
      likened: this.#likened.size,
      strange: this.#strange.size,
      lines: this.#lineCount,
    };
  }

  meaning(key: string): KnownMeaning | undefined {
    return this.#meanings.get(key);
  }

  isApart(wording: string): boolean {
    return this.#apart.has(wording);
  }

  isAlone(wording: string): boolean {
    return this.#alone.has(wording);
  }

  /** What has changed since this was last asked. */
  takeChanges(): Changes {
    const changes = this.#changes;
    this.#changes = noChanges();
    return changes;
  }

  /** @returns the key of the meaning that a wording belongs to; its own when none is known */
  keyOf(key: string, concepts: readonly Concept[]): string {
    return this.#meaningOf(key, concepts)?.key ?? key;
  }

  learn(lesson: Lesson): void {
    const known = this.#meaningOf(lesson.key, lesson.concepts);
    if (known === undefined) this.#join(this.#likest(lesson) ?? newMeaning(lesson.key), lesson);
    else this.#confirm(known, lesson);
    this.#trim();
  }

  /** Takes in a meaning as it was kept. */
  restore(meaning: KnownMeaning): void {
    this.#meanings.set(meaning.key, meaning);
    for (const wording of meaning.wordings.keys()) this.#ofWording.set(wording, meaning);
    this.#note(meaning);
    this.#trim();
  }

  /** A model has found that a wording means something else than what it was taken for. */
  setApart(key: string): void {
    this.#takeOut(key);
    this.#mark(this.#apart, key);
  }

  /** A person takes a wording out of its meaning, for good. */
  setAlone(key: string): void {
    const meaning = this.#takeOut(key);
    if (meaning !== undefined) this.#changes.corrected.add(meaning);
    this.#mark(this.#alone, key);
  }

  #mark(wordings: Set<string>, key: string): void {
    this.#likened.delete(key);
    this.#changes.wordings.add(key);
    wordings.add(key);
    const [oldest] = wordings;
    if (wordings.size <= apartLimit || oldest === undefined) return;
    wordings.delete(oldest);
    this.#changes.wordings.add(oldest);
  }

  /**
   * Takes a wording out of its meaning. What is left is known by another of its wordings where that one gave it its
   * key, and no text stays near to it only because of what is gone.
   * @returns the key that the meaning had
   */
  #takeOut(key: string): string | undefined {
    const meaning = this.#ofWording.get(key);
    if (meaning === undefined) return undefined;
    this.#forget(meaning);
    const wordings = new Map(meaning.wordings);
    wordings.delete(key);
    const [first] = wordings.keys();
    if (first !== undefined) {
      const left = wordings.has(meaning.key) ? meaning.key : first;
      this.restore({ ...meaning, key: left, wordings, profile: undefined });
    }
    return meaning.key;
  }

  #forget(meaning: KnownMeaning): void {
    this.#meanings.delete(meaning.key);
    for (const wording of meaning.wordings.keys()) this.#ofWording.delete(wording);
    this.#sayings.forget(meaning);
    this.#strange.clear();
    this.#lineCount -= this.#lines.get(meaning) ?? 0;
    this.#lines.delete(meaning);
    this.#changes.meanings.add(meaning.key);
  }

  #trim(): void {
    for (const meaning of this.#meanings.values()) {
      if (this.#meanings.size <= meaningLimit && this.#lineCount <= lineLimit) return;
      this.#forget(meaning);
    }
  }

  #meaningOf(key: string, concepts: readonly Concept[]): KnownMeaning | undefined {
    const known = this.#ofWording.get(key) ?? this.#likened.get(key);
    if (known !== undefined && this.#meanings.get(known.key) === known) return known;
    if (this.#strange.has(key)) return undefined;
    const nearest = this.#nearest(key, concepts);
    if (this.#strange.size + this.#likened.size >= likenedLimit) {
      this.#strange.clear();
      this.#likened.clear();
    }
    if (nearest === undefined) this.#strange.add(key);
    else this.#likened.set(key, nearest);
    return nearest;
  }

  #join(meaning: KnownMeaning, lesson: Lesson): void {
    const { key, concepts } = lesson;
    this.#meanings.set(meaning.key, meaning);
    if (meaning.wordings.size < wordingLimit) {
      meaning.wordings.set(key, { key, concepts, agreed: 1, disagreed: 0 });
      this.#ofWording.set(key, meaning);
      if (this.#apart.delete(key)) this.#changes.wordings.add(key);
    }
    this.#judge(meaning, lesson);
  }

  #judge(meaning: KnownMeaning, { named, value }: Lesson): void {
    meaning.value = (meaning.value * meaning.judged + value) / (meaning.judged + 1);
    meaning.judged += 1;
    for (const concept of named) {
      const before = meaning.named.get(concept.name);
      // What comes again counts as the latest, see `#forgetRarest`.
      meaning.named.delete(concept.name);
      meaning.named.set(concept.name, { concept, count: (before?.count ?? 0) + 1 });
    }
    forgetRarest(meaning);
    this.#note(meaning);
  }

  /** A meaning is not as it was. */
  #note(meaning: KnownMeaning): void {
    meaning.profile = undefined;
    this.#sayings.note(meaning);
    this.#strange.clear();
    const lines = 1 + meaning.wordings.size + meaning.named.size;
    this.#lineCount += lines - (this.#lines.get(meaning) ?? 0);
    this.#lines.set(meaning, lines);
    this.#changes.meanings.add(meaning.key);
  }

  /** A wording of a known meaning was judged again, or one that looked like it: is it? */
  #confirm(meaning: KnownMeaning, lesson: Lesson): void {
    const wording = meaning.wordings.get(lesson.key);
    if (lesson.named.length === 0 || this.#namedAlike(meaning, lesson) >= otherwise) {
      if (wording === undefined) {
        this.#join(meaning, lesson);
        return;
      }
      wording.agreed += 1;
      this.#judge(meaning, lesson);
      return;
    }
    if (wording === undefined) {
      this.setApart(lesson.key);
      return;
    }
    wording.disagreed += 1;
    if (wording.disagreed > wording.agreed && meaning.wordings.size > 1) this.setApart(wording.key);
    else this.#changes.meanings.add(meaning.key);
  }

  /** The meaning whose concepts, as models named them, are most like these. */
  #likest(lesson: Lesson): KnownMeaning | undefined {
    if (this.#alone.has(lesson.key)) return undefined;
    let best: KnownMeaning | undefined;
    let bestLikeness = same;
    for (const meaning of this.#candidates([...lesson.named, ...lesson.concepts])) {
      const likeness = this.#likeness(meaning, lesson);
      if (likeness < bestLikeness || Math.abs(meaning.value - lesson.value) > valueGap) continue;
      if (isOtherwise(meaning, lesson.concepts)) continue;
      if (likeness < sameInOtherWords && contradicts(meaning, lesson.concepts, ['action'])) continue;
      best = meaning;
      bestLikeness = likeness;
    }
    return best;
  }

  /** How like a meaning is what a model names and what the text says, 0 to 1. */
  #likeness(meaning: KnownMeaning, lesson: Lesson): number {
    let [said, text] = [0, 0];
    for (const concept of lesson.concepts) {
      const weight = this.weightOf(concept);
      text += weight;
      if (this.#sayings.isSaidOf(concept, meaning)) said += weight;
    }
    return namedPart * this.#namedAlike(meaning, lesson) + (1 - namedPart) * ratio(said, text);
  }

  /** The same of what a model names alone: weighted Jaccard likeness (Ruzicka 1958). */
  #namedAlike(meaning: KnownMeaning, { named }: Lesson): number {
    const now = new Set(named.map(({ name }) => name));
    let [both, either] = [0, 0];
    const count = (concept: Concept, before: number, present: number): void => {
      const weight = this.#sayings.rarityOf(concept);
      both += weight * Math.min(before, present);
      either += weight * Math.max(before, present);
    };
    for (const [name, one] of meaning.named)
      count(one.concept, one.count / Math.max(1, meaning.judged), now.has(name) ? 1 : 0);
    for (const concept of named) if (!meaning.named.has(concept.name)) count(concept, 0, 1);
    return ratio(both, either);
  }

  /** The meaning that a wording nobody judged belongs to, if it is clear. */
  #nearest(key: string, concepts: readonly Concept[]): KnownMeaning | undefined {
    if (this.#apart.has(key) || this.#alone.has(key) || concepts.length === 0) return undefined;
    let [best, second] = [0, 0];
    let found: KnownMeaning | undefined;
    for (const meaning of this.#candidates(concepts)) {
      const likeness = nearness(meaning, concepts, this.weightOf);
      if (likeness > best) [best, second, found] = [likeness, best, meaning];
      else if (likeness > second) second = likeness;
    }
    return best >= second * margin ? found : undefined;
  }

  /** Meanings that a wording may be of: that of one which a person took out of its meaning is its alone. */
  #candidates(concepts: readonly Concept[]): readonly KnownMeaning[] {
    return [...this.#sayings.among(concepts, candidateLimit)].filter(({ key }) => !this.#alone.has(key));
  }
}

function newMeaning(key: string): KnownMeaning {
  return { key, wordings: new Map(), named: new Map(), judged: 0, value: 0 };
}

/** Keeps the names that came most often; of those that came as often, the latest. */
function forgetRarest({ named }: KnownMeaning): void {
  if (named.size <= namedLimit) return;
  const rarest = [...named].toSorted(([, a], [, b]) => a.count - b.count);
  for (const [name] of rarest.slice(0, named.size - namedLimit)) named.delete(name);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
