/** So many tasks of one tree that fail one after the other: what they were made from is probably wrong. */
import type { EndFacts } from './family.ts';
import type { FuseSettings } from './fuseSettings.ts';
import { quoted } from './gateFuse.ts';
import { countedFrom } from './trip.ts';
import type { TripDraft } from './trip.ts';

export function failureStreak(facts: EndFacts, { failures: limit }: FuseSettings): TripDraft | null {
  if (limit === 0 || !facts.isTree) return null;
  const ends = facts.lastEnds(countedFrom(facts.answers('failures', true)), limit);
  if (ends.length < limit || ends.includes('completed')) return null;
  return {
    fuse: 'failures',
    rootId: facts.root.id,
    holds: true,
    resumesAt: null,
    reason: `The last ${limit} tasks of ${quoted(facts.root.title)} have failed. The rest of it waits.`,
  };
}
