/** What needs a person: fuses, questions, approvals, and failures that others wait for. Pure. */
import type { Trip } from '../../core/fuses/trip.ts';
import type { Snapshot, TaskView, WorkspaceSnapshot } from '../../core/metrics/snapshot.ts';
import { isFinished } from '../../core/model.ts';
import type { TaskId } from '../../core/model.ts';
import { waitingCount } from '../present/workspaceRow.ts';

/** A fuse or a task. */
export interface Need {
  readonly trip?: Trip;
  readonly view?: TaskView;
  /** How many tasks cannot go on before it is answered, as far as they are shown. */
  readonly holdsUp: number;
}

/** More than that need not be counted to know that it comes first. */
const bound = 64;

/** What holds up most work comes first; of equals fuses do, then what is worth most. */
export function needsOf({ trips, workspaces }: Pick<Snapshot, 'trips' | 'workspaces'>): readonly Need[] {
  const views = workspaces.flatMap(({ tasks, finished }) => [...tasks, ...finished]);
  const waiting = new Map<TaskId, TaskView[]>();
  for (const view of views) {
    if (isFinished(view.task.status)) continue;
    for (const id of view.task.needs) waiting.set(id, [...(waiting.get(id) ?? []), view]);
  }
  const tasks = views
    .filter(
      ({ task, state: { kind } }) => kind === 'needs_you' || (kind === 'failed' && waiting.has(task.id)),
    )
    .map((view) => ({ view, holdsUp: behind(view.task.id, waiting) }))
    .sort((a, b) => b.view.task.score - a.view.task.score);
  const fuses = trips.map((trip) => ({ trip, holdsUp: heldBy(trip, workspaces, views) }));
  return [...fuses, ...tasks].sort((a, b) => b.holdsUp - a.holdsUp);
}

/** What waits for a task, directly or through others. */
function behind(id: TaskId, waiting: ReadonlyMap<TaskId, readonly TaskView[]>): number {
  const found = new Set([id]);
  // What is added to a set while it is walked is walked too.
  for (const one of found) {
    for (const { task } of waiting.get(one) ?? []) found.add(task.id);
    if (found.size > bound) break;
  }
  return found.size - 1;
}

function heldBy(trip: Trip, workspaces: readonly WorkspaceSnapshot[], views: readonly TaskView[]): number {
  if (!trip.holds) return 0;
  if (trip.rootId !== null)
    return views.filter(({ task, state }) => state.kind === 'held' && task.rootId === trip.rootId).length;
  const home = workspaces.find(({ workspace }) => workspace.id === trip.workspaceId);
  return home === undefined ? 0 : waitingCount(home.counts);
}
