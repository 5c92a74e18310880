/** What follows when a fuse blows, and when that is over. Within transactions. */
import { isCoolDown } from '../core/fuses/trip.ts';
import type { TripDraft } from '../core/fuses/trip.ts';
import type { Instant, WorkspaceId } from '../core/model.ts';
import type { Ledger } from './ledger.ts';
import type { OpenTrip } from './openTrips.ts';
import { numberOf } from './rows.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

/** Trips that ended so long ago are forgotten, and what they have added to limits with them. */
const keptFor = 90 * 86_400_000;

/** Notes a trip, unless the same one is open, and holds what it holds. */
export function noteTrip(ledger: Ledger, workspaceId: WorkspaceId, draft: TripDraft, now: Instant): void {
  const { key } = ledger.knownWorkspace(workspaceId);
  const head = draft.rootId === null ? undefined : ledger.head(draft.rootId);
  const root = head?.sequence ?? null;
  const { trips, database } = ledger;
  if (trips.find(key, root, draft.fuse) !== undefined) return;
  const id = trips.nextId();
  const title = draft.rootId === null ? '' : (ledger.task(draft.rootId)?.title ?? '');
  const resumesAt = draft.resumesAt === null ? null : Math.round(draft.resumesAt);
  database.write(writes.pruneTrips, now - keptFor);
  database.write(
    writes.insertTrip,
    id,
    key,
    root,
    draft.fuse,
    now,
    title,
    draft.reason,
    draft.holds ? 1 : 0,
    resumesAt,
  );
  const open = { trip: { ...draft, resumesAt, id, workspaceId, at: now, title }, workspace: key, root };
  trips.add(open);
  trips.tell(open);
  applyTrip(ledger, open);
}

/** Holds what an open trip holds. */
export function applyTrip(ledger: Ledger, { trip, workspace, root }: OpenTrip): void {
  if (trip.holds && root !== null) holdTree(ledger, root, true);
  if (trip.holds && root === null && ledger.workspaceByKey(workspace).pause === null) {
    ledger.changeWorkspaces(() =>
      ledger.database.write(writes.setPause, trip.at, 'fuse', trip.reason, workspace),
    );
  }
  if (trip.resumesAt !== null) ledger.due.note(workspace, trip.resumesAt);
}

/** Ends trips, and lets go what no other one holds. */
export function endTrips(
  ledger: Ledger,
  which: (open: OpenTrip) => boolean,
  by: 'user' | 'time' | 'over',
  now: Instant,
): void {
  const ended = ledger.trips.all.filter(which);
  if (ended.length === 0) return;
  for (const { trip } of ended) ledger.database.write(writes.endTrip, now, by, trip.id);
  ledger.trips.remove(new Set(ended.map(({ trip }) => trip.id)));
  for (const { workspace, root, trip } of ended) {
    if (!trip.holds) continue;
    if (root !== null) {
      if (!ledger.trips.holds(root)) holdTree(ledger, root, false);
    } else if (!ledger.trips.all.some((open) => pausesWorkspace(open, workspace))) {
      endPause(ledger, workspace);
    }
  }
}

/** Those whose time has come. */
export function endDueTrips(ledger: Ledger, now: Instant): void {
  endTrips(ledger, ({ trip }) => trip.resumesAt !== null && trip.resumesAt <= now, 'time', now);
}

/** Of a tree in which nothing is left to do there is nothing left to answer; nor of a folder without tasks of agents. */
export function endTripsOfFinished(ledger: Ledger, root: number, workspace: number, now: Instant): void {
  const { trips, database } = ledger;
  if (trips.all.some((open) => open.root === root) && database.row(reads.treeOpen, root) === undefined)
    endTrips(ledger, (open) => open.root === root, 'over', now);
  endCoolDown(ledger, workspace, now);
}

/** A pause for what agents start is over when nothing of theirs is left that nobody has approved. */
export function endCoolDown(ledger: Ledger, workspace: number, now: Instant): void {
  const isIts = (open: OpenTrip): boolean => open.workspace === workspace && isCoolDown(open.trip);
  if (!ledger.trips.all.some(isIts)) return;
  if (ledger.database.row(reads.madeOpen, workspace) === undefined) endTrips(ledger, isIts, 'over', now);
}

/** Whether a trip keeps everything of a workspace from being started. */
export function pausesWorkspace({ workspace, root, trip }: OpenTrip, key: number): boolean {
  return workspace === key && root === null && trip.holds;
}

function holdTree(ledger: Ledger, root: number, held: boolean): void {
  for (const row of ledger.database.write(writes.holdUnstopped, held ? 1 : null, root)) {
    const lane = numberOf(row);
    if (lane !== null) ledger.heads.touch(lane);
  }
}

/** A pause by a person is theirs to end. */
function endPause(ledger: Ledger, workspace: number): void {
  const { pause } = ledger.workspaceByKey(workspace);
  if (pause?.by !== 'fuse') return;
  ledger.changeWorkspaces(() => ledger.database.write(writes.setPause, null, null, null, workspace));
}
