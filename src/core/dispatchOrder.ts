/**
 * Who is next. Pinned tasks come first, by their manual order. Then it is the turn of the folder that has had least,
 * and in it rank decides: score, then age. One start in ten goes to the oldest ready task of the folder, so waiting is
 * bounded without age having to outweigh judgement.
 */
import { Arbitrator } from './arbitration/arbitrator.ts';
import type { Bucket } from './arbitration/bucket.ts';
import { FairShare } from './arbitration/fairShare.ts';
import type { Instant, Milliseconds, TaskId, WorkspaceId } from './model.ts';
import type { Candidate, Choice, DispatchPolicy, Lane } from './ports.ts';

/** One dispatch in this many goes to the oldest ready task. */
export const oldestShare = 10;

const topCount = 5;

export interface DispatchConditions {
  /** Whether programs of the folders may run. */
  trusted(): boolean;
  /** Whether the folder of the workspace is open here. */
  isOpen(workspaceId: WorkspaceId): boolean;
  /** Who may have what; without it only folders are exclusive. */
  readonly arbitrator?: Arbitrator;
  /** What each folder has had; without it all have had the same. */
  readonly fairShare?: FairShare;
  /** Most tasks of a folder that run at a time; 0 or absent for no limit. */
  readonly concurrencyOf?: (workspaceId: WorkspaceId) => number;
}

/** Negative when `a` goes before `b`. A total order. */
export function compareRank(a: Candidate, b: Candidate): number {
  if (a.pin !== null || b.pin !== null) {
    if (a.pin === null) return 1;
    if (b.pin === null) return -1;
    if (a.pin !== b.pin) return a.pin - b.pin;
  }
  return b.score - a.score || a.sequence - b.sequence;
}

export class DispatchOrder implements DispatchPolicy {
  readonly #conditions: DispatchConditions;
  readonly #arbitrator: Arbitrator;
  readonly #fairShare: FairShare;
  readonly #asked = new Set<string>();
  /** What runs have taken and not given back, so that none gives back twice. */
  readonly #granted = new Map<TaskId, string>();
  #sinceOldest = 0;

  constructor(conditions: DispatchConditions) {
    this.#conditions = conditions;
    this.#arbitrator =
      conditions.arbitrator ??
      new Arbitrator({ resources: () => new Map(), trusted: () => conditions.trusted() });
    this.#fairShare =
      conditions.fairShare ?? new FairShare({ resources: () => new Map(), weightOf: () => 1 });
  }

  grantable(signature: string, running: readonly string[], now: Instant): boolean {
    this.#asked.add(signature);
    return this.#arbitrator.grantable(signature, running, now);
  }

  take(choice: Choice, now: Instant): ReadonlyMap<string, Bucket> {
    const { workspaceId, signature } = choice.lane;
    this.#granted.set(choice.candidate.id, signature);
    this.#fairShare.started(choice.candidate.id, workspaceId, signature);
    return this.#arbitrator.take(signature, now);
  }

  /**
   * A run has ended, and gives back what it took; a second end of it changes nothing.
   * @param used amounts it says it has really used, of some resources
   * @returns buckets that have changed, to be kept
   */
  ended(
    taskId: TaskId,
    duration: Milliseconds,
    now: Instant,
    used?: Readonly<Record<string, number>>,
  ): ReadonlyMap<string, Bucket> {
    const signature = this.#granted.get(taskId);
    if (signature === undefined) return new Map();
    this.#granted.delete(taskId);
    this.#fairShare.ended(taskId, duration);
    return this.#arbitrator.give(signature, now, used);
  }

  /** Claims that never came to be: what they took is as it was kept, and nobody is charged for them. */
  revert(buckets: ReadonlyMap<string, Bucket>, isRunning: (taskId: TaskId) => boolean, now: Instant): void {
    this.#arbitrator.restore(buckets, now);
    for (const taskId of [...this.#granted.keys()].filter((id) => !isRunning(id))) {
      this.#granted.delete(taskId);
      this.#fairShare.revert(taskId);
    }
  }

  mayRun(workspaceId: WorkspaceId): boolean {
    if (!this.#conditions.isOpen(workspaceId)) return false;
    const most = this.#conditions.concurrencyOf?.(workspaceId) ?? 0;
    return most === 0 || this.#fairShare.runningIn(workspaceId) < most;
  }

  endPass(looked: boolean): Instant | null {
    // One that becomes free is a reason of its own to look again.
    const until = looked ? this.#arbitrator.endPass(this.#asked) : null;
    this.#asked.clear();
    return until;
  }

  /** One look at each lane: with a thousand workspaces this is most of a decision. */
  choose(lanes: readonly Lane[]): Choice | undefined {
    let best: Leader | undefined;
    let oldest: Leader | undefined;
    const top: Candidate[] = [];
    const turns = this.#fairShare.turns(lanes);
    for (let place = 0; place < lanes.length; place += 1) {
      const lane = lanes[place];
      const candidate = lane?.best[0];
      if (lane === undefined || candidate === undefined) continue;
      rankInto(top, lane.best);
      const turn = turns[place] ?? 0;
      if (best === undefined || isBefore(candidate, turn, best)) best = { lane, candidate, turn };
      const { oldest: eldest } = lane;
      if (
        oldest === undefined ||
        turn < oldest.turn ||
        (turn === oldest.turn && eldest.sequence < oldest.candidate.sequence)
      )
        oldest = { lane, candidate: eldest, turn };
    }
    if (best === undefined || oldest === undefined) return undefined;
    if (best.candidate.pin !== null) return chosen(best, 'pinned', top);
    this.#sinceOldest += 1;
    if (this.#sinceOldest < oldestShare) return chosen(best, 'rank', top);
    this.#sinceOldest = 0;
    return chosen(oldest, 'oldest', top);
  }
}

interface Leader extends Pick<Choice, 'lane' | 'candidate'> {
  /** How far its folder is ahead of others. */
  readonly turn: number;
}

/** What a person has pinned goes first, whoever's turn it is. */
function isBefore(candidate: Candidate, turn: number, best: Leader): boolean {
  const isPinned = candidate.pin !== null || best.candidate.pin !== null;
  if (!isPinned && turn !== best.turn) return turn < best.turn;
  return compareRank(candidate, best.candidate) < 0;
}

function chosen({ lane, candidate }: Leader, reason: Choice['reason'], top: readonly Candidate[]): Choice {
  return { lane, candidate, reason, top };
}

/** Puts a lane's best among the best five; the lane is sorted, so the first that is too late ends the look. */
function rankInto(top: Candidate[], best: readonly Candidate[]): void {
  for (const candidate of best) {
    const last = top[topCount - 1];
    if (last !== undefined && compareRank(candidate, last) >= 0) return;
    const place = top.findIndex((other) => compareRank(candidate, other) < 0);
    top.splice(place === -1 ? top.length : place, 0, candidate);
    if (top.length > topCount) top.pop();
  }
}
