/** Deleting tasks; what depended on them does so no more. */
import { PodiumError } from '../core/errors.ts';
import type { Instant, TaskId, WorkspaceId } from '../core/model.ts';
import type { Ledger } from './ledger.ts';
import { dependentsOf, outdatePrerequisites, recount } from './scoring.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';
import { endTrips, endTripsOfFinished } from './tripping.ts';

/** Rows deleted in one transaction of `clearFinished`; more would hold the thread. */
const clearPortion = 200;

/**
 * Deletes tasks and all their sub-tasks; unknown ids are gone already.
 * @returns how many went
 * @throws PodiumError `task-running` when one of them runs, and then nothing is deleted
 */
export function removeTasks(ledger: Ledger, ids: readonly TaskId[], now: Instant): number {
  const { database } = ledger;
  const tree = database.rows(reads.subtree, JSON.stringify(ids));
  if (tree.length === 0) return 0;
  if (tree.some(([, , , status]) => status === 'running'))
    throw new PodiumError('task-running', 'A task that runs cannot be deleted; cancel it first.');
  const sequences = tree.map(([sequence]) => Number(sequence));
  const gone = new Set(sequences);
  const dependents = dependentsOf(ledger, sequences).filter(({ sequence }) => !gone.has(sequence));
  outdatePrerequisites(ledger, sequences, 'fewer');
  endTrips(ledger, ({ root }) => root !== null && gone.has(root), 'over', now);
  const list = JSON.stringify(sequences);
  ledger.keepSequence();
  if (dependents.length > 0) {
    const waiting = JSON.stringify(dependents.map(({ sequence }) => sequence));
    database.write(writes.rememberNeeds, waiting, now);
  }
  database.write(writes.deleteDependencies, list);
  database.write(writes.deleteTasks, list);
  for (const [, lane] of tree) ledger.heads.touch(Number(lane));
  recount(ledger, dependents);
  const places = new Map(tree.map(([, , workspace, , root]) => [Number(root), Number(workspace)]));
  for (const [root, workspace] of places) endTripsOfFinished(ledger, root, workspace, now);
  return sequences.length;
}

/** Deletes some finished trees of a workspace that nothing unfinished waits for; 0 when there are none. */
export function clearSome(ledger: Ledger, workspaceId: WorkspaceId, now: Instant): number {
  const { key } = ledger.knownWorkspace(workspaceId);
  const roots: TaskId[] = [];
  let size = 0;
  for (const [, id, members] of ledger.database.rows(reads.clearable, key, clearPortion)) {
    if (size > 0 && size + Number(members) > clearPortion) break;
    roots.push(id as TaskId);
    size += Number(members);
  }
  return removeTasks(ledger, roots, now);
}
