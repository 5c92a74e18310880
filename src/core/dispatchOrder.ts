/**
 * Who is next. Rank decides: pinned tasks by their manual order, then score, then age. One start in ten goes to the
 * oldest ready task, so waiting is bounded without age having to outweigh judgement.
 */
import { missingResource } from './arbitration/requirements.ts';
import type { WorkspaceId } from './model.ts';
import type { Candidate, Choice, DispatchPolicy, Lane } from './ports.ts';

/** One dispatch in this many goes to the oldest ready task. */
export const oldestShare = 10;

const topCount = 5;

export interface DispatchConditions {
  /** Whether programs of the folders may run. */
  trusted(): boolean;
  /** Whether the folder of the workspace is open here. */
  isOpen(workspaceId: WorkspaceId): boolean;
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
  #sinceOldest = 0;

  constructor(conditions: DispatchConditions) {
    this.#conditions = conditions;
  }

  grantable(signature: string, running: readonly string[]): boolean {
    return missingResource(signature, running, this.#conditions.trusted()) === null;
  }

  /** One look at each lane: with a thousand workspaces this is most of a decision. */
  choose(lanes: readonly Lane[]): Choice | undefined {
    let best: Leader | undefined;
    let oldest: Leader | undefined;
    const top: Candidate[] = [];
    for (const lane of lanes) {
      const [candidate] = lane.best;
      if (candidate === undefined || !this.#conditions.isOpen(lane.workspaceId)) continue;
      if (best === undefined || compareRank(candidate, best.candidate) < 0) best = { lane, candidate };
      if (oldest === undefined || lane.oldest.sequence < oldest.candidate.sequence) {
        oldest = { lane, candidate: lane.oldest };
      }
      rankInto(top, lane.best);
    }
    if (best === undefined || oldest === undefined) return undefined;
    if (best.candidate.pin !== null) return { ...best, reason: 'pinned', top };
    this.#sinceOldest += 1;
    if (this.#sinceOldest < oldestShare) return { ...best, reason: 'rank', top };
    this.#sinceOldest = 0;
    return { ...oldest, reason: 'oldest', top };
  }
}

type Leader = Pick<Choice, 'lane' | 'candidate'>;

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
