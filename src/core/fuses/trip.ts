/** What a fuse says when it blows: a record that stays until a person answers, or its time is over. */
import type { Instant, TaskId, WorkspaceId } from '../model.ts';

/** Every fuse there is, by the name under which its trips are kept. */
export const fuseIds = [
  'depth',
  'children',
  'tree-tasks',
  'pending',
  'creation-rate',
  're-entry',
  'anti-loop',
  'failures',
  'tree-tokens',
  'tree-cost',
  'tree-time',
  'daily-tokens',
  'daily-cost',
] as const;
export type FuseId = (typeof fuseIds)[number];

/** What is to be noted; nothing when the same fuse has blown for the same tree and nobody has answered yet. */
export interface TripDraft {
  readonly fuse: FuseId;
  /** The tree it is about; null for the whole workspace. */
  readonly rootId: TaskId | null;
  readonly reason: string;
  /** Whether nothing of the tree, or of the workspace, is started until it ends. */
  readonly holds: boolean;
  /** When it ends by itself; null when only a person ends it. */
  readonly resumesAt: Instant | null;
}

export interface Trip extends TripDraft {
  readonly id: number;
  readonly workspaceId: WorkspaceId;
  readonly at: Instant;
  /** Title of the root, for people; empty for a workspace. */
  readonly title: string;
}

/** How earlier trips of the same fuse and place ended. */
export interface Answers {
  /** Those a person ended: each adds the limit once more. */
  readonly byUser: number;
  /** Those that ended by time since a person last ended one: each doubles the next wait. */
  readonly byTime: number;
  /**
   * When the last one ended so; what was counted before counts no more. Null when there was none. One that was over
   * because its tree was finished changes nothing.
   */
  readonly last: Instant | null;
}

/** What happened after this counts; what happened in the millisecond of the answer does, for it came afterwards. */
export function countedFrom({ last }: Answers): Instant {
  return last === null ? 0 : last - 1;
}
