/** Which of a workspace's waiting tasks can be judged at once from the cache, and which a model has to be asked about. */
import type { Instant } from '../model.ts';
import { freshness } from './freshness.ts';
import type { JudgementSource } from './judgement.ts';
import type { CachedJudgement, TaskVerdict, UnjudgedTask } from './judgementStore.ts';
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
  /** What was said before, when this asks for a second opinion or a newer one. */
  readonly before: CachedJudgement | undefined;
}

export interface Sorted {
  readonly verdicts: readonly TaskVerdict[];
  /** First opinions first, then in the order the tasks came in. */
  readonly questions: readonly Question[];
}

/** Sorts tasks, best first, by what the cache knows of them. */
export function sortTasks(
  tasks: readonly KeyedTask[],
  cached: ReadonlyMap<string, CachedJudgement>,
  now: Instant,
): Sorted {
  const verdicts: TaskVerdict[] = [];
  const first = new Map<string, UnjudgedTask[]>();
  const second = new Map<string, UnjudgedTask[]>();
  for (const { task, key } of tasks) {
    const said = cached.get(key);
    const state = said === undefined ? 'expired' : freshness(key, said.at, now);
    if (said === undefined || state === 'expired') {
      enlist(first, key, task);
      continue;
    }
    const verdict = verdictOf(task, said, 'cache');
    const unconfirmed = verdict.unconfirmed || state === 'renew';
    // One that waits for a second opinion has this judgement already, unless there is news.
    if (task.opinion === 'first' || !unconfirmed) verdicts.push({ ...verdict, unconfirmed });
    if (unconfirmed) enlist(second, key, task);
  }
  const questions = [...first, ...second].map(([key, same]) => ({
    key,
    tasks: same,
    before: cached.get(key),
  }));
  return { verdicts, questions };
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

function enlist(list: Map<string, UnjudgedTask[]>, key: string, task: UnjudgedTask): void {
  const same = list.get(key);
  if (same === undefined) list.set(key, [task]);
  else same.push(task);
}

/** What one task gets of what was said of its meaning. */
export function verdictOf(task: UnjudgedTask, said: CachedJudgement, source: JudgementSource): TaskVerdict {
  const { title, description } = task;
  return {
    taskId: task.id,
    title,
    description,
    ...heldBack(said, speaksToJudge(`${title}\n${description}`)),
    said: said.said,
    reason: said.reason,
    source,
    model: said.model,
    promptVersion: said.promptVersion,
    key: said.key,
    rounds: said.rounds,
  };
}
