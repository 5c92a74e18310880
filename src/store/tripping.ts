/** What follows when a fuse blows, and when that is over. Within transactions. */
import type { TripDraft } from '../core/fuses/trip.ts';
import type { Instant, TaskId, WorkspaceId } from '../core/model.ts';
import type { Ledger } from './ledger.ts';
import type { OpenTrip } from './openTrips.ts';
import { numberOf } from './rows.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

/** Trips that ended so long ago are forgotten, and what they have added to limits with them. */
const keptFor = 90 * 86_400_000;

/** Notes a trip, unless the same one is open, and holds what it holds. */
export function noteTrip(ledger: Ledger, workspaceId: WorkspaceId, draft: TripDraft, now: Instant): void {
  const { key, workspace } = ledger.knownWorkspace(workspaceId);
  const head = draft.rootId === null ? undefined : ledger.head(draft.rootId);
  const root = head?.sequence ?? null;
  const { trips, database } = ledger;
  const isOpen = trips.all.some(
    (open) => open.workspace === key && open.root === root && open.trip.fuse === draft.fuse,
  );
  if (isOpen) return;
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
  trips.add({ trip: { ...draft, resumesAt, id, workspaceId, at: now, title }, workspace: key, root });
  if (draft.holds && root !== null) holdTree(ledger, root, true);
  if (draft.holds && root === null && workspace.pause === null) {
    ledger.changeWorkspaces(() => database.write(writes.setPause, now, 'fuse', draft.reason, key));
  }
  if (resumesAt !== null) ledger.due.note(key, resumesAt);
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

/** Of a tree in which nothing is left to do there is nothing left to answer. */
export function endTripsOfFinished(ledger: Ledger, root: number, now: Instant): void {
  if (!ledger.trips.all.some((open) => open.root === root)) return;
  if (ledger.database.row(reads.treeOpen, root) !== undefined) return;
  endTrips(ledger, (open) => open.root === root, 'over', now);
}

/** Whether a trip keeps everything of a workspace from being started. */
export function pausesWorkspace({ workspace, root, trip }: OpenTrip, key: number): boolean {
  return workspace === key && root === null && trip.holds;
}

function holdTree(ledger: Ledger, root: number, held: boolean): void {
  for (const row of ledger.database.write(writes.holdTree, held ? 1 : null, root)) {
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

/** So many more tasks of the tree of a task are approved before they are made. @throws PodiumError `unknown-task` */
export function approveSome(ledger: Ledger, id: TaskId, tasks: number): void {
  const { root } = ledger.knownHead(id);
  const [task] = ledger.tasks(ledger.database.rows(reads.taskBySequence, root));
  if (task === undefined) return;
  const { approved_left: left } = task.contextData;
  const context = { ...task.contextData, approved_left: (typeof left === 'number' ? left : 0) + tasks };
  ledger.database.write(writes.setContext, JSON.stringify(context), root);
}

/** Lets tasks run that wait for a person's word. */
export function approveTasks(ledger: Ledger, ids: readonly TaskId[], now: Instant): void {
  for (const id of ids) {
    const task = ledger.task(id);
    const head = ledger.head(id);
    if (task === undefined || head === undefined || task.contextData.approval !== 'wanted') continue;
    const context = JSON.stringify({ ...task.contextData, approval: 'given' });
    ledger.database.write(writes.approve, now, context, head.sequence);
    ledger.heads.touch(head.lane);
  }
}
