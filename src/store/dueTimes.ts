/**
 * When something next changes by itself, by workspace: a lower bound in memory, so that a pass with nothing due costs
 * no look at the rows. A bound that has been reached is read anew.
 */
import type { Instant } from '../core/model.ts';
import { numberOf } from './rows.ts';
import type { Database } from './database.ts';
import { reads } from './reads.ts';

/** The instant of what never happens; the last one a date can name. */
export const never: Instant = 8.64e15;

export class DueTimes {
  readonly #database: Database;
  readonly #bounds = new Map<number, Instant>();
  /** Lower bound of all; found anew when it is reached. */
  #earliest: Instant = never;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Something of this workspace changes at `at`, or earlier than was known. */
  note(workspace: number, at: Instant): void {
    if (at >= (this.#bounds.get(workspace) ?? never)) return;
    this.#bounds.set(workspace, at);
    this.#earliest = Math.min(this.#earliest, at);
  }

  /** Workspaces in which something may be due at `now`. */
  reached(now: Instant): number[] {
    if (this.#earliest > now) return [];
    const due: number[] = [];
    this.#earliest = never;
    for (const [workspace, at] of this.#bounds) {
      if (at <= now) due.push(workspace);
      this.#earliest = Math.min(this.#earliest, at);
    }
    return due;
  }

  /** Reads the next instant of a workspace from the rows and remembers it; `never` when there is none. */
  read(workspace: number): Instant {
    const at = Math.min(
      numberOf(this.#database.row(reads.nextRescore, workspace)) ?? never,
      numberOf(this.#database.row(reads.nextScheduled, workspace)) ?? never,
    );
    this.#bounds.set(workspace, at);
    this.#earliest = Math.min(this.#earliest, at);
    return at;
  }
}
