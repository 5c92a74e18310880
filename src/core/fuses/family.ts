/** What a fuse may ask about the family of a task, within the transaction that is to change it. */
import type { Instant, Task, TaskId } from '../model.ts';
import type { Answers, FuseId } from './trip.ts';

/** Counts stop at what was asked for plus one: more is all the same. Tasks that a person approved are not counted. */
export interface Family {
  /** From the parent up to the root; never empty. */
  readonly path: readonly Task[];
  /** Sub-tasks of the parent. */
  children(): number;
  /** Tasks under `task`, itself included. */
  treeSize(task: Task): number;
  /** Tasks made by agents that wait in the workspace, for a worker or for a person's word. */
  pending(limit: number): number;
  /** Tasks made by agents in the workspace after `since`. */
  createdSince(since: Instant, limit: number): number;
  /**
   * Of the tree's last completed tasks, how many there are and how many sub-tasks they have made.
   * @param skip the latest ones, which are passed over
   * @param since those completed before are not looked at
   */
  offspring(
    last: number,
    skip: number,
    since: Instant,
  ): { readonly completed: number; readonly children: number };
  /** A sub-task of the parent that is as like as that. */
  twin(likeness: string): TaskId | null;
  /** Whether the fuse has blown for this tree and nobody has answered. */
  isBlown(fuse: FuseId): boolean;
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
  /** What all runs of the tree have used, however they ended. */
  used(): { readonly tokens: number; readonly costMicros: number; readonly time: number };
  /** What the workspace has used today. */
  usedToday(): { readonly tokens: number; readonly costMicros: number };
  /**
   * @param tree false for the trips of the whole workspace
   * @param since answers before then are not counted
   */
  answers(fuse: FuseId, tree: boolean, since?: Instant): Answers;
}
