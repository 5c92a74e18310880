/** Snapshots for the tests of the screens: a task says only what the test is about. */
import { Meter } from '../../../src/core/metrics/meter.ts';
import { noTasks, sumCounts } from '../../../src/core/metrics/snapshot.ts';
import type {
  DisplayState,
  Snapshot,
  TaskView,
  WorkspaceSnapshot,
} from '../../../src/core/metrics/snapshot.ts';
import { isFinished } from '../../../src/core/model.ts';
import type { AgentId, Status, Task, TaskId, Workspace, WorkspaceId } from '../../../src/core/model.ts';
import type { Counts } from '../../../src/core/ports.ts';
import { indexOf } from '../../../src/ui/present/taskIndex.ts';
import type { PresentContext } from '../../../src/ui/present/taskRow.ts';
import type { Trip } from '../../../src/core/fuses/trip.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { steadyMemory } from '../../support/steadyMemory.ts';

/** Local time, so that times of day read the same everywhere. */
export const now = new Date(2030, 0, 15, 12, 0, 0).getTime();

export const taskId = (name: string): TaskId => name as TaskId;
export const workspaceId = (name: string): WorkspaceId => name as WorkspaceId;

const statusOf: Readonly<Record<DisplayState['kind'], Status>> = {
  running: 'running',
  ready: 'pending',
  paused: 'pending',
  waiting: 'pending',
  blocked: 'pending',
  scheduled: 'pending',
  held: 'pending',
  needs_you: 'needs_input',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

export type Wish = Partial<Omit<Task, 'id' | 'needs' | 'parentId'>> & {
  readonly needs?: readonly string[];
  readonly parent?: string;
  readonly simulated?: boolean;
  readonly position?: number;
};

let sequence = 0;

/** A view of the task `name` in a state. */
export function view(name: string, state: DisplayState, wish: Wish = {}): TaskView {
  const { needs = [], parent, simulated = false, position = null, ...over } = wish;
  const status = statusOf[state.kind];
  sequence += 1;
  const task: Task = {
    id: taskId(name),
    workspaceId: workspaceId('w'),
    sequence,
    title: name,
    description: '',
    agentId: 'command' as AgentId,
    input: {},
    priority: 'medium',
    score: 500,
    scoreParts: { judgement: 500, unblocking: 0, goal: 0, deadline: 0, age: 0, boost: 0 },
    judgement: null,
    pin: null,
    createdBy: 'user',
    rootId: taskId(parent ?? name),
    contextData: { delegation_depth: parent === undefined ? 0 : 1 },
    unmet: needs.length,
    broken: 0,
    requiredResources: [],
    signature: '',
    status,
    held: state.kind === 'held',
    question: null,
    claim: status === 'pending' ? 0 : 1,
    attempt: 0,
    interruptions: 0,
    deferrals: 0,
    lease: null,
    notBefore: null,
    dueAt: null,
    timeout: null,
    launch: null,
    result: status === 'completed' ? 'done' : null,
    error: status === 'failed' ? { code: 'exit', message: 'exit code 1' } : null,
    createdAt: now - 60_000,
    startedAt: status === 'pending' ? null : now - 12_000,
    finishedAt: isFinished(status) ? now - 2_000 : null,
    tokens: 0,
    costMicros: 0,
    ...over,
    parentId: parent === undefined ? null : taskId(parent),
    needs: needs.map(taskId),
  };
  return { task, state, agent: 'Command', simulated, isTree: parent !== undefined, position };
}

export const ready = (name: string, wish?: Wish): TaskView => view(name, { kind: 'ready' }, wish);
export const running = (name: string, wish?: Wish): TaskView =>
  view(name, { kind: 'running', since: now - 12_000 }, wish);
export const finished = (name: string, wish?: Wish): TaskView => view(name, { kind: 'completed' }, wish);
export const failed = (name: string, wish?: Wish): TaskView => view(name, { kind: 'failed' }, wish);

const countedAs: Readonly<Record<DisplayState['kind'], keyof Counts>> = {
  running: 'running',
  ready: 'ready',
  paused: 'ready',
  waiting: 'ready',
  blocked: 'blocked',
  scheduled: 'scheduled',
  held: 'held',
  needs_you: 'attention',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** A workspace whose counts are those of its views, unless told otherwise. */
export function workspace(
  tasks: readonly TaskView[],
  over: Partial<Omit<WorkspaceSnapshot, 'workspace'>> & { readonly workspace?: Partial<Workspace> } = {},
): WorkspaceSnapshot {
  const done = over.finished ?? [];
  const counts = [...tasks, ...done].reduce<Counts>((sum, { state }) => {
    const key = countedAs[state.kind];
    return { ...sum, [key]: sum[key] + 1 };
  }, noTasks);
  return {
    tier: 'active',
    counts,
    tasks,
    more: 0,
    finished: done,
    ...over,
    workspace: {
      id: workspaceId('w'),
      uri: 'file:///w',
      name: 'project',
      goal: '',
      pause: null,
      ...over.workspace,
    },
  };
}

export function snapshot(workspaces: readonly WorkspaceSnapshot[], over: Partial<Snapshot> = {}): Snapshot {
  return {
    at: now,
    role: { kind: 'owner', generation: 1 },
    trusted: true,
    workers: { size: 10, busy: 0 },
    workspaces,
    totals: sumCounts(workspaces.map(({ counts }) => counts)),
    recovery: null,
    trips: [],
    resources: [],
    balances: [],
    refiner: null,
    metrics: new Meter({ clock: new FakeClock(now), memory: steadyMemory }).metrics({
      store: null,
      tiers: [],
    }),
    ...over,
  };
}

export function context(views: readonly TaskView[] = [], over: Partial<PresentContext> = {}): PresentContext {
  return { now, index: indexOf({ workspaces: [workspace(views)] }), readOnly: false, ...over };
}

/** A fuse that has blown: for the tree of `root`, or for the whole workspace. */
export function trip(fuse: Trip['fuse'], root: string | null = null, over: Partial<Trip> = {}): Trip {
  return {
    id: 1,
    workspaceId: workspaceId('w'),
    rootId: root === null ? null : taskId(root),
    fuse,
    reason: `The ${fuse} fuse has blown.`,
    holds: true,
    resumesAt: null,
    at: now - 60_000,
    title: root ?? '',
    ...over,
  };
}
