/**
 * What fuses know of a workspace whose tasks move: what they have said and how that ended, and what they count. It goes
 * where the tasks go, so that neither a pause nor a limit is lost on the way, nor counted twice.
 */
import { fuseIds } from '../../core/fuses/trip.ts';
import type { FuseId } from '../../core/fuses/trip.ts';
import type { Instant, TaskId } from '../../core/model.ts';
import { Cells, fieldsOf, listOf } from '../cells.ts';
import type { Row } from '../database.ts';
import { never } from '../dueTimes.ts';
import type { Ledger } from '../ledger.ts';
import { reads } from '../reads.ts';
import { writes } from '../statements.ts';
import { applyTrip, endTrips } from '../tripping.ts';

export interface MovedTrip {
  /** Null for the whole workspace. */
  readonly root: TaskId | null;
  readonly fuse: FuseId;
  readonly at: Instant;
  readonly title: string;
  readonly reason: string;
  readonly holds: boolean;
  readonly resumesAt: Instant | null;
  /** Null while nobody has answered. */
  readonly ended: { readonly at: Instant; readonly by: 'user' | 'time' | 'over' } | null;
}

export interface FuseState {
  /** In the order in which they came. */
  readonly trips: readonly MovedTrip[];
  /** Instants of starts that count. */
  readonly starts: readonly Instant[];
  readonly spend: readonly { readonly day: number; readonly tokens: number; readonly costMicros: number }[];
}

export function fuseStateOf(ledger: Ledger, workspace: number): FuseState {
  const { database } = ledger;
  return {
    trips: database.rows(reads.movingTrips, workspace).flatMap(movedTrip),
    starts: database.rows(reads.movingExecutions, workspace).map(([at]) => Number(at)),
    spend: database.rows(reads.movingSpend, workspace).map((row) => {
      const [day = 0, tokens = 0, costMicros = 0] = row.map(Number);
      return { day, tokens, costMicros };
    }),
  };
}

/** @returns nothing when the tree of the trip is gone, and with it what it was about */
function movedTrip(row: Row): readonly MovedTrip[] {
  const cells = new Cells(row);
  const root = cells.textOrNull() as TaskId | null;
  const isOfTree = cells.number() === 1;
  if (isOfTree && root === null) return [];
  const fuse = cells.oneOf(fuseIds);
  const at = cells.number();
  const title = cells.text();
  const reason = cells.text();
  const holds = cells.number() === 1;
  const resumesAt = cells.numberOrNull();
  const endedAt = cells.numberOrNull();
  const ended = endedAt === null ? null : { at: endedAt, by: cells.oneOf(['user', 'time', 'over']) };
  return [{ root, fuse, at, title, reason, holds, resumesAt, ended }];
}

/** Within a transaction; the tasks are here already. What was told there is not told again. */
export function takeInFuses(ledger: Ledger, workspace: number, { trips, starts, spend }: FuseState): void {
  const { database } = ledger;
  for (const trip of trips) takeInTrip(ledger, workspace, trip);
  for (const at of starts) database.write(writes.noteExecution, workspace, at);
  for (const { day, tokens, costMicros } of spend)
    database.write(writes.addSpend, workspace, day, tokens, costMicros);
}

function takeInTrip(ledger: Ledger, workspace: number, moved: MovedTrip): void {
  const { fuse, at, title, reason, holds, resumesAt, ended } = moved;
  const root = moved.root === null ? null : (ledger.head(moved.root)?.sequence ?? undefined);
  if (root === undefined) return;
  if (ended === null && ledger.trips.find(workspace, root, fuse) !== undefined) return;
  const id = ledger.trips.nextId();
  ledger.database.write(
    writes.insertMovedTrip,
    ...[id, workspace, root, fuse, at, title, reason, holds ? 1 : 0, resumesAt],
    ended?.at ?? null,
    ended?.by ?? null,
  );
  if (ended !== null) return;
  const workspaceId = ledger.workspaceId(workspace);
  const trip = { id, workspaceId, rootId: moved.root, fuse, at, title, reason, holds, resumesAt };
  ledger.trips.add({ trip, workspace, root });
  applyTrip(ledger, { trip, workspace, root });
}

/** Within a transaction: all of it is somewhere else now. */
export function letGoOfFuses(ledger: Ledger, workspace: number, now: Instant): void {
  const { database } = ledger;
  endTrips(ledger, (open) => open.workspace === workspace, 'over', now);
  database.write(writes.dropTrips, workspace);
  database.write(writes.pruneExecutions, workspace, never);
  database.write(writes.pruneSpend, workspace, never);
}

/** As it lies in a file; undefined when something in it is not what it should be. */
export function parseFuseState(value: unknown): FuseState | undefined {
  const fields = fieldsOf(value);
  if (![fields.trips, fields.starts, fields.spend].every(Array.isArray)) return undefined;
  const trips = listOf(fields.trips).map(parseTrip);
  const starts = listOf(fields.starts);
  const spend = listOf(fields.spend).map(parseSpend);
  const isWhole = (one: unknown): boolean => one !== undefined;
  if (!trips.every(isWhole) || !spend.every(isWhole) || !starts.every((at) => typeof at === 'number'))
    return undefined;
  return {
    trips: trips.filter((trip) => trip !== undefined),
    starts,
    spend: spend.filter((day) => day !== undefined),
  };
}

function parseTrip(value: unknown): MovedTrip | undefined {
  const { root, fuse, at, title, reason, holds, resumesAt, ended } = fieldsOf(value);
  const known = fuseIds.find((one) => one === fuse);
  if (known === undefined || typeof at !== 'number') return undefined;
  if (typeof title !== 'string' || typeof reason !== 'string' || typeof holds !== 'boolean') return undefined;
  if (!(root === null || typeof root === 'string')) return undefined;
  if (!(resumesAt === null || typeof resumesAt === 'number')) return undefined;
  const end = ended === null ? null : parseEnd(ended);
  if (end === undefined) return undefined;
  return { root: root as TaskId | null, fuse: known, at, title, reason, holds, resumesAt, ended: end };
}

function parseEnd(value: unknown): MovedTrip['ended'] | undefined {
  const { at, by } = fieldsOf(value);
  if (typeof at !== 'number') return undefined;
  const known = (['user', 'time', 'over'] as const).find((one) => one === by);
  return known === undefined ? undefined : { at, by: known };
}

function parseSpend(value: unknown): FuseState['spend'][number] | undefined {
  const { day, tokens, costMicros } = fieldsOf(value);
  if (typeof day !== 'number' || typeof tokens !== 'number' || typeof costMicros !== 'number')
    return undefined;
  return { day, tokens, costMicros };
}
