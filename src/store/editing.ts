/** What a person may change on tasks that do not run. */
import { PodiumError } from '../core/errors.ts';
import { next } from '../core/lifecycle.ts';
import type { Instant, Task, TaskId } from '../core/model.ts';
import type { TaskEdit } from '../core/ports.ts';
import type { Ledger } from './ledger.ts';
import { frontKeys } from './orderKeys.ts';
import { pinPrerequisites } from './ordering.ts';
import { withPrerequisites } from './prerequisites.ts';
import { numberOf } from './rows.ts';
import type { TaskHead } from './rows.ts';
import { outdatePrerequisites, recount, recountDependents, rescore } from './scoring.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';
import { endTripsOfFinished } from './tripping.ts';

/** @throws PodiumError `unknown-task`, `task-running`, `unknown-dependency`, `dependency-cycle` */
export function changeTask(ledger: Ledger, id: TaskId, edit: TaskEdit, now: Instant): void {
  const head = ledger.knownHead(id);
  if (head.status === 'running') throw new PodiumError('task-running', 'A running task cannot be edited.');
  const task = ledger.task(id);
  if (task === undefined) return;
  const lane = ledger.lane(head.workspace, edit.signature ?? task.signature);
  ledger.database.write(
    writes.edit,
    lane.key,
    edit.agentId ?? task.agentId,
    edit.priority ?? task.priority,
    edit.dueAt === undefined ? task.dueAt : edit.dueAt,
    edit.timeout === undefined ? task.timeout : edit.timeout,
    JSON.stringify(edit.requiredResources ?? task.requiredResources),
    JSON.stringify(edit.input ?? task.input),
    edit.title ?? task.title,
    edit.description ?? task.description,
    head.sequence,
  );
  if (edit.needs !== undefined) replaceNeeds(ledger, head, edit.needs, now);
  reconsider(ledger, head, task, edit);
  if (edit.needs !== undefined && task.pin !== null) pinPrerequisites(ledger);
  ledger.heads.touch(head.lane);
  ledger.heads.touch(lane.key);
  if (head.unfinished) rescore(ledger, head.sequence, now);
}

/** A task that says something else by now is not what was judged; one made from other things may be. */
function reconsider(ledger: Ledger, { sequence }: TaskHead, task: Task, edit: TaskEdit): void {
  const isOther =
    (edit.title ?? task.title) !== task.title || (edit.description ?? task.description) !== task.description;
  const opinion = ledger.judging ? 1 : null;
  if (isOther) ledger.database.write(writes.setJudged, null, opinion, sequence);
  else if (edit.needs !== undefined && ledger.judging) ledger.database.write(writes.awaitOpinion, sequence);
}

function replaceNeeds(ledger: Ledger, head: TaskHead, ids: readonly TaskId[], now: Instant): void {
  const needs = [...new Set(ids)].map((id) => {
    const found = ledger.head(id);
    if (found !== undefined) return found.sequence;
    throw new PodiumError('unknown-dependency', 'A task to wait for does not exist any more.');
  });
  if (ledger.database.row(reads.reaches, JSON.stringify(needs), head.sequence) !== undefined)
    throw new PodiumError('dependency-cycle', 'These tasks would wait for each other for ever.');
  outdatePrerequisites(ledger, [head.sequence], 'fewer');
  ledger.database.write(writes.rememberNeeds, JSON.stringify([head.sequence]), now);
  ledger.database.write(writes.dropNeeds, head.sequence);
  for (const need of needs) ledger.database.write(writes.insertDependency, head.sequence, need);
  recount(ledger, [head]);
  outdatePrerequisites(ledger, [head.sequence], 'more');
}

/** @throws PodiumError `unknown-task`, `illegal-transition` */
export function moveTask(ledger: Ledger, id: TaskId, event: 'cancel' | 'rerun', now: Instant): void {
  const head = ledger.knownHead(id);
  if (head.status === 'running')
    throw new PodiumError('illegal-transition', 'The task is running: its run has to be ended first.');
  next(head.status, event);
  if (event === 'cancel') {
    ledger.database.write(writes.cancel, now, head.sequence);
    endTripsOfFinished(ledger, head.root, head.workspace, now);
  } else {
    const held = ledger.trips.holds(head.root) ? 1 : null;
    ledger.database.write(writes.setHeld, held, head.sequence);
    ledger.database.write(writes.rerun, head.sequence);
    ledger.database.write(writes.queueFrom, now, head.sequence);
    ledger.due.note(head.workspace, 0);
  }
  ledger.heads.touch(head.lane);
  recountDependents(ledger, [head.sequence]);
  outdatePrerequisites(ledger, [head.sequence], event === 'cancel' ? 'fewer' : 'more');
  if (event === 'rerun' && numberOf(ledger.database.row(reads.dependents, head.sequence, 1)) !== 0)
    pinPrerequisites(ledger);
}

/**
 * Pins a waiting task before everything else, and before it what it still waits for; their waiting times are over.
 * @throws PodiumError `unknown-task`, `illegal-transition` when it does not wait
 */
export function pinToFront(ledger: Ledger, id: TaskId, now: Instant): void {
  const head = ledger.knownHead(id);
  if (head.status === 'running') return; // It is where it was to be.
  if (head.status !== 'pending')
    throw new PodiumError('illegal-transition', 'Only a waiting task can be run now. Retry it first.');
  const order = withPrerequisites(ledger, [head]);
  const keys = frontKeys(order.length, numberOf(ledger.database.row(reads.lowestPin)));
  for (const [index, { sequence, lane }] of order.entries()) {
    ledger.database.write(writes.pin, keys[index] ?? 0, sequence);
    ledger.database.write(writes.queueNow, now, sequence);
    ledger.heads.touch(lane);
  }
}
