/** What the refiner needs of the store: which tasks wait for a judgement, and a place to keep what was judged. */
import type { Instant, Task, TaskId, WorkspaceId } from '../model.ts';
import type { Judgement } from './judgement.ts';
import type { Anchor, ProjectContext } from './prompt.ts';

/** `first`: it has none, or none for what it says now. `second`: what it has should be confirmed. */
export type Opinion = 'first' | 'second';

/** A task that waits for a judgement. */
export interface UnjudgedTask extends Pick<Task, 'title' | 'description'> {
  readonly id: TaskId;
  readonly opinion: Opinion;
  /** Titles of the tasks whose results it uses. */
  readonly upstream: readonly string[];
}

/** What is asked about one workspace. */
export interface JudgingRound {
  /** Those without any first, then those nearest to being started. */
  readonly tasks: readonly UnjudgedTask[];
  readonly context: ProjectContext;
  /** Tasks judged before, as examples of what a value means here. */
  readonly examples: readonly Anchor[];
}

export interface AwaitingJudgement {
  readonly workspaceId: WorkspaceId;
  readonly first: number;
  readonly second: number;
}

/** What a model said of everything that means the same, kept under its key. */
export interface CachedJudgement {
  readonly key: string;
  /** 0 to 1000, as the model said. */
  readonly said: number;
  readonly reason: string;
  readonly concepts: readonly string[];
  readonly model: string;
  readonly promptVersion: number;
  /** How many batches have said so. */
  readonly rounds: number;
  readonly at: Instant;
}

/** What a task is judged; it is dropped when the task has ended or says something else by now. */
export interface TaskVerdict extends Omit<Judgement, 'at' | 'version'> {
  readonly taskId: TaskId;
  readonly title: string;
  readonly description: string;
  /** Whether it goes on waiting for a second opinion. */
  readonly unconfirmed: boolean;
}

/** Ready tasks of a workspace. */
export interface ReadyCount {
  readonly workspaceId: WorkspaceId;
  readonly count: number;
  readonly isPaused: boolean;
}

export interface JudgementStore {
  /**
   * Whether tasks are judged. From then on new and changed ones wait for a judgement, and so do the unfinished ones
   * that have none; turned off, none waits, and the judgements there are stay.
   */
  setJudging(on: boolean): Promise<void>;
  /** Workspaces in which tasks wait for a judgement. */
  awaitingJudgement(): Promise<readonly AwaitingJudgement[]>;
  /** Workspaces in which tasks are ready. */
  readyCounts(): Promise<readonly ReadyCount[]>;
  /** At most `limit` tasks of a workspace that wait, and what their judge should know. */
  judgingRound(workspaceId: WorkspaceId, limit: number, now: Instant): Promise<JudgingRound>;
  /** All unfinished tasks of a workspace wait for a judgement again, and the cache forgets what was said of them. */
  judgeAgain(workspaceId: WorkspaceId): Promise<void>;
  /** Keeps verdicts and what was said; one transaction. Ranks that change take effect with it. */
  judge(verdicts: readonly TaskVerdict[], said: readonly CachedJudgement[], at: Instant): Promise<void>;
  /** What is kept under these keys, however old. */
  cachedJudgements(keys: readonly string[]): Promise<ReadonlyMap<string, CachedJudgement>>;
}
