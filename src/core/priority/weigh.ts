/** What follows from the answer to a batch: for each task, for the cache, and for what is learned of words. */
import type { Instant } from '../model.ts';
import { verdictOf } from './batch.ts';
import type { Question } from './batch.ts';
import { defaultValue } from './judgement.ts';
import type { CachedJudgement, TaskVerdict, UnjudgedTask } from './judgementStore.ts';
import type { Verdict } from './modelAnswer.ts';
import { promptVersion } from './prompt.ts';
import type { Trouble } from './trouble.ts';
import { combined, renewed } from './verdict.ts';

export interface Answered {
  readonly question: Question;
  /** Undefined when the answer left it out, or named it twice. */
  readonly verdict: Verdict | undefined;
}

export interface Weighed {
  readonly verdicts: readonly TaskVerdict[];
  /** What the cache keeps: sound answers only. */
  readonly kept: readonly CachedJudgement[];
  readonly learned: readonly { readonly task: UnjudgedTask; readonly said: CachedJudgement }[];
}

/** Who has answered what it was asked for which goal. */
export interface Asked {
  readonly model: string;
  readonly goal: string;
  readonly at: Instant;
}

/** @param trouble remembers the meanings whose answers made no sense */
export function weigh(answers: readonly Answered[], asked: Asked, trouble: Trouble): Weighed {
  const verdicts: TaskVerdict[] = [];
  const kept: CachedJudgement[] = [];
  const learned: { readonly task: UnjudgedTask; readonly said: CachedJudgement }[] = [];
  for (const { question, verdict } of answers) {
    if (verdict === undefined || verdict.missing || verdict.outlier) {
      verdicts.push(...standIns(question, verdict, asked, trouble));
      continue;
    }
    const said = { ...answerOf(question, verdict, asked), ...weighed(question, verdict.value) };
    kept.push(said);
    // Where opinions contradict each other, another is asked for at once, and further ones ever less often.
    if (question.opinion === 'second' && said.rounds < 2) trouble.note(question.key, true, asked.at);
    else trouble.end(question.key);
    verdicts.push(...question.tasks.map((task) => verdictOf(task, said, 'model', asked.goal)));
    const [task] = question.tasks;
    if (task !== undefined) learned.push({ task, said });
  }
  return { verdicts, kept, learned };
}

function weighed({ opinion, before }: Question, value: number): Pick<CachedJudgement, 'said' | 'rounds'> {
  return opinion === 'second' && before !== undefined ? combined(before, value) : renewed(before, value);
}

/**
 * What stands in for an answer that makes no sense, for the tasks that have nothing better. They go on waiting, and no
 * other task hears of it.
 */
function standIns(
  question: Question,
  verdict: Verdict | undefined,
  asked: Asked,
  trouble: Trouble,
): readonly TaskVerdict[] {
  const times = trouble.note(question.key, verdict === undefined, asked.at);
  // Left out or named twice: asked once more before the default stands in.
  if (verdict === undefined && times < 2) return [];
  const value = verdict?.value ?? defaultValue;
  const said: CachedJudgement = { ...answerOf(question, verdict, asked), said: value, rounds: 1 };
  const source = verdict?.outlier === true ? 'outlier' : 'default';
  return question.tasks
    .filter(({ opinion }) => opinion === 'first')
    .map((task) => ({ ...verdictOf(task, said, source, asked.goal), unconfirmed: true }));
}

function answerOf(
  { key }: Question,
  verdict: Verdict | undefined,
  { model, at }: Asked,
): Omit<CachedJudgement, 'said' | 'rounds'> {
  const { reason = '', concepts = [] } = verdict ?? {};
  return { key, reason, concepts, model, promptVersion, at };
}
