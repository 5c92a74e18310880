/** What a person has said may run although nobody but an agent has asked for it. Within transactions. */
import { approvedLeft } from '../core/fuses/fuseBox.ts';
import { widenedByPlan } from '../core/fuses/trip.ts';
import type { Instant, TaskId } from '../core/model.ts';
import type { Ledger } from './ledger.ts';
import { numberOf } from './rows.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';
import { endCoolDown, endTrips } from './tripping.ts';

/**
 * So many tasks of the tree of a task are approved: those that agents have made and that wait, oldest first, and then
 * such as are not made yet. Limits that do not count them have room again, so what they said is over.
 * @throws PodiumError `unknown-task`
 */
export function approvePlan(ledger: Ledger, id: TaskId, tasks: number, now: Instant): void {
  const { root, workspace } = ledger.knownHead(id);
  const { database } = ledger;
  const [task] = ledger.tasks(database.rows(reads.taskBySequence, root));
  if (task === undefined) return;
  const planned = database.rows(reads.planned, root, tasks).map(numberOf);
  for (const row of database.write(writes.approvePlanned, now, JSON.stringify(planned))) {
    const lane = numberOf(row);
    if (lane !== null) ledger.heads.touch(lane);
  }
  const context = { ...task.contextData, approved_left: approvedLeft(task) + tasks - planned.length };
  database.write(writes.setContext, JSON.stringify(context), root);
  // Over, not answered: an answer would add to the limits once more.
  endTrips(ledger, (open) => open.root === root && widenedByPlan.has(open.trip.fuse), 'over', now);
  endCoolDown(ledger, workspace, now);
}

/** Lets tasks run that wait for a person's word. */
export function approveTasks(ledger: Ledger, ids: readonly TaskId[], now: Instant): void {
  const workspaces = new Set<number>();
  for (const id of ids) {
    const task = ledger.task(id);
    const head = ledger.head(id);
    if (task === undefined || head === undefined || task.contextData.approval !== 'wanted') continue;
    const context = JSON.stringify({ ...task.contextData, approval: 'given' });
    ledger.database.write(writes.approve, now, context, head.sequence);
    ledger.heads.touch(head.lane);
    workspaces.add(head.workspace);
  }
  for (const workspace of workspaces) endCoolDown(ledger, workspace, now);
}
