/** What a fuse may ask about the family of a task, within the transaction that is to change it. */
import type { Instant, Task } from '../model.ts';
import type { Answers, FuseId } from './trip.ts';

/** Counts stop at what was asked for plus one: more is all the same. Tasks that a person approved are not counted. */
export interface Family {
  /** From the parent up to the root; never empty. */
  readonly path: readonly Task[];
  /** Sub-tasks of the parent. */
  children(): number;
  /** Tasks under `task`, itself included. */
  treeSize(task: Task): number;
  /** Tasks made by agents that wait in the workspace. */
  pending(limit: number): number;
  /** Tasks made by agents in the workspace after `since`. */
  createdSince(since: Instant, limit: number): number;
  /** Of the tree's last completed tasks, how many there are and how many sub-tasks they have made. */
  offspring(last: number): { readonly completed: number; readonly children: number };
  /** How earlier trips of this tree ended. */
  answers(fuse: FuseId): Answers;
}

/** What the start of a task made by an agent is judged by. */
export interface StartFacts {
  /** Such starts in the workspace after `since`. */
  startedSince(since: Instant, limit: number): number;
  answers(fuse: FuseId): Answers;
}

/** What the end of a run is judged by. */
export interface EndFacts {
  readonly task: Task;
  readonly root: Pick<Task, 'id' | 'title'>;
  /** Whether an agent has made tasks in this tree. */
  readonly isTree: boolean;
  /** How the last tasks of the tree that an agent made ended after `since`, latest first. */
  lastEnds(since: Instant, limit: number): readonly ('completed' | 'failed')[];
  /** What the tree has used; times are those of the last run of each task. */
  used(): { readonly tokens: number; readonly costMicros: number; readonly time: number };
  /** What the workspace has used today. */
  usedToday(): { readonly tokens: number; readonly costMicros: number };
  /** @param tree false for the trips of the whole workspace */
  answers(fuse: FuseId, tree: boolean): Answers;
}
