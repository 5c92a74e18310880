/** What a button says that answers a fuse: not that it is answered, but what follows. */
import type { FuseSettings } from '../../core/fuses/fuseSettings.ts';
import type { FuseId, Trip } from '../../core/fuses/trip.ts';
import { amountText, moneyText } from './words.ts';

const hour = 3_600_000;

/** What an answer lets through besides what is held. */
const allowances: Readonly<Partial<Record<FuseId, (limits: FuseSettings) => string>>> = {
  children: ({ children }) => `Allow ${amountText(children)} More`,
  'tree-tasks': ({ treeTasks }) => `Allow ${amountText(treeTasks)} More`,
  'creation-rate': ({ creations }) => `Allow ${amountText(creations)} More`,
  're-entry': () => 'Allow Repeats',
  'tree-tokens': ({ treeTokens }) => `Allow ${amountText(treeTokens)} More Tokens`,
  'daily-tokens': ({ dailyTokens }) => `Allow ${amountText(dailyTokens)} More Tokens`,
  'tree-cost': ({ treeCostMicros }) => `Allow ${moneyText(treeCostMicros)} More`,
  'daily-cost': ({ dailyCostMicros }) => `Allow ${moneyText(dailyCostMicros)} More`,
  'tree-time': ({ treeTime }) => `Allow ${amountText(Math.round((treeTime / hour) * 10) / 10)} h More`,
};

/** `Resume`, `Allow 50 More`, `Allow 1,000,000 More Tokens`, `Dismiss`. */
export function answerText({ fuse, holds }: Pick<Trip, 'fuse' | 'holds'>, limits: FuseSettings): string {
  return allowances[fuse]?.(limits) ?? (holds ? 'Resume' : 'Dismiss');
}
