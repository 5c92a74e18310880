/** Which of a workspace's waiting tasks can be judged at once from the cache, and which a model has to be asked about. */
import type { Instant, WorkspaceId } from '../model.ts';
import { freshness } from './freshness.ts';
import type { JudgementSource } from './judgement.ts';
import type { CachedJudgement, JudgingRound, Opinion, TaskVerdict, UnjudgedTask } from './judgementStore.ts';
import type { MeaningKeys, Meanings } from './meanings.ts';
import { speaksToJudge } from './speaksToJudge.ts';
import { heldBack } from './verdict.ts';

/** A task with the key of its meaning. */
export interface KeyedTask {
  readonly task: UnjudgedTask;
  readonly key: string;
}

/** A task with the keys of its meaning, as the cache has them. */
export interface MeantTask extends MeaningKeys {
  readonly task: UnjudgedTask;
}

/** What was judged of a task in its own words stays its judgement while it is fresh; else it shares that of others. */
export function keyedTask(
  { task, own, shared }: MeantTask,
  cached: ReadonlyMap<string, CachedJudgement>,
  now: Instant,
): KeyedTask {
  const said = cached.get(own);
  return { task, key: said !== undefined && freshness(own, said.at, now) !== 'expired' ? own : shared };
}

/** Tasks that mean the same: the first of them is asked about, and all get the answer. */
export interface Question {
  readonly key: string;
  readonly tasks: readonly UnjudgedTask[];
  readonly opinion: Opinion;
  /** What was said before and still serves; never for a first opinion. */
  readonly before: CachedJudgement | undefined;
}

/** What one call is made about. */
export interface Batch {
  readonly workspaceId: WorkspaceId;
  readonly round: JudgingRound;
  readonly questions: readonly Question[];
}

export interface Sorted {
  readonly verdicts: readonly TaskVerdict[];
  /** First opinions, then second ones, then renewals, each in the order the tasks came in. */
  readonly questions: readonly Question[];
}

interface OpenQuestion extends Question {
  readonly tasks: UnjudgedTask[];
}

/** Sorts tasks, best first, by what the cache knows of them. @param goal that the cache is of */
export function sortTasks(
  tasks: readonly KeyedTask[],
  cached: ReadonlyMap<string, CachedJudgement>,
  goal: string,
  now: Instant,
): Sorted {
  const verdicts: TaskVerdict[] = [];
  const open = new Map<string, OpenQuestion>();
  const ask = (key: string, task: UnjudgedTask, opinion: Opinion): void => {
    const before = opinion === 'first' ? undefined : cached.get(key);
    const same = open.get(key);
    if (same === undefined) open.set(key, { key, tasks: [task], opinion, before });
    else same.tasks.push(task);
  };
  for (const { task, key } of tasks) {
    const said = cached.get(key);
    const state = said === undefined ? 'expired' : freshness(key, said.at, now);
    if (said === undefined || state === 'expired') {
      ask(key, task, 'first');
      continue;
    }
    const verdict = verdictOf(task, said, 'cache', goal);
    if (isNews(task, verdict, state === 'renew')) verdicts.push(verdict);
    // A second opinion confirms only what is fresh; what is older is judged anew.
    if (state === 'renew' || (verdict.unconfirmed && state === 'stale')) ask(key, task, 'renewal');
    else if (verdict.unconfirmed) ask(key, task, 'second');
  }
  const all = [...open.values()];
  const of = (opinion: Opinion): Question[] => all.filter((one) => one.opinion === opinion);
  return { verdicts, questions: [...of('first'), ...of('second'), ...of('renewal')] };
}

/** Whether a task does not have already what the cache knows. */
function isNews({ opinion }: UnjudgedTask, { unconfirmed }: TaskVerdict, isOld: boolean): boolean {
  switch (opinion) {
    case 'first':
      return true;
    case 'second':
      return !unconfirmed;
    case 'renewal':
      return !isOld;
  }
}

/**
 * The first questions, without those that may turn out to mean the same as one before them or one asked about now: the
 * answer to that one may answer them. They have their turn once it is there.
 */
export function unlike(
  questions: readonly Question[],
  limit: number,
  meanings: Pick<Meanings, 'questioned'>,
  underWay: readonly Question[] = [],
): readonly Question[] {
  const questioned = meanings.questioned();
  for (const { tasks } of underWay) for (const task of tasks.slice(0, 1)) questioned.add(task);
  const chosen: Question[] = [];
  for (const question of questions) {
    if (chosen.length === limit) break;
    const [task] = question.tasks;
    if (task === undefined || (question.before === undefined && questioned.hasLike(task))) continue;
    questioned.add(task);
    chosen.push(question);
  }
  return chosen;
}

/** What one task gets of what was said of its meaning. */
export function verdictOf(
  task: UnjudgedTask,
  { said, rounds, reason, model, promptVersion, key, at }: CachedJudgement,
  source: JudgementSource,
  goal: string,
): TaskVerdict {
  const { title, description, upstream } = task;
  const speaks = speaksToJudge(`${title}\n${description}`);
  return {
    taskId: task.id,
    title,
    description,
    upstream,
    goal,
    ...heldBack({ said, rounds }, speaks),
    said,
    reason,
    source,
    model,
    promptVersion,
    key,
    at,
    rounds,
    speaks,
  };
}
