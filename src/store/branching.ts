/** A tree of tasks, seen as a whole, and a branch of it that a person lets go on. */
import { fuseIds } from '../core/fuses/trip.ts';
import type { Instant, Task, TaskId } from '../core/model.ts';
import type { TreeStanding } from '../core/trees.ts';
import type { Ledger } from './ledger.ts';
import { numbersOf } from './rows.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';
import { endCoolDown } from './tripping.ts';

/** @throws PodiumError `unknown-task` */
export function treeStanding(ledger: Ledger, id: TaskId): TreeStanding {
  const { database } = ledger;
  const { root, workspace } = ledger.knownHead(id);
  const rows = database.rows(reads.answersOfTree, workspace, root);
  const answers = fuseIds.flatMap((fuse) =>
    rows.flatMap(([name, count]) => (name === fuse ? [[fuse, Number(count)] as const] : [])),
  );
  const [tokens = 0, costMicros = 0, time = 0] = numbersOf(database.row(reads.treeUse, root) ?? []);
  return { answers: Object.fromEntries(answers), used: { tokens, costMicros, time } };
}

/**
 * Approves what waits of a task and what is under it, and holds it no more. What runs is left alone.
 * @returns how many that are
 * @throws PodiumError `unknown-task`
 */
export function releaseBranch(ledger: Ledger, id: TaskId, now: Instant): number {
  const { database } = ledger;
  const { workspace } = ledger.knownHead(id);
  let released = 0;
  for (const [sequence, lane] of database.rows(reads.subtree, JSON.stringify([id]))) {
    const [task] = ledger.tasks(database.rows(reads.taskBySequence, Number(sequence)));
    if (task === undefined || !waits(task)) continue;
    released += 1;
    database.write(writes.setHeld, null, task.sequence);
    if (task.createdBy === 'agent') {
      const context = JSON.stringify({ ...task.contextData, approval: 'given' });
      database.write(writes.setContext, context, task.sequence);
      database.write(writes.approve, now, context, task.sequence);
    }
    ledger.heads.touch(Number(lane));
  }
  endCoolDown(ledger, workspace, now);
  return released;
}

/** Whether it is a fuse, or the word of a person that is wanted, that keeps it. */
function waits({ status, held, contextData }: Task): boolean {
  if (status === 'pending') return held;
  return status === 'needs_input' && contextData.approval === 'wanted';
}
