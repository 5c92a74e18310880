/**
 * The heads of the lanes: for each, the first few ready tasks by rank and the oldest, in memory. A head is dropped by
 * whatever touches a ready task of its lane and read again, by one seek in each of two indexes, when it is wanted.
 */
import type { Lane } from '../core/ports.ts';
import type { Database } from './database.ts';
import { candidateOf } from './rows.ts';
import type { LaneRow } from './rows.ts';
import { reads } from './statements.ts';

/** A choice shows the five best of all lanes, and they may all be of one. */
const shown = 5;

export class LaneHeads {
  readonly #database: Database;
  readonly #heads = new Map<number, Lane>();
  readonly #stale = new Set<number>();
  readonly #describe: (key: number) => Pick<Lane, 'workspaceId' | 'signature'>;

  /** @param describe workspace and signature of a lane */
  constructor(database: Database, describe: (key: number) => Pick<Lane, 'workspaceId' | 'signature'>) {
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

  /** The lanes with ready tasks. */
  ready(): ReadonlyMap<number, Lane> {
    for (const key of this.#stale) this.#refresh(key);
    this.#stale.clear();
    return this.#heads;
  }

  /** One lane, as it is now; undefined when nothing in it is ready. */
  head(key: number): Lane | undefined {
    if (this.#stale.delete(key)) this.#refresh(key);
    return this.#heads.get(key);
  }

  #refresh(key: number): void {
    const best = this.#database.rows(reads.bestOfLane, key, shown).map(candidateOf);
    const [first] = best;
    if (first === undefined) {
      this.#heads.delete(key);
      return;
    }
    // With few tasks the oldest is among the best; otherwise it takes a second seek.
    const few = best.length < shown;
    const oldest = few
      ? best.reduce((a, b) => (b.sequence < a.sequence ? b : a))
      : this.#database.rows(reads.oldestOfLane, key).map(candidateOf)[0];
    this.#heads.set(key, { ...this.#describe(key), best, oldest: oldest ?? first });
  }
}
