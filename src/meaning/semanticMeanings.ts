/**
 * The meaning of tasks by their words: a deterministic key of concepts (what is done, what is made, what it is about,
 * for whom, when, what is said of it, and what kinds of things it is made from), in English and Italian, and what was
 * learned from models on top of it. No model is asked for any of it.
 */
import type { Clock } from '../core/ports.ts';
import type { CachedJudgement, UnjudgedTask } from '../core/priority/judgementStore.ts';
import type {
  LearnedMeaning,
  LearnedTerm,
  MeaningKeys,
  Meanings,
  Meant,
  Questioned,
  TermStore,
} from '../core/priority/meanings.ts';
import { plainText } from '../core/priority/plainText.ts';
import { AskedAbout } from './askedAbout.ts';
import { conceptsOf } from './concepts.ts';
import type { Concepts } from './concepts.ts';
import { addedBy } from './descriptions.ts';
import { KeptLines } from './keptLines.ts';
import { LearnedMeanings } from './learnedMeanings.ts';
import type { Changes } from './learnedMeanings.ts';
import { Lexicon } from './lexicon.ts';
import type { Concept, Synonym } from './lexicon.ts';
import { aloneTerm, apartTerm, learnedFrom, termsOf } from './terms.ts';

export interface SemanticMeaningsOptions {
  /** Absent: what is learned is forgotten with this object. */
  readonly store?: TermStore;
  readonly clock: Pick<Clock, 'wallClock'>;
  /** A person's own synonyms. */
  readonly synonyms?: () => readonly Synonym[];
  /** Gives the thread back for a moment, between the lessons of an answer; absent: it is kept. */
  readonly breathe?: () => Promise<void>;
  /** Told when a person has corrected what was learned, and tasks wait to be judged again because of that. */
  readonly onCorrected?: () => void;
}

interface Read {
  readonly key: string;
  readonly concepts: readonly Concept[];
}

/** Titles whose concepts are remembered. */
const memory = 5_000;
/** The same of sentences of descriptions. */
const sentenceMemory = 5_000;
/** Lessons learned without giving the thread back: a few milliseconds. */
const stride = 5;
/** The same of meanings read from the store. */
const loadStride = 100;
/** Between the parts of a key; no text that people write has it. */
const separator = '\u001E';

export class SemanticMeanings implements Meanings {
  readonly #options: SemanticMeaningsOptions;
  readonly #read = new Map<string, Read>();
  readonly #sentences = new Map<string, Concepts>();
  #synonyms: readonly Synonym[] = [];
  #lexicon: Lexicon | undefined;
  #learned = new LearnedMeanings();
  #kept = new KeptLines();
  /** Lines of the store that say nothing, or too much: they go with the next change. */
  #stale: readonly string[] = [];

  constructor(options: SemanticMeaningsOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { store, breathe } = this.#options;
    if (store === undefined) return;
    const lines = await store.terms();
    const { known, apart, alone } = await learnedFrom(lines, this.#words(), breathe);
    this.#learned = new LearnedMeanings();
    this.#kept = new KeptLines();
    for (const key of alone) this.#learned.setAlone(key);
    for (const key of apart) this.#learned.setApart(key);
    const stale = new Set(lines.map(({ term }) => term));
    for (let from = 0; from <= known.length; from += loadStride) {
      for (const meaning of known.slice(from, from + loadStride)) this.#learned.restore(meaning);
      const { put } = this.#kept.change(this.#linesOf(this.#learned.takeChanges()));
      for (const { term } of put) stale.delete(term);
      await breathe?.();
    }
    this.#stale = [...stale];
  }

  keysOf({ title, description, upstream }: Meant): MeaningKeys {
    const { key, concepts } = this.#conceptsOf(title);
    // What a task is made from counts by its kind: neither by number nor by name.
    const kinds = upstream
      .flatMap((one) => this.#conceptsOf(one).concepts)
      .filter(({ kind }) => kind === 'artefact')
      .map(({ name }) => name);
    const rest = [
      addedBy(description, { text: title, concepts }, this.#sentence),
      [...new Set(kinds)].toSorted().join(' '),
    ];
    return {
      own: [key, ...rest].join(separator),
      shared: [this.#learned.keyOf(key, concepts), ...rest].join(separator),
    };
  }

  questioned(): Questioned {
    const asked = new AskedAbout(this.#learned.weightOf);
    return {
      add: ({ title }) => asked.add(this.#conceptsOf(title).concepts),
      hasLike: ({ title }) => asked.hasLike(this.#conceptsOf(title).concepts),
    };
  }

  async learn(
    judged: readonly { readonly task: UnjudgedTask; readonly said: CachedJudgement }[],
  ): Promise<void> {
    for (const [place, { task, said }] of judged.entries()) {
      if (place % stride === stride - 1) await this.#options.breathe?.();
      const { key, concepts } = this.#conceptsOf(task.title);
      if (concepts.length === 0) continue;
      this.#learned.learn({
        key,
        concepts,
        named: this.#words().conceptsAmong(said.concepts),
        value: said.said,
      });
    }
    await this.#keep();
  }

  /** What was learned, the meanings with most wordings first. */
  get learned(): readonly LearnedMeaning[] {
    return this.#learned.meanings
      .filter(({ wordings }) => wordings.size > 1)
      .toSorted((a, b) => b.wordings.size - a.wordings.size)
      .map(({ key, wordings }) => ({
        meaning: key,
        wordings: [...wordings.values()].map((one) => ({
          wording: one.key,
          agreed: one.agreed,
          disagreed: one.disagreed,
        })),
      }));
  }

  /**
   * Takes wordings out of the meanings they were learned for. From then on each is judged by itself, whatever models say
   * of it, and what was judged for those meanings is judged again.
   */
  async setApart(wordings: readonly string[]): Promise<void> {
    for (const wording of wordings) this.#learned.setAlone(wording);
    await this.#keep();
    this.#options.onCorrected?.();
  }

  /** Forgets all that was learned, and what was taken out of it; everything is judged again. */
  async clear(): Promise<void> {
    const { store, clock, onCorrected } = this.#options;
    const drop = ((await store?.terms()) ?? []).map(({ term }) => term);
    this.#learned = new LearnedMeanings();
    this.#kept = new KeptLines();
    this.#stale = [];
    await store?.changeTerms({ put: [], drop, unsettled: 'all', at: clock.wallClock() });
    onCorrected?.();
  }

  /** Writes down what has changed. */
  async #keep(): Promise<void> {
    const { store, clock } = this.#options;
    const changes = this.#learned.takeChanges();
    const { put, drop } = this.#kept.change(this.#linesOf(changes));
    const unsettled = [...changes.corrected].map((key) => `${key}${separator}`);
    const gone = [...drop, ...this.#stale];
    this.#stale = [];
    if (put.length + gone.length + unsettled.length > 0)
      await store?.changeTerms({ put, drop: gone, unsettled, at: clock.wallClock() });
  }

  /** The lines, now, of what is not as it was. */
  #linesOf({ meanings, wordings }: Changes): ReadonlyMap<string, readonly LearnedTerm[]> {
    const at = this.#options.clock.wallClock();
    const lines = new Map<string, readonly LearnedTerm[]>();
    for (const key of meanings) {
      const meaning = this.#learned.meaning(key);
      lines.set(`meaning ${key}`, meaning === undefined ? [] : termsOf(meaning, at));
    }
    for (const key of wordings) {
      const apart = this.#learned.isApart(key) ? [apartTerm(key, at)] : [];
      lines.set(`wording ${key}`, this.#learned.isAlone(key) ? [...apart, aloneTerm(key, at)] : apart);
    }
    return lines;
  }

  /** A sentence of a description: many have the same, from a template. */
  readonly #sentence = (text: string): Concepts => {
    const lexicon = this.#words();
    const known = this.#sentences.get(text);
    if (known !== undefined) return known;
    const concepts = conceptsOf(text, lexicon);
    if (this.#sentences.size >= sentenceMemory) this.#sentences.clear();
    this.#sentences.set(text, concepts);
    return concepts;
  };

  #conceptsOf(text: string): Read {
    const lexicon = this.#words();
    const known = this.#read.get(text);
    if (known !== undefined) return known;
    const concepts = conceptsOf(text, lexicon);
    // What says nothing that anybody knows, or no more than a number, means what it says.
    const saysNothing = concepts.every(({ kind }) => kind === 'number');
    const names = concepts.map(({ name }) => name).toSorted();
    const read = saysNothing
      ? { key: `=${plainText(text)}`, concepts: [] }
      : { key: names.join(' '), concepts };
    if (this.#read.size >= memory) this.#read.clear();
    this.#read.set(text, read);
    return read;
  }

  /** Made when first needed, and again when the person's synonyms have changed. */
  #words(): Lexicon {
    const synonyms = this.#options.synonyms?.() ?? this.#synonyms;
    if (this.#lexicon !== undefined && isSame(synonyms, this.#synonyms)) return this.#lexicon;
    this.#synonyms = synonyms;
    this.#lexicon = new Lexicon(synonyms);
    this.#read.clear();
    this.#sentences.clear();
    return this.#lexicon;
  }
}

function isSame(some: readonly Synonym[], others: readonly Synonym[]): boolean {
  return (
    some === others ||
    (some.length === others.length &&
      some.every(({ word, means }, place) => word === others[place]?.word && means === others[place].means))
  );
}
