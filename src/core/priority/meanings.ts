/** The meaning of tasks, as the cache of judgements sees it. */
import type { CachedJudgement, UnjudgedTask } from './judgementStore.ts';

export interface Meanings {
  /** The same for tasks that mean the same, whatever their wording or language; no model is asked. */
  keyOf(task: Pick<UnjudgedTask, 'title' | 'description' | 'upstream'>): string;
  /** A model has said what these tasks are about: synonyms may be learned from it, or unlearned. */
  learn(judged: readonly { readonly task: UnjudgedTask; readonly said: CachedJudgement }[]): Promise<void>;
}
