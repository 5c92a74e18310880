/** The meanings of words, loaded when they are first needed: without a model nobody pays for the lexicon. */
import type { CachedJudgement, UnjudgedTask } from '../core/priority/judgementStore.ts';
import type { LearnedMeaning, MeaningKeys, Meanings, Meant, Questioned } from '../core/priority/meanings.ts';
import type { SemanticMeanings, SemanticMeaningsOptions } from './semanticMeanings.ts';

export class LateMeanings implements Meanings {
  readonly #options: SemanticMeaningsOptions;
  #loading: Promise<SemanticMeanings> | undefined;
  #loaded: SemanticMeanings | undefined;

  constructor(options: SemanticMeaningsOptions) {
    this.#options = options;
  }

  async load(): Promise<void> {
    await this.#there();
  }

  /** @throws Error before `load` */
  keysOf(task: Meant): MeaningKeys {
    return this.#known().keysOf(task);
  }

  /** @throws Error before `load` */
  questioned(): Questioned {
    return this.#known().questioned();
  }

  async learn(
    judged: readonly { readonly task: UnjudgedTask; readonly said: CachedJudgement }[],
  ): Promise<void> {
    await (await this.#there()).learn(judged);
  }

  async learned(): Promise<readonly LearnedMeaning[]> {
    return (await this.#there()).learned;
  }

  async setApart(wordings: readonly string[]): Promise<void> {
    await (await this.#there()).setApart(wordings);
  }

  async clear(): Promise<void> {
    await (await this.#there()).clear();
  }

  async #there(): Promise<SemanticMeanings> {
    // What could not be loaded is tried again.
    this.#loading ??= this.#load().catch((thrown: unknown) => {
      this.#loading = undefined;
      throw thrown;
    });
    return this.#loading;
  }

  async #load(): Promise<SemanticMeanings> {
    const { SemanticMeanings: Loaded } = await import('./semanticMeanings.ts');
    const meanings = new Loaded(this.#options);
    await meanings.load();
    this.#loaded = meanings;
    return meanings;
  }

  #known(): SemanticMeanings {
    if (this.#loaded === undefined) throw new Error('The lexicon is not there yet.');
    return this.#loaded;
  }
}
