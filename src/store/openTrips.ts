/** The trips that nobody has answered, in memory: few, and asked for with every pass. */
import { fuseIds } from '../core/fuses/trip.ts';
import type { FuseId, Trip } from '../core/fuses/trip.ts';
import type { Instant, TaskId, WorkspaceId } from '../core/model.ts';
import { Cells } from './cells.ts';
import type { Database, Row } from './database.ts';
import { numberOf } from './rows.ts';
import { reads } from './reads.ts';

export interface OpenTrip {
  readonly trip: Trip;
  readonly workspace: number;
  readonly root: number | null;
}

export class OpenTrips {
  #open: OpenTrip[];
  #lastId: number;
  /** Those that came with the transactions since someone asked. */
  #fresh: Trip[] = [];
  #ended = false;

  /** @param workspaceId the id behind a key */
  constructor(database: Database, workspaceId: (key: number) => WorkspaceId) {
    this.#open = database.rows(reads.openTrips).map((row) => openTripOf(row, workspaceId));
    this.#lastId = numberOf(database.row(reads.lastTrip)) ?? 0;
  }

  get all(): readonly OpenTrip[] {
    return this.#open;
  }

  nextId(): number {
    return (this.#lastId += 1);
  }

  add(open: OpenTrip): void {
    this.#open.push(open);
  }

  /** It is news. */
  tell({ trip }: OpenTrip): void {
    this.#fresh.push(trip);
  }

  /** The one of a fuse and place. */
  find(workspace: number, root: number | null, fuse: FuseId): OpenTrip | undefined {
    return this.#open.find(
      (open) => open.workspace === workspace && open.root === root && open.trip.fuse === fuse,
    );
  }

  remove(ids: ReadonlySet<number>): void {
    this.#open = this.#open.filter(({ trip }) => !ids.has(trip.id));
    this.#ended = true;
  }

  /** What has come since the last call. */
  takeFresh(): readonly Trip[] {
    return this.#fresh.splice(0);
  }

  /** Whether some have ended since the last call. */
  takeEnded(): boolean {
    const ended = this.#ended;
    this.#ended = false;
    return ended;
  }

  /** Whether a tree is held by one of its own. */
  holds(root: number): boolean {
    return this.#open.some((open) => open.root === root && open.trip.holds);
  }

  /** When the next one of a workspace ends by itself. */
  nextEnd(workspace: number): Instant | null {
    const ends = this.#open.flatMap((open) =>
      open.workspace === workspace && open.trip.resumesAt !== null ? [open.trip.resumesAt] : [],
    );
    return ends.length === 0 ? null : Math.min(...ends);
  }
}

/** A row of `openTrips`. */
function openTripOf(row: Row, workspaceId: (key: number) => WorkspaceId): OpenTrip {
  const cells = new Cells(row);
  const id = cells.number();
  const workspace = cells.number();
  const trip = {
    id,
    workspaceId: workspaceId(workspace),
    rootId: cells.textOrNull() as TaskId | null,
    fuse: cells.oneOf(fuseIds),
    at: cells.number(),
    title: cells.text(),
    reason: cells.text(),
    holds: cells.number() === 1,
    resumesAt: cells.numberOrNull(),
  };
  return { trip, workspace, root: cells.numberOrNull() };
}
