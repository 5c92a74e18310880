/**
 * The order that people give by hand. Within a workspace the pinned tasks are a list, told apart by keys that only
 * have to rise; a task that is moved gets a key between those of its neighbours, and when there is no room left
 * between two keys the list is numbered anew.
 */
import { compareRank } from '../core/dispatchOrder.ts';
import { PodiumError } from '../core/errors.ts';
import type { Instant, TaskId } from '../core/model.ts';
import type { Candidate, OrderPlace } from '../core/ports.ts';
import type { Ledger } from './ledger.ts';
import { withPrerequisites } from './prerequisites.ts';
import type { QueuedTask } from './prerequisites.ts';
import { candidateOf, numbersOf } from './rows.ts';
import type { TaskHead } from './rows.ts';
import { rescore } from './scoring.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

/** Between the keys of neighbours in a list numbered anew: room for some forty moves into one gap. */
const spacing = 1_024;
/** Keys nearer to each other than this leave no room. */
const closest = 2 ** -20;
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
  const heads = ids.map((id) => waitingHead(ledger, id));
  const [first] = heads;
  if (first === undefined) return;
  if (heads.some(({ workspace }) => workspace !== first.workspace))
    throw new PodiumError('illegal-transition', 'Tasks of several folders cannot be ordered together.');
  const moved = new Set(heads.map(({ sequence }) => sequence));
  const rest = pinnedList(ledger, first.workspace).filter(({ sequence }) => !moved.has(sequence));
  const { list, index } = openPlace(ledger, first.workspace, rest, moved, place);
  const block = heads.map(({ sequence, lane }) => ({ sequence, lane, key: null }));
  writeKeys(ledger, prerequisitesFirst(ledger, list.toSpliced(index, 0, ...block)));
}

/** Moves tasks one place up or down in the order in which they would run. */
export function shiftTasks(ledger: Ledger, ids: readonly TaskId[], step: -1 | 1): void {
  const heads = ids.map((id) => waitingHead(ledger, id));
  const [first] = heads;
  if (first === undefined) return;
  const moved = new Set(ids);
  const order = queueOf(ledger, first.workspace).map(({ id }) => id);
  const places = order.flatMap((id, index) => (moved.has(id) ? [index] : []));
  const block = order.filter((id) => moved.has(id));
  if (block.length < moved.size)
    throw new PodiumError(
      'illegal-transition',
      'Only tasks that are ready or pinned have a place in the queue.',
    );
  const end = step === -1 ? (places[0] ?? 0) - 1 : (places.at(-1) ?? 0) + 1;
  const neighbour = order[end];
  // Already at the end; a block with gaps closes up.
  if (neighbour === undefined) placeTasks(ledger, block, step === -1 ? 'first' : 'last');
  else placeTasks(ledger, block, step === -1 ? { before: neighbour } : { after: neighbour });
}

/** Pinned tasks take their place by score again. */
export function unpinTasks(ledger: Ledger, ids: readonly TaskId[]): void {
  for (const head of ids.map((id) => ledger.knownHead(id))) {
    ledger.database.write(writes.setPin, null, head.sequence);
    ledger.heads.touch(head.lane);
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

/** A pinned task that waits for more now takes it along. */
export function pinPrerequisites(ledger: Ledger, workspace: number): void {
  const list = pinnedList(ledger, workspace);
  if (list.length > 0) writeKeys(ledger, prerequisitesFirst(ledger, list));
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
  return ledger.database.rows(reads.pinned, workspace).map((row) => {
    const [sequence = 0, lane = 0, key = 0] = numbersOf(row);
    return { sequence, lane, key };
  });
}

/** The pinned tasks and then the ready ones, in the order in which they would run. */
function queueOf(ledger: Ledger, workspace: number): Candidate[] {
  const pinned = ledger.database.rows(reads.pinnedCandidates, workspace).map(candidateOf);
  return [...pinned, ...unpinnedReady(ledger, workspace)];
}

function unpinnedReady(ledger: Ledger, workspace: number): Candidate[] {
  return ledger
    .lanesOf(workspace)
    .flatMap(({ key }) => ledger.database.rows(reads.bestOfLane, key, unbounded).map(candidateOf))
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
  const above = ready.slice(0, readyAt + offset).map(({ id, sequence }) => {
    const { lane } = ledger.knownHead(id);
    return { sequence, lane, key: null };
  });
  return { list: [...rest, ...above], index: rest.length + above.length };
}

/** The list with, before each task, what it still waits for. */
function prerequisitesFirst(ledger: Ledger, list: readonly Pinned[]): Pinned[] {
  const keys = new Map(list.map(({ sequence, key }) => [sequence, key]));
  const order = new Map<number, Pinned>();
  for (const { sequence, lane } of list) {
    if (order.has(sequence)) continue;
    for (const one of withPrerequisites(ledger, { sequence, lane })) {
      if (!order.has(one.sequence)) order.set(one.sequence, { ...one, key: keys.get(one.sequence) ?? null });
    }
  }
  return [...order.values()];
}

/** Gives every task a key above that of the one before it, and leaves the keys alone that are so already. */
function writeKeys(ledger: Ledger, list: readonly Pinned[]): void {
  const keys = spacedKeys(list.map(({ key }) => key));
  for (const [index, { sequence, lane, key }] of list.entries()) {
    const to = keys[index];
    if (to === undefined || to === key) continue;
    ledger.database.write(writes.setPin, to, sequence);
    ledger.heads.touch(lane);
  }
}

/**
 * Rising keys for a list of which some have one. Exported for its test.
 * @param keys null for what has none yet; those that do not rise are given anew
 */
export function spacedKeys(keys: readonly (number | null)[]): readonly number[] {
  const kept = longestRising(keys);
  const result: number[] = [];
  for (let index = 0; index < keys.length;) {
    if (kept.has(index)) {
      result.push(keys[index] ?? 0);
      index += 1;
      continue;
    }
    let end = index;
    while (end < keys.length && !kept.has(end)) end += 1;
    const below = result.at(-1);
    const above = end < keys.length ? (keys[end] ?? undefined) : undefined;
    const count = end - index;
    const low = below ?? (above === undefined ? 0 : above - spacing * (count + 1));
    const step = above === undefined ? spacing : (above - low) / (count + 1);
    if (step < closest * Math.max(1, Math.abs(low))) return keys.map((_, place) => place * spacing);
    for (let place = 1; place <= count; place += 1) result.push(low + step * place);
    index = end;
  }
  return result;
}

/** Places of a longest rising run of keys (Fredman, "On computing the length of longest increasing subsequences"). */
function longestRising(keys: readonly (number | null)[]): ReadonlySet<number> {
  const ends: number[] = [];
  const before = new Map<number, number | undefined>();
  keys.forEach((key, place) => {
    if (key === null) return;
    let at = ends.findIndex((end) => (keys[end] ?? 0) >= key);
    if (at === -1) at = ends.length;
    before.set(place, ends[at - 1]);
    ends[at] = place;
  });
  const run = new Set<number>();
  for (let place = ends.at(-1); place !== undefined; place = before.get(place)) run.add(place);
  return run;
}
