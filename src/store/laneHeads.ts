/**
 * The heads of the lanes: for each, the first ready tasks by rank and by age, in memory. Whatever touches a ready task
 * of a lane drops its head, which is read again by one seek in each of two indexes when it is wanted. A claim takes
 * its task out of the head instead, so that a run of claims seeks once in a while and not every time.
 */
import type { Candidate, Lane } from '../core/ports.ts';
import type { Database } from './database.ts';
import { candidateOf } from './rows.ts';
import type { LaneRow } from './rows.ts';
import { reads } from './reads.ts';

/** A choice shows the five best of all lanes, and they may all be of one. */
export const shown = 5;
/** Read at once, so that five claims need no further look. */
const buffered = 10;

type Description = Pick<Lane, 'workspaceId' | 'signature'>;

interface Head {
  readonly lane: Lane;
  /** Best first. All there are, when fewer than were asked for. */
  readonly ranked: readonly Candidate[];
  /** Oldest first. */
  readonly aged: readonly Candidate[];
  /** Whether these are all the ready tasks of the lane. */
  readonly complete: boolean;
}

export class LaneHeads {
  readonly #database: Database;
  readonly #heads = new Map<number, Head>();
  readonly #lanes = new Map<number, Lane>();
  /** How many lanes with ready tasks each workspace has. */
  readonly #perWorkspace = new Map<string, number>();
  readonly #stale = new Set<number>();
  readonly #describe: (key: number) => Description;

  /** @param describe workspace and signature of a lane */
  constructor(database: Database, describe: (key: number) => Description) {
    this.#database = database;
    this.#describe = describe;
  }

  /** Something in this lane may have changed. */
  touch(lane: number): void {
    this.#stale.add(lane);
  }

  touchAll(lanes: Iterable<LaneRow>): void {
    for (const { key } of lanes) this.touch(key);
  }

  /** A task of this lane is not ready any more, and nothing else has changed. */
  take(key: number, sequence: number): void {
    const head = this.#heads.get(key);
    if (head === undefined || this.#stale.has(key)) {
      this.touch(key);
      return;
    }
    const stays = (candidate: Candidate): boolean => candidate.sequence !== sequence;
    this.#put(key, head.ranked.filter(stays), head.aged.filter(stays), head.complete);
  }

  /** The lanes with ready tasks, by key. */
  ready(): ReadonlyMap<number, Lane> {
    for (const key of this.#stale) this.#refresh(key);
    this.#stale.clear();
    return this.#lanes;
  }

  /** Workspaces with ready tasks, as of the last `ready`. */
  get workspaces(): number {
    return this.#perWorkspace.size;
  }

  /** One lane, as it is now; undefined when nothing in it is ready. */
  head(key: number): Lane | undefined {
    if (this.#stale.delete(key)) this.#refresh(key);
    return this.#lanes.get(key);
  }

  #refresh(key: number): void {
    const ranked = this.#database.rows(reads.bestOfLane, key, buffered).map(candidateOf);
    const complete = ranked.length < buffered;
    const aged = complete
      ? [...ranked].sort((a, b) => a.sequence - b.sequence)
      : this.#database.rows(reads.oldestOfLane, key, buffered).map(candidateOf);
    this.#put(key, ranked, aged, complete);
  }

  #put(key: number, ranked: readonly Candidate[], aged: readonly Candidate[], complete: boolean): void {
    const [oldest] = aged;
    if (complete && oldest === undefined) {
      this.#heads.delete(key);
      const gone = this.#lanes.get(key);
      if (gone !== undefined && this.#lanes.delete(key)) this.#count(gone.workspaceId, -1);
    } else if (oldest === undefined || (!complete && ranked.length < shown)) {
      this.touch(key);
    } else {
      const { workspaceId, signature } = this.#describe(key);
      const lane = { workspaceId, signature, best: ranked.slice(0, shown), oldest };
      if (!this.#lanes.has(key)) this.#count(workspaceId, 1);
      this.#heads.set(key, { lane, ranked, aged, complete });
      this.#lanes.set(key, lane);
    }
  }

  #count(workspaceId: string, change: 1 | -1): void {
    const lanes = (this.#perWorkspace.get(workspaceId) ?? 0) + change;
    if (lanes === 0) this.#perWorkspace.delete(workspaceId);
    else this.#perWorkspace.set(workspaceId, lanes);
  }
}
