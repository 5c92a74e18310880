/**
 * The one serialisable picture every screen reads. Built from what the store, the loop and the pool know at one
 * moment; every number in it was counted, none is kept.
 */
import { isFinished } from '../model.ts';
import type { Balance } from '../arbitration/fairShare.ts';
import type { ResourceView } from '../arbitration/resourceControl.ts';
import type { Trip } from '../fuses/trip.ts';
import type { Instant, Task, TaskId, Workspace } from '../model.ts';
import type { AgentDescription, Counts, StoreRole, WorkspacePicture } from '../ports.ts';
import type { Tier } from '../loop/pollingTiers.ts';
import type { RefinerFigures } from '../priority/refinerState.ts';
import type { Metrics } from './metrics.ts';

/** Why a task is where it is: the stored state, refined by what can be derived from the rest. */
export type DisplayState =
  | { readonly kind: 'running'; readonly since: Instant }
  | { readonly kind: 'ready' }
  /** Ready, but its workspace is paused. */
  | { readonly kind: 'paused' }
  /** Ready, but something it needs exclusively is in use, or the folder is not trusted. */
  | ({ readonly kind: 'waiting' } & Want)
  | { readonly kind: 'blocked'; readonly by: readonly TaskId[] }
  | { readonly kind: 'scheduled'; readonly at: Instant }
  /** A fuse holds its tree. */
  | { readonly kind: 'held' }
  | { readonly kind: 'needs_you'; readonly why: string }
  | { readonly kind: 'completed' | 'failed' | 'cancelled' };

/** What is not there, and when it may be; null when that is not known. */
export interface Want {
  readonly resource: string;
  readonly until: Instant | null;
}

export interface TaskView {
  readonly task: Task;
  readonly state: DisplayState;
  /** Label of its agent; the id when the agent is not known. */
  readonly agent: string;
  readonly simulated: boolean;
  /** It was made by an agent, or agents have made tasks under it, as far as they are shown. */
  readonly isTree: boolean;
  /** Place among the workspace's ready tasks, from 1; null when it is not ready. */
  readonly position: number | null;
}

export interface WorkspaceSnapshot {
  readonly workspace: Workspace;
  readonly tier: Tier;
  readonly counts: Counts;
  readonly tasks: readonly TaskView[];
  /** Unfinished tasks that are not shown; null for some, when they were not counted. */
  readonly more: number | null;
  readonly finished: readonly TaskView[];
}

/** Most tasks shown of each workspace, unless more are wished for. */
export const shownAtOnce = { unfinished: 200, finished: 200 } as const;

/** What became of the runs that were cut when the last owner went away. */
export interface RecoveryReport {
  readonly interrupted: readonly RecoveredTask[];
}

export interface RecoveredTask {
  readonly id: TaskId;
  readonly title: string;
  /** `adopted`: it had finished and its result counts; `rerun`: it runs again; `asks`: it waits for your word. */
  readonly fate: 'adopted' | 'rerun' | 'asks';
}

export interface Snapshot {
  readonly at: Instant;
  readonly role: StoreRole;
  /** False in Restricted Mode: nothing that runs programs is started. */
  readonly trusted: boolean;
  readonly workers: { readonly size: number; readonly busy: number };
  readonly workspaces: readonly WorkspaceSnapshot[];
  readonly totals: Counts;
  readonly recovery: RecoveryReport | null;
  /** What tasks share, and what of it is left. */
  readonly resources: readonly ResourceView[];
  /** What each open folder has had of all that is shared. */
  readonly balances: readonly Balance[];
  /** Fuses that have blown and were not answered yet, of open folders, oldest first. */
  readonly trips: readonly Trip[];
  /** What refines the order in the background; null when there is nothing of the kind. */
  readonly refiner: RefinerFigures | null;
  readonly metrics: Metrics;
}

/** What `describeTask` needs besides the task. */
export interface ViewContext {
  /** Whether all that is ready comes before what is shown; otherwise no places can be told. */
  readonly whole: boolean;
  readonly paused: boolean;
  /** What the signature waits for, or null when it is all there. */
  readonly waitsFor: (signature: string) => Want | null;
  readonly agent: (id: Task['agentId']) => AgentDescription | undefined;
}

/** Turns the rows of one workspace into views, numbering the ready ones in dispatch order. */
export function viewsOf(
  picture: WorkspacePicture,
  context: ViewContext,
): Pick<WorkspaceSnapshot, 'tasks' | 'finished'> {
  let position = 0;
  const parents = new Set([...picture.tasks, ...picture.finished].map(({ parentId }) => parentId));
  const view = (task: Task): TaskView => {
    const state = displayState(task, context);
    const queued = state.kind === 'ready' || state.kind === 'paused' || state.kind === 'waiting';
    const agent = context.agent(task.agentId);
    return {
      task,
      state,
      agent: agent?.label ?? task.agentId,
      simulated: agent?.simulated ?? false,
      isTree: task.parentId !== null || parents.has(task.id),
      position: queued && context.whole ? (position += 1) : null,
    };
  };
  return { tasks: picture.tasks.map(view), finished: picture.finished.map(view) };
}

function displayState(task: Task, context: ViewContext): DisplayState {
  if (isFinished(task.status)) return { kind: task.status as 'completed' | 'failed' | 'cancelled' };
  if (task.status === 'running') return { kind: 'running', since: task.startedAt ?? task.createdAt };
  if (task.status === 'needs_input') return { kind: 'needs_you', why: task.question ?? 'Needs your word.' };
  if (task.broken > 0) return { kind: 'needs_you', why: 'A task it waits for failed or was cancelled.' };
  if (task.held) return { kind: 'held' };
  if (task.unmet > 0) return { kind: 'blocked', by: task.needs };
  if (task.notBefore !== null) return { kind: 'scheduled', at: task.notBefore };
  if (context.paused) return { kind: 'paused' };
  const want = context.waitsFor(task.signature);
  return want === null ? { kind: 'ready' } : { kind: 'waiting', ...want };
}

export const noTasks: Counts = {
  ready: 0,
  blocked: 0,
  scheduled: 0,
  held: 0,
  running: 0,
  attention: 0,
  completed: 0,
  failed: 0,
  cancelled: 0,
};

export function sumCounts(all: readonly Counts[]): Counts {
  const sum = (key: keyof Counts): number => all.reduce((total, counts) => total + counts[key], 0);
  return {
    ready: sum('ready'),
    blocked: sum('blocked'),
    scheduled: sum('scheduled'),
    held: sum('held'),
    running: sum('running'),
    attention: sum('attention'),
    completed: sum('completed'),
    failed: sum('failed'),
    cancelled: sum('cancelled'),
  };
}
