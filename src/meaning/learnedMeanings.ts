/**
 * What was learned from a model's answers: which wordings mean the same. With every judgement a model names the
 * concepts of the task; wordings whose concepts agree become one meaning. A wording that nobody judged yet belongs to
 * the meaning it is nearest to, unless what tells meanings apart speaks against it. It is unlearned when a model says
 * otherwise. Concepts count by how few meanings say them (inverse document frequency, Sparck Jones 1972).
 */
import { contradicts, isMostlyNamed, isOtherwise } from './knownMeaning.ts';
import type { KnownMeaning } from './knownMeaning.ts';
import type { Concept, Kind } from './lexicon.ts';
import { nearness } from './nearness.ts';

/** A wording that a model has judged. */
export interface Lesson {
  readonly key: string;
  readonly concepts: readonly Concept[];
  /** As the model named them. */
  readonly named: readonly Concept[];
  readonly value: number;
}

/** Meanings that are to be kept or are no more, and wordings set apart. */
export interface Changes {
  readonly changed: Set<KnownMeaning>;
  readonly gone: Set<KnownMeaning>;
  readonly apart: Set<string>;
}

const noChanges = (): Changes => ({ changed: new Set(), gone: new Set(), apart: new Set() });

/** Meanings that are kept, and wordings of each; the oldest meanings go first. */
const meaningLimit = 2_000;
const wordingLimit = 40;
const likenedLimit = 10_000;

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
/** How much a kind tells of a meaning, where it is not 1. */
const kindWeight: Partial<Record<Kind, number>> = { relation: 0.4, action: 0.7, word: 0.7, artefact: 1.2 };

export class LearnedMeanings {
  readonly #meanings = new Map<string, KnownMeaning>();
  /** Wording -> its meaning. */
  readonly #ofWording = new Map<string, KnownMeaning>();
  /** Concept -> meanings of which it is said. */
  readonly #saying = new Map<string, Set<KnownMeaning>>();
  /** Wordings that are of no other wording's meaning, whatever they look like. */
  readonly #apart = new Set<string>();
  /** Wordings that nobody judged, with the meaning they were found to be nearest to: it stays theirs. */
  readonly #likened = new Map<string, KnownMeaning>();
  #changes: Changes = noChanges();
  readonly weightOf = (concept: Concept): number =>
    Math.log(1 + (1 + this.#meanings.size) / (1 + (this.#saying.get(concept.name)?.size ?? 0))) *
    (kindWeight[concept.kind] ?? 1);

  get meanings(): readonly KnownMeaning[] {
    return [...this.#meanings.values()];
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
    if (known !== undefined) {
      this.#confirm(known, lesson);
      return;
    }
    const like = this.#likest(lesson);
    const meaning = like ?? { key: lesson.key, wordings: new Map(), named: new Map(), judged: 0, value: 0 };
    this.#join(meaning, lesson);
    const [oldest] = this.#meanings.values();
    if (this.#meanings.size > meaningLimit && oldest !== undefined) this.forget(oldest.key);
  }

  /** Takes in a meaning as it was kept. */
  restore(meaning: KnownMeaning): void {
    this.#meanings.set(meaning.key, meaning);
    for (const { key, concepts } of meaning.wordings.values()) {
      this.#ofWording.set(key, meaning);
      this.#say(concepts, meaning);
    }
    this.#say(mostlyNamed(meaning), meaning);
  }

  /** Forgets a meaning with all its wordings. */
  forget(key: string): void {
    const meaning = this.#meanings.get(key);
    if (meaning === undefined) return;
    this.#meanings.delete(key);
    for (const wording of meaning.wordings.keys()) this.#ofWording.delete(wording);
    for (const saying of this.#saying.values()) saying.delete(meaning);
    this.#changes.changed.delete(meaning);
    this.#changes.gone.add(meaning);
  }

  /** A wording means something of its own from now on, whatever it looks like. */
  setApart(key: string): void {
    this.#apart.add(key);
    this.#likened.delete(key);
    this.#changes.apart.add(key);
    const meaning = this.#ofWording.get(key);
    if (meaning === undefined) return;
    this.#ofWording.delete(key);
    meaning.wordings.delete(key);
    if (meaning.wordings.size === 0) this.forget(meaning.key);
    else this.#changes.changed.add(meaning);
  }

  #meaningOf(key: string, concepts: readonly Concept[]): KnownMeaning | undefined {
    const known = this.#ofWording.get(key) ?? this.#likened.get(key);
    if (known !== undefined && this.#meanings.has(known.key)) return known;
    const nearest = this.#nearest(key, concepts);
    if (nearest === undefined) return undefined;
    if (this.#likened.size >= likenedLimit) this.#likened.clear();
    this.#likened.set(key, nearest);
    return nearest;
  }

  #join(meaning: KnownMeaning, lesson: Lesson): void {
    const { key, concepts } = lesson;
    this.#meanings.set(meaning.key, meaning);
    if (meaning.wordings.size < wordingLimit) {
      meaning.wordings.set(key, { key, concepts, agreed: 1, disagreed: 0 });
      this.#ofWording.set(key, meaning);
      this.#say(concepts, meaning);
    }
    this.#note(meaning, lesson);
  }

  #say(concepts: readonly Concept[], meaning: KnownMeaning): void {
    for (const { name } of concepts) {
      const saying = this.#saying.get(name);
      if (saying === undefined) this.#saying.set(name, new Set([meaning]));
      else saying.add(meaning);
    }
  }

  #note(meaning: KnownMeaning, { named, value }: Lesson): void {
    meaning.value = (meaning.value * meaning.judged + value) / (meaning.judged + 1);
    meaning.judged += 1;
    for (const concept of named) {
      const before = meaning.named.get(concept.name);
      if (before === undefined) meaning.named.set(concept.name, { concept, count: 1 });
      else before.count += 1;
    }
    this.#say(mostlyNamed(meaning), meaning);
    this.#changes.changed.add(meaning);
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
      this.#note(meaning, lesson);
      return;
    }
    if (wording === undefined) {
      this.setApart(lesson.key);
      return;
    }
    wording.disagreed += 1;
    if (wording.disagreed > wording.agreed && meaning.wordings.size > 1) this.setApart(wording.key);
    else this.#changes.changed.add(meaning);
  }

  /** The meaning whose concepts, as models named them, are most like these. */
  #likest(lesson: Lesson): KnownMeaning | undefined {
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
      if (this.#saying.get(concept.name)?.has(meaning) === true) said += weight;
    }
    return namedPart * this.#namedAlike(meaning, lesson) + (1 - namedPart) * ratio(said, text);
  }

  /** The same of what a model names alone: weighted Jaccard likeness (Ruzicka 1958). */
  #namedAlike(meaning: KnownMeaning, { named }: Lesson): number {
    const now = new Map(named.map((concept) => [concept.name, concept]));
    const all = new Map([
      ...[...meaning.named].map(([name, { concept }]) => [name, concept] as const),
      ...now,
    ]);
    let [both, either] = [0, 0];
    for (const [name, concept] of all) {
      const before = (meaning.named.get(name)?.count ?? 0) / Math.max(1, meaning.judged);
      const present = now.has(name) ? 1 : 0;
      const weight = this.weightOf({ ...concept, kind: 'topic' });
      both += weight * Math.min(before, present);
      either += weight * Math.max(before, present);
    }
    return ratio(both, either);
  }

  *#candidates(concepts: readonly Concept[]): Generator<KnownMeaning> {
    const met = new Set<KnownMeaning>();
    for (const { name } of concepts) {
      for (const meaning of this.#saying.get(name) ?? []) {
        if (met.has(meaning)) continue;
        met.add(meaning);
        yield meaning;
      }
    }
  }

  /** The meaning that a wording nobody judged belongs to, if it is clear. */
  #nearest(key: string, concepts: readonly Concept[]): KnownMeaning | undefined {
    if (this.#apart.has(key) || concepts.length === 0) return undefined;
    let [best, second] = [0, 0];
    let found: KnownMeaning | undefined;
    for (const meaning of this.#candidates(concepts)) {
      const distance = nearness(meaning, concepts, this.weightOf);
      if (distance > best) [best, second, found] = [distance, best, meaning];
      else if (distance > second) second = distance;
    }
    return best >= second * margin ? found : undefined;
  }
}

function mostlyNamed(meaning: KnownMeaning): readonly Concept[] {
  return [...meaning.named.values()]
    .filter((one) => isMostlyNamed(meaning, one))
    .map(({ concept }) => concept);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
