/**
 * The meaning of tasks by their words: a deterministic key of concepts (what is done, what is made, what it is about,
 * for whom, when, what is said of it, and what kinds of things it is made from), in English and Italian, and what was
 * learned from models on top of it. No model is asked for any of it.
 */
import type { Clock } from '../core/ports.ts';
import type { CachedJudgement, UnjudgedTask } from '../core/priority/judgementStore.ts';
import type { LearnedMeaning, MeaningKeys, Meanings, Meant, TermStore } from '../core/priority/meanings.ts';
import { plainText } from '../core/priority/plainText.ts';
import { conceptsOf } from './concepts.ts';
import { LearnedMeanings } from './learnedMeanings.ts';
import { Lexicon } from './lexicon.ts';
import type { Concept, Synonym } from './lexicon.ts';
import { cosine } from './nearness.ts';
import { apartTerm, meaningsIn, termsOf } from './terms.ts';

export interface SemanticMeaningsOptions {
  /** Absent: what is learned is forgotten with this object. */
  readonly store?: TermStore;
  readonly clock: Pick<Clock, 'wallClock'>;
  /** A person's own synonyms. */
  readonly synonyms?: () => readonly Synonym[];
}

interface Read {
  readonly key: string;
  readonly concepts: readonly Concept[];
}

/** Titles whose concepts are remembered. */
const memory = 5_000;
/** From this likeness on two texts may turn out to mean the same. */
const alikeFrom = 0.4;
/** Between the parts of a key; no text that people write has it. */
const separator = '\u001E';

export class SemanticMeanings implements Meanings {
  readonly #options: SemanticMeaningsOptions;
  readonly #read = new Map<string, Read>();
  #synonyms = '';
  #lexicon: Lexicon | undefined;
  #learned = new LearnedMeanings();

  constructor(options: SemanticMeaningsOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    const { store } = this.#options;
    if (store === undefined) return;
    const { known, apart } = meaningsIn(await store.terms(), this.#words());
    this.#learned = new LearnedMeanings();
    for (const meaning of known) this.#learned.restore(meaning);
    for (const key of apart) this.#learned.setApart(key);
    this.#learned.takeChanges();
  }

  keysOf({ title, description, upstream }: Meant): MeaningKeys {
    const { key, concepts } = this.#conceptsOf(title);
    // What a task is made from counts by its kind: neither by number nor by name.
    const kinds = upstream
      .flatMap((one) => this.#conceptsOf(one).concepts)
      .filter(({ kind }) => kind === 'artefact')
      .map(({ name }) => name);
    const rest = [plainText(description), [...new Set(kinds)].toSorted().join(' ')];
    return {
      own: [key, ...rest].join(separator),
      shared: [this.#learned.keyOf(key, concepts), ...rest].join(separator),
    };
  }

  alike(one: Meant, other: Meant): boolean {
    const there = this.#conceptsOf(other.title).concepts.map((concept) => ({ concept, share: 1 }));
    return cosine(this.#conceptsOf(one.title).concepts, there, this.#learned.weightOf) >= alikeFrom;
  }

  async learn(
    judged: readonly { readonly task: UnjudgedTask; readonly said: CachedJudgement }[],
  ): Promise<void> {
    for (const { task, said } of judged) {
      const { key, concepts } = this.#conceptsOf(task.title);
      if (concepts.length === 0) continue;
      this.#learned.learn({
        key,
        concepts,
        named: this.#words().conceptsAmong(said.concepts),
        value: said.said,
      });
    }
    await this.#keep([]);
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

  /** Takes wordings out of the meanings they were learned for; they are not learned for another again. */
  async setApart(wordings: readonly string[]): Promise<void> {
    for (const wording of wordings) this.#learned.setApart(wording);
    await this.#keep([]);
  }

  /** Forgets all that was learned. */
  async clear(): Promise<void> {
    const kept = (await this.#options.store?.terms()) ?? [];
    this.#learned = new LearnedMeanings();
    await this.#keep(kept.map(({ term }) => term));
  }

  /** @param drop lines that go as well */
  async #keep(drop: readonly string[]): Promise<void> {
    const { store, clock } = this.#options;
    const at = clock.wallClock();
    const { changed, gone, apart } = this.#learned.takeChanges();
    const put = [...changed].flatMap((meaning) => termsOf(meaning, at));
    const dropped = [...gone].flatMap((meaning) => termsOf(meaning, at)).map(({ term }) => term);
    put.push(...[...apart].map((key) => apartTerm(key, at)));
    if (put.length + dropped.length + drop.length > 0) await store?.changeTerms(put, [...dropped, ...drop]);
  }

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
    const synonyms = this.#options.synonyms?.() ?? [];
    const named = JSON.stringify(synonyms);
    if (this.#lexicon === undefined || named !== this.#synonyms) {
      this.#lexicon = new Lexicon(synonyms);
      this.#synonyms = named;
      this.#read.clear();
    }
    return this.#lexicon;
  }
}
