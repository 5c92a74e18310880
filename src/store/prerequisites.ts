/** What tasks have to wait for before they can run. What failed or was cancelled is not waited for, but retried. */
import type { Ledger } from './ledger.ts';
import { numbersOf } from './rows.ts';
import type { TaskHead } from './rows.ts';
import { reads } from './reads.ts';

export type QueuedTask = Pick<TaskHead, 'sequence' | 'lane'>;

/** The tasks and the unfinished ones they wait for, directly or through others, each after what it waits for. */
export function withPrerequisites(ledger: Ledger, tasks: readonly QueuedTask[]): QueuedTask[] {
  const order: QueuedTask[] = [];
  const seen = new Set<number>();
  for (const task of tasks) {
    if (seen.has(task.sequence)) continue;
    seen.add(task.sequence);
    visit(ledger, task, seen, order);
  }
  return order;
}

function visit(ledger: Ledger, task: QueuedTask, seen: Set<number>, order: QueuedTask[]): void {
  // A stack of its own: chains may be longer than the call stack.
  const stack = [{ task, needs: openNeeds(ledger, task.sequence) }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const need = top.needs.pop();
    if (need === undefined) {
      order.push(top.task);
      stack.pop();
    } else if (!seen.has(need.sequence)) {
      seen.add(need.sequence);
      stack.push({ task: need, needs: openNeeds(ledger, need.sequence) });
    }
  }
}

/** Latest first, so that the earliest is taken first from the end. */
function openNeeds(ledger: Ledger, task: number): QueuedTask[] {
  return ledger.database.rows(reads.openNeeds, task).map((row) => {
    const [sequence = 0, lane = 0] = numbersOf(row);
    return { sequence, lane };
  });
}
