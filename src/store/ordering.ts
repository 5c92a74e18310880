/**
 * The order that people give by hand. Within a workspace the pinned tasks are a list, kept by keys that rise; a task
 * that is moved gets a key between those of its neighbours. What a pinned task waits for is pinned before it.
 */
import { compareRank } from '../core/dispatchOrder.ts';
import { PodiumError } from '../core/errors.ts';
import type { Instant, TaskId } from '../core/model.ts';
import type { Candidate, OrderPlace } from '../core/ports.ts';
import type { Row } from './database.ts';
import type { Ledger } from './ledger.ts';
import { risingKeys } from './orderKeys.ts';
import { withPrerequisites } from './prerequisites.ts';
import type { QueuedTask } from './prerequisites.ts';
import { candidateOf, numberOf, numbersOf } from './rows.ts';
import type { TaskHead } from './rows.ts';
import { rescore } from './scoring.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

/** Most points a boost can add or take away. */
const boostLimit = 1_000;
/** No workspace has so many ready tasks in one lane. */
const unbounded = Number.MAX_SAFE_INTEGER;

/** A task in the pinned list; its key is null until it has one. */
interface Pinned extends QueuedTask {
  readonly key: number | null;
}

/**
 * Puts tasks of one workspace, in the order given, into its pinned list, and before each what it still waits for.
 * Next to a task that is not pinned, everything above that place is pinned too: what is seen is what runs.
 * @throws PodiumError `unknown-task`, `illegal-transition` for what does not wait or has no place there
 */
export function placeTasks(ledger: Ledger, ids: readonly TaskId[], place: OrderPlace): void {
  const heads = headsToMove(ledger, ids);
  const [first] = heads;
  if (first === undefined) return;
  const moved = new Set(heads.map(({ sequence }) => sequence));
  const rest = pinnedList(ledger, first.workspace).filter(({ sequence }) => !moved.has(sequence));
  const { list, index } = openPlace(ledger, first.workspace, rest, moved, place);
  const block = heads.map(({ sequence, lane }) => ({ sequence, lane, key: null }));
  writeOrder(ledger, first.workspace, list.toSpliced(index, 0, ...block));
}

/**
 * Moves tasks one place up or down in the order in which they would run; with gaps between them they close up.
 * @throws PodiumError `unknown-task`, `illegal-transition` for what has no place in that order
 */
export function shiftTasks(ledger: Ledger, ids: readonly TaskId[], step: -1 | 1): void {
  const [first] = headsToMove(ledger, ids);
  if (first === undefined) return;
  const moved = new Set(ids);
  const order = queueOf(ledger, first.workspace).map(({ id }) => id);
  const block = order.filter((id) => moved.has(id));
  if (block.length < moved.size)
    throw new PodiumError(
      'illegal-transition',
      'Only tasks that are ready or pinned have a place in the queue.',
    );
  const others = order.filter((id) => !moved.has(id));
  const top =
    step === -1
      ? Math.max(0, order.findIndex((id) => moved.has(id)) - 1)
      : Math.min(others.length, order.findLastIndex((id) => moved.has(id)) - block.length + 2);
  if (others.toSpliced(top, 0, ...block).every((id, at) => id === order[at])) return;
  const [above, below] = [others[top - 1], others[top]];
  if (step === -1 && below !== undefined) placeTasks(ledger, block, { before: below });
  else if (above !== undefined) placeTasks(ledger, block, { after: above });
}

/**
 * Pinned tasks take their place by score again.
 * @throws PodiumError `unknown-task`, `illegal-transition` for what a task waits for that stays pinned
 */
export function unpinTasks(ledger: Ledger, ids: readonly TaskId[]): void {
  const heads = ids.map((id) => ledger.knownHead(id));
  const unpinned = new Set(heads.map(({ sequence }) => sequence));
  const staying = allPinned(ledger).filter(({ sequence }) => !unpinned.has(sequence));
  if (withPrerequisites(ledger, staying).some(({ sequence }) => unpinned.has(sequence)))
    throw new PodiumError('illegal-transition', 'A pinned task waits for this one. Unpin that task first.');
  for (const { sequence, lane } of heads) {
    ledger.database.write(writes.setPin, null, sequence);
    ledger.heads.touch(lane);
  }
}

/** Adds points to the scores of unfinished tasks, or takes them away. */
export function boostTasks(ledger: Ledger, ids: readonly TaskId[], points: number, now: Instant): void {
  for (const head of ids.map((id) => unfinishedHead(ledger, id))) {
    const [boost = 0] = numbersOf(ledger.database.row(reads.boost, head.sequence) ?? []);
    const sum = Math.min(boostLimit, Math.max(-boostLimit, boost + Math.round(points)));
    ledger.database.write(writes.setBoost, sum, head.sequence);
    rescore(ledger, head.sequence, now);
  }
}

/** Pinned tasks that wait for more now, or again, take it along. */
export function pinPrerequisites(ledger: Ledger): void {
  const workspaces = new Set(allPinned(ledger).map(({ lane }) => ledger.workspaceOfLane(lane)));
  for (const workspace of workspaces) writeOrder(ledger, workspace, pinnedList(ledger, workspace));
}

function headsToMove(ledger: Ledger, ids: readonly TaskId[]): TaskHead[] {
  const heads = [...new Set(ids)].map((id) => waitingHead(ledger, id));
  if (new Set(heads.map(({ workspace }) => workspace)).size > 1)
    throw new PodiumError('illegal-transition', 'Tasks of several folders cannot be ordered together.');
  return heads;
}

function waitingHead(ledger: Ledger, id: TaskId): TaskHead {
  const head = unfinishedHead(ledger, id);
  if (head.status === 'running')
    throw new PodiumError('illegal-transition', 'A running task has no place in the queue any more.');
  return head;
}

function unfinishedHead(ledger: Ledger, id: TaskId): TaskHead {
  const head = ledger.knownHead(id);
  if (head.unfinished) return head;
  throw new PodiumError('illegal-transition', 'A finished task has no place in the queue. Retry it first.');
}

function pinnedList(ledger: Ledger, workspace: number): Pinned[] {
  return ledger.database.rows(reads.pinned, workspace).map(pinnedOf);
}

/** Of all workspaces, in the order of their keys. */
function allPinned(ledger: Ledger): Pinned[] {
  return ledger.database.rows(reads.allPinned).map(pinnedOf);
}

function pinnedOf(row: Row): Pinned {
  const [sequence = 0, lane = 0, key = 0] = numbersOf(row);
  return { sequence, lane, key };
}

/** The pinned tasks and then the ready ones, in the order in which they would run. */
function queueOf(ledger: Ledger, workspace: number): readonly Candidate[] {
  const pinned = ledger.database.rows(reads.pinnedCandidates, workspace).map(candidateOf);
  return [...pinned, ...unpinnedReady(ledger, workspace)];
}

/** Those of all lanes, merged as they are shown. */
function unpinnedReady(ledger: Ledger, workspace: number): readonly (Candidate & QueuedTask)[] {
  return ledger
    .lanesOf(workspace)
    .flatMap(({ key: lane }) =>
      ledger.database.rows(reads.bestOfLane, lane, unbounded).map((row) => ({ ...candidateOf(row), lane })),
    )
    .filter(({ pin }) => pin === null)
    .sort(compareRank);
}

/** The list without what is moved, and where in it the place is. */
function openPlace(
  ledger: Ledger,
  workspace: number,
  rest: readonly Pinned[],
  moved: ReadonlySet<number>,
  place: OrderPlace,
): { readonly list: readonly Pinned[]; readonly index: number } {
  if (place === 'first') return { list: rest, index: 0 };
  if (place === 'last') return { list: rest, index: rest.length };
  const anchor = ledger.knownHead('before' in place ? place.before : place.after);
  const offset = 'before' in place ? 0 : 1;
  if (anchor.workspace !== workspace)
    throw new PodiumError('illegal-transition', 'A task cannot be moved into the queue of another folder.');
  if (moved.has(anchor.sequence))
    throw new PodiumError('illegal-transition', 'A task cannot be moved next to itself.');
  const pinnedAt = rest.findIndex(({ sequence }) => sequence === anchor.sequence);
  if (pinnedAt !== -1) return { list: rest, index: pinnedAt + offset };
  const ready = unpinnedReady(ledger, workspace).filter(({ sequence }) => !moved.has(sequence));
  const readyAt = ready.findIndex(({ sequence }) => sequence === anchor.sequence);
  if (readyAt === -1)
    throw new PodiumError(
      'illegal-transition',
      'Only next to tasks that are ready or pinned is there a place.',
    );
  const above = ready.slice(0, readyAt + offset).map(({ sequence, lane }) => ({ sequence, lane, key: null }));
  return { list: [...rest, ...above], index: rest.length + above.length };
}

/** Makes all that is pinned in a workspace its order, with, before each task, what it still waits for. */
function writeOrder(ledger: Ledger, workspace: number, list: readonly Pinned[]): void {
  const keys = new Map(list.map(({ sequence, key }) => [sequence, key]));
  const order = withPrerequisites(ledger, list).map((task) => ({
    ...task,
    key: keys.get(task.sequence) ?? null,
  }));
  const isOwn = ({ lane }: QueuedTask): boolean => ledger.workspaceOfLane(lane) === workspace;
  writeKeys(ledger, order.filter(isOwn));
  // What is waited for in another workspace goes to the end of the list there.
  for (const task of order) if (!isOwn(task)) pinLast(ledger, task);
}

function pinLast(ledger: Ledger, task: Pinned): void {
  const list = pinnedList(ledger, ledger.workspaceOfLane(task.lane));
  if (list.some(({ sequence }) => sequence === task.sequence)) return;
  writeKeys(ledger, [...list, task]);
}

/** Gives every task a key above that of the one before it; most have one already. */
function writeKeys(ledger: Ledger, list: readonly Pinned[]): void {
  const lowest = numberOf(ledger.database.row(reads.lowestPin));
  const keys = risingKeys(
    list.map(({ key }) => key),
    lowest,
  );
  for (const [index, { sequence, lane, key }] of list.entries()) {
    const to = keys[index];
    if (to === undefined || to === key) continue;
    ledger.database.write(writes.setPin, to, sequence);
    ledger.heads.touch(lane);
  }
}
