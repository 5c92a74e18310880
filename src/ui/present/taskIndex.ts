/** The tasks of a snapshot by id: for the titles of what a task waits for, and for what hangs on it. */
import type { Snapshot, TaskView } from '../../core/metrics/snapshot.ts';
import type { TaskId } from '../../core/model.ts';

export type TaskIndex = ReadonlyMap<TaskId, TaskView>;

export function indexOf(snapshot: Pick<Snapshot, 'workspaces'>): TaskIndex {
  const views = snapshot.workspaces.flatMap(({ tasks, finished }) => [...tasks, ...finished]);
  return new Map(views.map((view) => [view.task.id, view]));
}

/** The shown prerequisites of a task that are not completed. */
export function openNeeds(view: TaskView, index: TaskIndex): readonly TaskView[] {
  return view.task.needs
    .map((id) => index.get(id))
    .filter((need) => need !== undefined && need.task.status !== 'completed') as readonly TaskView[];
}

/** The shown prerequisites that failed or were cancelled: what a broken task waits for in vain. */
export function brokenNeeds(view: TaskView, index: TaskIndex): readonly TaskView[] {
  return openNeeds(view, index).filter(({ task }) => task.status === 'failed' || task.status === 'cancelled');
}

/** The unfinished tasks that wait for one of `ids`, without those in `ids`. */
export function dependentsOf(ids: readonly TaskId[], index: TaskIndex): readonly TaskView[] {
  const wanted = new Set(ids);
  return [...index.values()].filter(
    ({ task, state }) =>
      !wanted.has(task.id) && !isOver(state.kind) && task.needs.some((need) => wanted.has(need)),
  );
}

function isOver(kind: TaskView['state']['kind']): boolean {
  return kind === 'completed' || kind === 'failed' || kind === 'cancelled';
}
