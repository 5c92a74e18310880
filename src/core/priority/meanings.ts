/** The meaning of tasks, as the cache of judgements sees it. */
import type { Instant } from '../model.ts';
import type { CachedJudgement, UnjudgedTask } from './judgementStore.ts';

export type Meant = Pick<UnjudgedTask, 'title' | 'description' | 'upstream'>;

export interface MeaningKeys {
  /** Of the words alone: what was judged under it was judged of this task, and stays so whatever is learned. */
  readonly own: string;
  /** The same for tasks that mean the same, whatever their wording or language, as far as is known. */
  readonly shared: string;
}

/** Tasks that a model is, or will be, asked about. */
export interface Questioned {
  add(task: Meant): void;
  /**
   * Whether a task may turn out to mean the same as one of them once that is judged, so that asking about both at the
   * same time may be a waste.
   */
  hasLike(task: Meant): boolean;
}

export interface Meanings {
  /** Reads what was learned before; until then nothing is known but the words everybody knows. */
  load(): Promise<void>;
  /** What a task means, without asking a model. */
  keysOf(task: Meant): MeaningKeys;
  /** Nothing yet; see `Questioned`. */
  questioned(): Questioned;
  /** A model has said what these tasks are about: synonyms may be learned from it, or unlearned. */
  learn(judged: readonly { readonly task: UnjudgedTask; readonly said: CachedJudgement }[]): Promise<void>;
}

/** A line of what was learned. */
export interface LearnedTerm {
  readonly term: string;
  readonly concept: string;
  /** How often it was found to be so, and not to be so. */
  readonly agreed: number;
  readonly disagreed: number;
  readonly at: Instant;
}

/** What is to be written of what was learned. */
export interface TermChange {
  readonly put: readonly LearnedTerm[];
  readonly drop: readonly string[];
  /**
   * Beginnings of keys, see `MeaningKeys`, under which what was judged need not hold any more, because a person has
   * corrected what was learned.
   */
  readonly unsettled: readonly string[] | 'all';
  readonly at: Instant;
}

/** Where what was learned is kept. */
export interface TermStore {
  terms(): Promise<readonly LearnedTerm[]>;
  /**
   * Keeps some and drops others. What is unsettled the cache of judgements forgets, and unfinished tasks that have it
   * wait to be judged again; when nothing is judged, their judgement goes. One transaction.
   */
  changeTerms(change: TermChange): Promise<void>;
}

/** What people see of it. */
export interface LearnedMeaning {
  /** Names of the concepts it is known by. */
  readonly meaning: string;
  readonly wordings: readonly {
    readonly wording: string;
    readonly agreed: number;
    readonly disagreed: number;
  }[];
}
