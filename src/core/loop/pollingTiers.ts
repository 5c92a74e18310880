/** The tiers of the polling loop, as data: adding one needs no change of the loop. */
import type { Milliseconds } from '../model.ts';

export type Tier = 'active' | 'normal' | 'low' | 'dormant';

export interface TierRule {
  readonly tier: Tier;
  /** Time between two scans of a workspace of this tier. */
  readonly interval: Milliseconds;
  /** A workspace enters the tier from below at this activity or more. */
  readonly enterAt: number;
  /** It falls out of the tier below this activity. Lower than `enterAt`, so that no boundary flaps. */
  readonly leaveBelow: number;
}

/** Busiest first. The intervals are the chapter's: 5, 15, 60 and 300 seconds. */
export const pollingTiers: readonly TierRule[] = [
  { tier: 'active', interval: 5_000, enterAt: 4, leaveBelow: 2 },
  { tier: 'normal', interval: 15_000, enterAt: 1, leaveBelow: 0.5 },
  { tier: 'low', interval: 60_000, enterAt: 0.1, leaveBelow: 0.05 },
  { tier: 'dormant', interval: 300_000, enterAt: 0, leaveBelow: 0 },
];

/**
 * The tier of a workspace: exactly one for every activity and history.
 * @param activity decayed count of events, 0 or more
 * @param current the tier it is in now, or undefined when it is new
 */
export function tierFor(activity: number, current: Tier | undefined, rules = pollingTiers): TierRule {
  const currentIndex = rules.findIndex((rule) => rule.tier === current);
  const chosen = rules.findIndex((rule, index) => {
    const stays = currentIndex !== -1 && index >= currentIndex;
    return activity >= (stays ? rule.leaveBelow : rule.enterAt);
  });
  const rule = rules[chosen === -1 ? rules.length - 1 : chosen];
  if (rule === undefined) throw new RangeError('There must be at least one tier.');
  return rule;
}
