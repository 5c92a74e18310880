/** Tokens, money and time: of a tree, and of a workspace on one day. What is over budget waits for a person. */
import type { Instant } from '../model.ts';
import type { EndFacts } from './family.ts';
import type { FuseSettings } from './fuseSettings.ts';
import { extended, quoted } from './gateFuse.ts';
import type { FuseId, TripDraft } from './trip.ts';

const day = 86_400_000;

interface Budget {
  readonly fuse: FuseId;
  readonly used: number;
  readonly limit: number;
  readonly text: (amount: number) => string;
}

export function treeSpend(facts: EndFacts, settings: FuseSettings): TripDraft | null {
  if (!facts.isTree) return null;
  const { tokens, costMicros, time } = facts.used();
  const spent = overrun(
    [
      { fuse: 'tree-tokens', used: tokens, limit: settings.treeTokens, text: inTokens },
      { fuse: 'tree-cost', used: costMicros, limit: settings.treeCostMicros, text: inMoney },
      { fuse: 'tree-time', used: time, limit: settings.treeTime, text: inHours },
    ],
    (fuse) => facts.answers(fuse, true).byUser,
  );
  if (spent === undefined) return null;
  return {
    fuse: spent.fuse,
    rootId: facts.root.id,
    holds: true,
    resumesAt: null,
    reason: `${quoted(facts.root.title)} has used its ${spent.text(spent.limit)}. The rest of it waits.`,
  };
}

/** @returns a trip that ends with the day, unless a person ends it before, which gives the same amount once more */
export function dailySpend(facts: EndFacts, settings: FuseSettings, now: Instant): TripDraft | null {
  const today = Math.floor(now / day) * day;
  const { tokens, costMicros } = facts.usedToday();
  const spent = overrun(
    [
      { fuse: 'daily-tokens', used: tokens, limit: settings.dailyTokens, text: inTokens },
      { fuse: 'daily-cost', used: costMicros, limit: settings.dailyCostMicros, text: inMoney },
    ],
    (fuse) => facts.answers(fuse, false, today).byUser,
  );
  if (spent === undefined) return null;
  return {
    fuse: spent.fuse,
    rootId: null,
    holds: true,
    resumesAt: today + day,
    reason: `This folder has used its ${spent.text(spent.limit)} of today. Its tasks wait until tomorrow.`,
  };
}

function overrun(budgets: readonly Budget[], answered: (fuse: FuseId) => number): Budget | undefined {
  for (const budget of budgets) {
    if (budget.limit === 0 || budget.used < budget.limit) continue;
    const limit = extended(budget.limit, answered(budget.fuse));
    if (budget.used >= limit) return { ...budget, limit };
  }
  return undefined;
}

function inTokens(tokens: number): string {
  return `${tokens.toLocaleString('en-US')} tokens`;
}

function inMoney(micros: number): string {
  return `budget of ${(micros / 1e6).toFixed(2)}`;
}

function inHours(time: number): string {
  return `${Math.round((time / 3_600_000) * 10) / 10} h of work`;
}
