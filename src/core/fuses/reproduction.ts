/**
 * A tree that grows faster than it is worked off: its last completed tasks have made more tasks than they were. New
 * ones then wait, the longer the larger the tree is; when as many more have done the same, no more are let in until a
 * person answers, which counts anew. What a person has approved is not counted.
 */
import type { Instant, Milliseconds } from '../model.ts';
import type { Family } from './family.ts';
import type { GateFuse } from './gateFuse.ts';
import { quoted } from './gateFuse.ts';
import { countedFrom } from './trip.ts';

const firstWait: Milliseconds = 5_000;
const longestWait: Milliseconds = 600_000;

export const reproduction: GateFuse = ({ family, settings: { reproduction: generation } }) => {
  if (generation === 0) return null;
  if (!family.isBlown('reproduction')) {
    if (!grows(family, generation)) return null;
    const since = countedFrom(family.answers('reproduction'));
    if (!grows(family, generation, 0, since) || !grows(family, generation, generation, since)) return null;
  }
  const root = family.path.at(-1)?.title ?? '';
  return {
    code: 'reproduction',
    fuse: 'reproduction',
    message: `${quoted(root)} grows faster than it is worked off: do the work in this task, and let what waits be done first.`,
    reason: `${quoted(root)} grows faster than it is worked off: its last ${2 * generation} completed tasks have made more than they were. More are refused.`,
  };
};

/** How long a new task of the tree waits. @param generation completed tasks that are looked at; 0 for none */
export function reproductionDelay(family: Family, generation: number): Milliseconds {
  if (generation === 0 || !grows(family, generation)) return 0;
  const root = family.path.at(-1);
  const size = root === undefined ? 0 : family.treeSize(root);
  const doublings = Math.max(0, Math.floor(size / generation) - 1);
  return Math.min(longestWait, firstWait * 2 ** doublings);
}

/** Whether a generation of completed tasks has made more than it was. @param skip later ones, which are passed over */
function grows(family: Family, generation: number, skip = 0, since: Instant = 0): boolean {
  const { completed, children } = family.offspring(generation, skip, since);
  return completed === generation && children > completed;
}
