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

  choose(lanes: readonly Lane[]): Choice | undefined {
    const open = lanes.filter((lane) => this.#conditions.isOpen(lane.workspaceId));
    const best = leader(open, (lane) => lane.best[0], compareRank);
    if (best === undefined) return undefined;
    const top = topOf(open);
    if (best.candidate.pin !== null) return { ...best, reason: 'pinned', top };
    this.#sinceOldest += 1;
    if (this.#sinceOldest < oldestShare) return { ...best, reason: 'rank', top };
    this.#sinceOldest = 0;
    const oldest = leader(
      open,
      (lane) => lane.oldest,
      (a, b) => a.sequence - b.sequence,
    );
    return { ...(oldest ?? best), reason: 'oldest', top };
  }
}

function leader(
  lanes: readonly Lane[],
  headOf: (lane: Lane) => Candidate | undefined,
  compare: (a: Candidate, b: Candidate) => number,
): Pick<Choice, 'lane' | 'candidate'> | undefined {
  let first: Pick<Choice, 'lane' | 'candidate'> | undefined;
  for (const lane of lanes) {
    const candidate = headOf(lane);
    if (candidate === undefined) continue;
    if (first === undefined || compare(candidate, first.candidate) < 0) first = { lane, candidate };
  }
  return first;
}

/** The best five of all lanes: each lane is sorted, so it drops out with its first candidate that is too late. */
function topOf(lanes: readonly Lane[]): readonly Candidate[] {
  const top: Candidate[] = [];
  for (const lane of lanes) {
    for (const candidate of lane.best) {
      const last = top[topCount - 1];
      if (last !== undefined && compareRank(candidate, last) >= 0) break;
      const place = top.findIndex((other) => compareRank(candidate, other) < 0);
      top.splice(place === -1 ? top.length : place, 0, candidate);
      top.length = Math.min(top.length, topCount);
    }
  }
  return top;
}
