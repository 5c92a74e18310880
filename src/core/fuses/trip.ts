/** What a fuse says when it blows: a record that stays until a person answers, or its time is over. */
import type { Instant, Milliseconds, TaskId, WorkspaceId } from '../model.ts';

/** Every fuse there is, by the name under which its trips are kept. */
export const fuseIds = [
  'depth',
  'children',
  'tree-tasks',
  'pending',
  'creation-rate',
  're-entry',
  'reproduction',
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
  /** A person was told of the same before: it is shown, but nobody is told once more. */
  readonly repeats?: boolean;
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
  /** Those that ended by time, one soon after the other and with no answer since: each doubles the next wait. */
  readonly byTime: number;
  /**
   * When the last one ended so; what was counted before counts no more. Null when there was none. One that was over
   * because nothing was left to do changes nothing.
   */
  readonly last: Instant | null;
  /** When a person last ended one, or null. */
  readonly lastByUser: Instant | null;
}

/** The end of a trip by a person or by time. */
export interface Ending {
  /** When it had blown. */
  readonly at: Instant;
  readonly endedAt: Instant;
  readonly by: 'user' | 'time';
}

/** After so long without a trip earlier ones double nothing any more. */
export const forgottenAfter: Milliseconds = 86_400_000;

/**
 * @param endings latest first
 * @param since answers of a person before then are not counted
 */
export function answersIn(endings: readonly Ending[], now: Instant, since: Instant = 0): Answers {
  const ofUser = endings.filter(({ by }) => by === 'user');
  const latest = (some: readonly Ending[]): Instant | null =>
    some.length === 0 ? null : Math.max(...some.map(({ endedAt }) => endedAt));
  let byTime = 0;
  let next = now;
  for (const { at, endedAt, by } of endings) {
    if (by === 'user' || next - endedAt > forgottenAfter) break;
    byTime += 1;
    next = at;
  }
  return {
    byUser: ofUser.filter(({ endedAt }) => endedAt >= since).length,
    byTime,
    last: latest(endings),
    lastByUser: latest(ofUser),
  };
}

/** What happened after this counts; what happened in the millisecond of the answer does, for it came afterwards. */
export function countedFrom({ last }: Answers): Instant {
  return last === null ? 0 : last - 1;
}

/** A pause of a workspace for what agents start: it is over when nothing of theirs is left. */
export function isCoolDown({ fuse }: Pick<Trip, 'fuse'>): boolean {
  return fuse === 'anti-loop';
}

/** What an approved plan makes room for: none of these counts what a person has approved. */
export const widenedByPlan: ReadonlySet<FuseId> = new Set([
  'children',
  'tree-tasks',
  'pending',
  'creation-rate',
  're-entry',
  'reproduction',
]);
