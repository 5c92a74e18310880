/** How many more tasks each task of a tree may make before a fuse refuses them. Pure; counts as the fuses do. */
import { approvedLeft } from '../../core/fuses/fuseBox.ts';
import type { FuseSettings } from '../../core/fuses/fuseSettings.ts';
import { shareOf } from '../../core/fuses/treeBudget.ts';
import type { Task, TaskId } from '../../core/model.ts';

export interface TreeLimits {
  /** Of the whole tree and of each task, with what answers have added; 0 for none. */
  readonly treeTasks: number;
  readonly children: number;
  readonly depth: FuseSettings['depth'];
}

export interface TreeCensus {
  readonly childrenOf: ReadonlyMap<TaskId, readonly Task[]>;
  /** Tasks that count: a task itself, and what is under it that nobody has approved. */
  readonly sizes: ReadonlyMap<TaskId, number>;
  /** How many more a task may make; `Infinity` for any number. */
  readonly room: ReadonlyMap<TaskId, number>;
}

/** @param tasks the root first, parents before their sub-tasks */
export function censusOf(tasks: readonly Task[], limits: TreeLimits): TreeCensus {
  const childrenOf = new Map<TaskId, Task[]>();
  for (const task of tasks) {
    if (task.parentId === null) continue;
    const siblings = childrenOf.get(task.parentId);
    if (siblings === undefined) childrenOf.set(task.parentId, [task]);
    else siblings.push(task);
  }
  const sizes = new Map<TaskId, number>();
  for (const { id } of tasks.toReversed()) {
    const below = (childrenOf.get(id) ?? []).map(
      (child) => (sizes.get(child.id) ?? 1) - (isApproved(child) ? 1 : 0),
    );
    sizes.set(
      id,
      below.reduce((sum, size) => sum + size, 1),
    );
  }
  const approved = tasks[0] === undefined ? 0 : approvedLeft(tasks[0]);
  const room = new Map<TaskId, number>();
  // What is left to a task and to all above it, and how many levels are above it.
  const branches = new Map<TaskId, { readonly left: number; readonly level: number }>();
  for (const task of tasks) {
    const above = task.parentId === null ? undefined : branches.get(task.parentId);
    const level = above === undefined ? 0 : above.level + 1;
    const share = limits.treeTasks === 0 ? Infinity : shareOf(limits.treeTasks, level);
    const left = Math.min(above?.left ?? Infinity, share - (sizes.get(task.id) ?? 1));
    branches.set(task.id, { left, level });
    const made = (childrenOf.get(task.id) ?? []).filter(
      (child) => child.createdBy === 'agent' && !isApproved(child),
    );
    const ofItsOwn = limits.children === 0 ? Infinity : limits.children - made.length;
    const isDeepest = task.contextData.delegation_depth >= limits.depth;
    room.set(task.id, isDeepest ? 0 : Math.max(0, Math.min(left, ofItsOwn)) + approved);
  }
  return { childrenOf, sizes, room };
}

function isApproved({ contextData }: Task): boolean {
  return contextData.approval === 'given';
}
