/**
 * The verbs of a person at the desk: what every command, button and test calls. Each resolves when what it did is
 * durable, and rejects with a PodiumError whose message can be shown as it is.
 */
import type { ResourceControl } from './arbitration/resourceControl.ts';
import type { FuseControl } from './fuses/fuseControl.ts';
import type { Listener } from './events.ts';
import type { AgentId, Instant, Milliseconds, PriorityLevel, Task, TaskId, WorkspaceId } from './model.ts';
import type { MetricRange, MetricsSeries } from './metrics/metrics.ts';
import type { Snapshot } from './metrics/snapshot.ts';
import type { TreeControl } from './trees.ts';
import type { AgentDescription, Decision, OrderPlace, PictureFilter, ScoreChange } from './ports.ts';

/** A task as a person words it; everything is checked by the gate. */
export interface TaskRequest {
  readonly workspaceId: WorkspaceId;
  readonly title: string;
  readonly description?: string;
  readonly agentId: AgentId;
  /** For agents that take a command: program and arguments. */
  readonly argv?: readonly string[];
  readonly priority?: PriorityLevel;
  readonly needs?: readonly TaskId[];
  readonly timeout?: Milliseconds | null;
  readonly dueAt?: Instant | null;
  /** Amounts by resource, in place of what its agent uses. */
  readonly resources?: Readonly<Record<string, number>>;
}

/** A task of a batch; `needs` may name the `key` of an earlier one of the same batch. */
export interface BatchRequest extends Omit<TaskRequest, 'needs'> {
  readonly key: string;
  readonly needs?: readonly string[];
}

export type TaskChange = Partial<Omit<TaskRequest, 'workspaceId'>>;

/** Which tasks a snapshot shows. */
export interface SnapshotWish {
  /** Most unfinished tasks of each workspace; some hundred when absent. */
  readonly unfinished?: number;
  readonly filter?: PictureFilter;
}

export interface Control {
  /** @throws PodiumError what the gate refuses, e.g. `invalid-title`, `unknown-agent`, `unknown-dependency`. */
  addTask(request: TaskRequest): Promise<TaskId>;
  /** Adds all or, where one is refused, none. */
  addBatch(requests: readonly BatchRequest[]): Promise<readonly TaskId[]>;
  /** @throws PodiumError `task-running`, `dependency-cycle`, and what `addTask` throws. */
  editTask(id: TaskId, change: TaskChange): Promise<void>;
  /** Deletes tasks with their sub-tasks. @throws PodiumError `task-running`. */
  deleteTasks(ids: readonly TaskId[]): Promise<void>;
  /** Finished tasks of a workspace that nothing unfinished depends on; returns how many went. */
  clearFinished(workspaceId: WorkspaceId): Promise<number>;
  runNow(id: TaskId): Promise<void>;
  /** Pins tasks at the end of the pinned ones of their workspace. @throws PodiumError `illegal-transition` */
  pin(ids: readonly TaskId[]): Promise<void>;
  /**
   * Pinned tasks take their place by score again.
   * @throws PodiumError `illegal-transition` for what a task waits for that stays pinned
   */
  unpin(ids: readonly TaskId[]): Promise<void>;
  /**
   * Puts tasks of one workspace, in the order given, among its pinned ones. Next to a task that is not pinned
   * everything above the place is pinned too, so that the order seen is the order that runs.
   * @throws PodiumError `illegal-transition` for what does not wait or has no place there
   */
  move(ids: readonly TaskId[], place: OrderPlace): Promise<void>;
  /** One place up or down. @throws PodiumError as `move` does */
  moveBy(ids: readonly TaskId[], step: -1 | 1): Promise<void>;
  /** Adds points to scores, or takes them away; together at most 1000 either way. */
  boost(ids: readonly TaskId[], points: number): Promise<void>;
  /** Ends a running task and everything it started, or cancels a waiting one; resolves when it is over. */
  cancel(id: TaskId): Promise<void>;
  /** Runs a failed, cancelled or asking task again. */
  retry(id: TaskId): Promise<void>;
  pause(workspaceIds: readonly WorkspaceId[] | 'all', reason: string): Promise<void>;
  resume(workspaceIds: readonly WorkspaceId[] | 'all'): Promise<void>;
  setGoal(workspaceId: WorkspaceId, goal: string): Promise<void>;
  /**
   * Has a model judge every unfinished task of a workspace anew; resolves when that is done or `signal` aborts, which
   * leaves the rest to the background.
   * @param onProgress told how many still wait
   * @throws PodiumError `model-unavailable` with the reason
   */
  judgeAgain(
    workspaceId: WorkspaceId,
    signal: AbortSignal,
    onProgress: (waiting: number) => void,
  ): Promise<void>;
  /** What a person does about shared resources. */
  readonly resources: ResourceControl;
  /** What a person does about fuses. */
  readonly fuses: FuseControl;
  /** What a person asks and does about one tree of tasks. */
  readonly trees: TreeControl;
  /** Makes this window the owner of a store that another one holds. */
  takeOver(): Promise<void>;

  agents(): readonly AgentDescription[];
  task(id: TaskId): Promise<Task | undefined>;
  /** Candidates to depend on, oldest first. */
  unfinished(workspaceId: WorkspaceId): Promise<readonly Task[]>;
  /** All sub-tasks of these, however deep, without these themselves. */
  descendants(ids: readonly TaskId[]): Promise<readonly TaskId[]>;
  decision(id: TaskId): Promise<Decision | undefined>;
  lastChange(id: TaskId): Promise<ScoreChange | undefined>;
  /** The picture of now. @param wish shows other tasks than the first of each workspace */
  snapshot(wish?: SnapshotWish): Promise<Snapshot>;
  /** What was measured over a range up to now. In a window that only watches, only what this window itself did. */
  history(range: MetricRange): MetricsSeries;
  /** Does `work` at once, and counts how long it held the thread, under `name`. */
  hold<Result>(name: string, work: () => Result): Result;
  subscribe(listener: Listener): Disposable;
}
