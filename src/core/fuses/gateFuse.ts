/** The shape of a fuse that refuses at the gate. */
import type { ErrorCode } from '../errors.ts';
import type { Instant, Milliseconds } from '../model.ts';
import type { TaskDraft } from '../ports.ts';
import type { Family } from './family.ts';
import type { FuseSettings } from './fuseSettings.ts';
import type { Answers, FuseId } from './trip.ts';

export interface Creation {
  readonly draft: TaskDraft;
  readonly family: Family;
  readonly settings: FuseSettings;
  readonly now: Instant;
}

/** What the agent is told, and a person. */
export interface Refusal {
  readonly code: ErrorCode;
  /** For the agent: what is the matter, and what to do instead. */
  readonly message: string;
  readonly fuse: FuseId;
  /** For a person. */
  readonly reason: string;
  /** A person was told of the same before. */
  readonly repeats?: boolean;
}

/** Null lets the creation pass. */
export type GateFuse = (creation: Creation) => Refusal | null;

/** A limit that each answer of a person adds to once more; 0 for none. */
export function extended(limit: number, answered: number): number {
  return limit * (1 + answered);
}

/** So long after an answer that changes no limit the same is not told again. */
const acknowledgedFor: Milliseconds = 3_600_000;

/** Whether a person has answered lately: for limits to which an answer adds nothing. */
export function isAcknowledged({ lastByUser }: Answers, now: Instant): boolean {
  return lastByUser !== null && now - lastByUser < acknowledgedFor;
}

export function quoted(title: string): string {
  const short = title.length > 60 ? `${title.slice(0, 59)}…` : title;
  return `“${short}”`;
}
