/**
 * So many starts of tasks made by agents in one workspace within a window; the one after that trips. The workspace
 * goes on by itself after a window, after two the next time, and so on until a person answers or a day has gone by
 * without a trip. A person is told of the first alone.
 */
import type { Instant } from '../model.ts';
import type { StartFacts } from './family.ts';
import type { FuseSettings } from './fuseSettings.ts';
import { countedFrom } from './trip.ts';
import type { TripDraft } from './trip.ts';

const longestWait = 86_400_000;

export function antiLoop(
  facts: StartFacts,
  { antiLoop: limit, antiLoopWindow: window }: FuseSettings,
  now: Instant,
): TripDraft | null {
  if (limit === 0) return null;
  const answers = facts.answers('anti-loop');
  const since = Math.max(now - window, countedFrom(answers));
  if (facts.startedSince(since, limit) < limit) return null;
  return {
    fuse: 'anti-loop',
    rootId: null,
    holds: true,
    resumesAt: now + Math.min(longestWait, window * 2 ** answers.byTime),
    reason: `Agents have started ${limit} tasks of their own in this folder within ${Math.round(window / 60_000)} min.`,
    repeats: answers.byTime > 0,
  };
}
