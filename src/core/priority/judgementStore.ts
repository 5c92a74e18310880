/** What the refiner needs of the store: which tasks wait for a judgement, and a place to keep what was judged. */
import type { Instant, Task, TaskId, WorkspaceId } from '../model.ts';
import type { Judgement } from './judgement.ts';
import type { Anchor, ProjectContext } from './prompt.ts';

/**
 * `first`: it has none, or none for what it says now. `second`: what it has should be confirmed. `renewal`: what it has
 * is old, or another judge's.
 */
export type Opinion = 'first' | 'second' | 'renewal';

/** A task that waits for a judgement. */
export interface UnjudgedTask extends Pick<Task, 'title' | 'description'> {
  readonly id: TaskId;
  readonly opinion: Opinion;
  /** Titles of the tasks whose results it uses. */
  readonly upstream: readonly string[];
}

/** A task judged before, as an example of what a value means here. */
export interface JudgedExample extends Anchor {
  /** What it was judged for. */
  readonly key: string;
}

/** A task that is shown so that another one is not alone. */
export interface Company extends Pick<Task, 'title' | 'description'> {
  readonly id: TaskId;
}

/** What is asked about one workspace. */
export interface JudgingRound {
  /** Those without any first, then those to be confirmed, then those to be judged anew; each nearest to its start first. */
  readonly tasks: readonly UnjudgedTask[];
  readonly context: ProjectContext;
  /**
   * Judged for this goal by this judge, soundly and for good, with the value in force: nothing that stands in for an
   * answer, waits for a second opinion or speaks to its judge.
   */
  readonly examples: readonly JudgedExample[];
  /** Some tasks that wait for their start, whether they wait for a judgement or not. */
  readonly company: readonly Company[];
  /** When the next of the tasks nearest to their start is to be judged anew, or null. */
  readonly renewAt: Instant | null;
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

/**
 * What a task is judged, with all that it was judged on. It is dropped when the task has ended, or when its text, what
 * it is made from or the goal is another by now: whoever changed that has made the task wait for a new one.
 */
export interface TaskVerdict
  extends Omit<Judgement, 'version'>, Pick<UnjudgedTask, 'title' | 'description' | 'upstream'> {
  readonly taskId: TaskId;
  readonly goal: string;
  /** Whether it goes on waiting for a second opinion. */
  readonly unconfirmed: boolean;
}

/** The ready tasks of one workspace that need the same. */
export interface ReadyLane {
  readonly workspaceId: WorkspaceId;
  readonly signature: string;
  /** Counted no further than was asked for. */
  readonly count: number;
}

export interface Readiness {
  /** Of workspaces that are not paused. */
  readonly lanes: readonly ReadyLane[];
  /** Signatures of the tasks that run. */
  readonly running: readonly string[];
}

export interface JudgementStore {
  /**
   * Whether tasks are judged. From then on new and changed ones wait for a judgement, and so do the unfinished ones
   * that have none. Turned off, none waits, and the judgements there are count no more: the level the user chose does,
   * until tasks are judged again.
   */
  setJudging(on: boolean): Promise<void>;
  /** Workspaces in which tasks wait for a judgement. */
  awaitingJudgement(): Promise<readonly AwaitingJudgement[]>;
  /** What is ready and what runs. @param most how far the tasks of a lane are counted */
  readiness(most: number): Promise<Readiness>;
  /** At most `limit` tasks of a workspace that wait, and what their judge should know. @param model its name */
  judgingRound(workspaceId: WorkspaceId, model: string, limit: number, now: Instant): Promise<JudgingRound>;
  /** All unfinished tasks of a workspace wait for a judgement again, and the cache forgets what was said of them. */
  judgeAgain(workspaceId: WorkspaceId): Promise<void>;
  /** Keeps verdicts and what was said; one transaction. Ranks that change take effect with it. */
  judge(verdicts: readonly TaskVerdict[], said: readonly CachedJudgement[], at: Instant): Promise<void>;
  /** What is kept under these keys, however old. */
  cachedJudgements(keys: readonly string[]): Promise<ReadonlyMap<string, CachedJudgement>>;
}
