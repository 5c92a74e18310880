/** What follows from the answer to a batch: for each task, for the cache, and for what is learned of words. */
import type { Instant } from '../model.ts';
import { verdictOf } from './batch.ts';
import type { Question } from './batch.ts';
import { defaultValue } from './judgement.ts';
import type { CachedJudgement, TaskVerdict, UnjudgedTask } from './judgementStore.ts';
import type { Verdict } from './modelAnswer.ts';
import { promptVersion } from './prompt.ts';
import { patience } from './trouble.ts';
import type { Trouble } from './trouble.ts';
import { combine } from './verdict.ts';

export interface Answered {
  readonly question: Question;
  /** Undefined when the answer left it out, or named it twice. */
  readonly verdict: Verdict | undefined;
}

export interface Weighed {
  readonly verdicts: readonly TaskVerdict[];
  /** What the cache keeps: sound answers, and those that stay unsound however often one asks. */
  readonly kept: readonly CachedJudgement[];
  readonly learned: readonly { readonly task: UnjudgedTask; readonly said: CachedJudgement }[];
}

/** @param trouble remembers the meanings whose answers made no sense */
export function weigh(answers: readonly Answered[], model: string, at: Instant, trouble: Trouble): Weighed {
  const verdicts: TaskVerdict[] = [];
  const kept: CachedJudgement[] = [];
  const learned: { readonly task: UnjudgedTask; readonly said: CachedJudgement }[] = [];
  for (const { question, verdict } of answers) {
    const sound = verdict !== undefined && !verdict.missing && !verdict.outlier;
    const times = sound ? 0 : trouble.note(question.key, verdict === undefined, at);
    // Left out or named twice: asked once more before the default stands in.
    if (verdict === undefined && times < 2) continue;
    const settled = sound || times >= patience;
    const said: CachedJudgement = {
      key: question.key,
      reason: verdict?.reason ?? '',
      concepts: verdict?.concepts ?? [],
      model,
      promptVersion,
      at,
      ...combine(question.before, verdict?.value ?? defaultValue),
    };
    if (settled) {
      kept.push(said);
      trouble.end(question.key);
    }
    const source = verdict === undefined || verdict.missing ? 'default' : 'model';
    for (const task of question.tasks) {
      const given = verdictOf(task, said, source);
      verdicts.push({ ...given, unconfirmed: given.unconfirmed || !settled });
    }
    const [task] = question.tasks;
    if (sound && task !== undefined) learned.push({ task, said });
  }
  return { verdicts, kept, learned };
}
