/** What models teach of words, and a place to keep it, for tests. */
import type { TaskId } from '../../src/core/model.ts';
import type { CachedJudgement, UnjudgedTask } from '../../src/core/priority/judgementStore.ts';
import type { LearnedTerm, Meant, TermChange, TermStore } from '../../src/core/priority/meanings.ts';

export class MemoryTerms implements TermStore {
  readonly lines = new Map<string, LearnedTerm>();
  /** Every change, in order. */
  readonly changes: TermChange[] = [];

  terms(): Promise<readonly LearnedTerm[]> {
    return Promise.resolve([...this.lines.values()]);
  }

  changeTerms(change: TermChange): Promise<void> {
    this.changes.push(change);
    for (const term of change.drop) this.lines.delete(term);
    for (const line of change.put) this.lines.set(line.term, line);
    return Promise.resolve();
  }
}

export function meant(title: string, description = '', upstream: readonly string[] = []): Meant {
  return { title, description, upstream };
}

/** A judgement of a title, with the concepts a model names. */
export function lesson(
  title: string,
  concepts: string,
  value = 500,
): { readonly task: UnjudgedTask; readonly said: CachedJudgement } {
  return {
    task: { id: 'id' as TaskId, ...meant(title), opinion: 'first' },
    said: {
      key: '',
      said: value,
      reason: '',
      concepts: concepts.split(' '),
      model: 'm',
      promptVersion: 1,
      rounds: 1,
      at: 0,
    },
  };
}
