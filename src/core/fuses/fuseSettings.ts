/** The limits of the fuses, as a person sets them. 0 turns one off, but for the depth. */
import type { Milliseconds } from '../model.ts';

export interface FuseSettings {
  /** Deepest delegation: a user's task has depth 0. */
  readonly depth: number;
  /** Sub-tasks of one task. */
  readonly children: number;
  /** Tasks of one tree, its root included. */
  readonly treeTasks: number;
  readonly treeTokens: number;
  /** Millionths of the currency the price list is in. */
  readonly treeCostMicros: number;
  /** Time the runs of one tree take together. */
  readonly treeTime: Milliseconds;
  /** Tasks made by agents that wait in one workspace. */
  readonly pending: number;
  /** Tasks made by agents in one workspace within a minute. */
  readonly creations: number;
  /** Starts of tasks made by agents in one workspace within `antiLoopWindow`. */
  readonly antiLoop: number;
  readonly antiLoopWindow: Milliseconds;
  /** Tasks of one meaning on the way down a tree, besides the first. */
  readonly reentries: number;
  /** Completed tasks by which it is told whether a tree grows faster than it is worked off. */
  readonly reproduction: number;
  /** Tasks of one tree that fail one after the other. */
  readonly failures: number;
  /** Of one workspace on one day, by universal time. */
  readonly dailyTokens: number;
  readonly dailyCostMicros: number;
  /** Sub-tasks from this depth on wait for a person's word; 0 for none. */
  readonly approvalDepth: number;
  /** Sub-tasks whose agent changes files wait for a person's word. */
  readonly approveWrites: boolean;
}

const minute = 60_000;
const hour = 60 * minute;

/** Depth and anti-loop are those of the book; the others are sized so that ordinary work never touches them. */
export const defaultFuses: FuseSettings = {
  depth: 5,
  children: 8,
  treeTasks: 50,
  treeTokens: 1_000_000,
  treeCostMicros: 0,
  treeTime: 8 * hour,
  pending: 200,
  creations: 100,
  antiLoop: 20,
  antiLoopWindow: 5 * minute,
  reentries: 2,
  reproduction: 10,
  failures: 5,
  dailyTokens: 2_000_000,
  dailyCostMicros: 0,
  approvalDepth: 0,
  approveWrites: false,
};

/** The window of `creations`. */
export const creationWindow: Milliseconds = minute;
