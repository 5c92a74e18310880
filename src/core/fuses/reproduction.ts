/**
 * A tree that grows faster than it is worked off: its last completed tasks have made more tasks than they were. New
 * ones then wait, the longer the larger the tree is.
 */
import type { Milliseconds } from '../model.ts';
import type { Family } from './family.ts';

/** Completed tasks that are looked at. */
const generation = 10;
const firstWait: Milliseconds = 5_000;
const longestWait: Milliseconds = 600_000;

export function reproductionDelay(family: Family): Milliseconds {
  const { completed, children } = family.offspring(generation);
  if (completed < generation || children <= completed) return 0;
  const root = family.path.at(-1);
  const size = root === undefined ? 0 : family.treeSize(root);
  const doublings = Math.max(0, Math.floor(size / generation) - 1);
  return Math.min(longestWait, firstWait * 2 ** doublings);
}
