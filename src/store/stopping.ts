/** Stopping a tree, in one transaction: from then on nothing of it starts and nothing new is made in it. */
import type { Instant, TaskId } from '../core/model.ts';
import type { StoppedTree } from '../core/ports.ts';
import type { Ledger } from './ledger.ts';
import { numbersOf, textOf } from './rows.ts';
import { outdatePrerequisites, recountDependents } from './scoring.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';
import { endTripsOfFinished } from './tripping.ts';

export function stopTree(ledger: Ledger, id: TaskId, now: Instant): StoppedTree {
  const { database } = ledger;
  const head = ledger.head(id);
  if (head === undefined) return { cancelled: 0, running: [] };
  const tree = database.rows(reads.subtree, JSON.stringify([id])).map(([sequence]) => Number(sequence));
  const list = JSON.stringify(tree);
  const running = database.write(writes.stopRunning, list).map((row) => textOf(row) as TaskId);
  const cancelled = database.write(writes.cancelWaiting, now, list).map((row) => {
    const [sequence = 0, lane = 0] = numbersOf(row);
    ledger.heads.touch(lane);
    return sequence;
  });
  recountDependents(ledger, cancelled);
  outdatePrerequisites(ledger, cancelled, 'fewer');
  endTripsOfFinished(ledger, head.root, head.workspace, now);
  return { cancelled: cancelled.length, running };
}
