/** The shape of a fuse that refuses at the gate. */
import type { ErrorCode } from '../errors.ts';
import type { Instant } from '../model.ts';
import type { TaskDraft } from '../ports.ts';
import type { Family } from './family.ts';
import type { FuseSettings } from './fuseSettings.ts';
import type { FuseId } from './trip.ts';

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
}

/** Null lets the creation pass. */
export type GateFuse = (creation: Creation) => Refusal | null;

/** A limit that each answer of a person adds to once more; 0 for none. */
export function extended(limit: number, answered: number): number {
  return limit * (1 + answered);
}

export function quoted(title: string): string {
  const short = title.length > 60 ? `${title.slice(0, 59)}…` : title;
  return `“${short}”`;
}
