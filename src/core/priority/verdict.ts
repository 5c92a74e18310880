/** From what a model said to what counts for one task. Pure. */
import type { PriorityLevel } from '../model.ts';
import { highestValue, liftLimit } from './judgement.ts';
import type { CachedJudgement } from './judgementStore.ts';
import { levelValue } from './score.ts';

/** Two batches agree when what they say is no further apart than this: thrice the noise of a good model. */
export const agreement = 120;

/**
 * The value in force. A level the user chose moves it as far as it moves a task that nobody has judged. What lifts
 * a task further than the limit counts only when a second batch has agreed, and never for a text that speaks to its
 * judge.
 */
export function valueInForce(
  said: Pick<CachedJudgement, 'said' | 'rounds'>,
  level: PriorityLevel,
  speaksToJudge: boolean,
): { readonly value: number; readonly unconfirmed: boolean } {
  const most = levelValue.medium + liftLimit;
  const lifted = said.said > most;
  const held = lifted && (speaksToJudge || said.rounds < 2);
  const judged = held ? most : said.said;
  const value = Math.min(highestValue, Math.max(0, judged + levelValue[level] - levelValue.medium));
  return { value, unconfirmed: lifted && said.rounds < 2 && !speaksToJudge };
}

/**
 * What two rounds say together: their mean when they agree; otherwise the lower, which is no more confirmed than it
 * was.
 */
export function combine(
  before: Pick<CachedJudgement, 'said' | 'rounds'> | undefined,
  said: number,
): { readonly said: number; readonly rounds: number } {
  if (before === undefined) return { said, rounds: 1 };
  if (Math.abs(before.said - said) <= agreement) {
    return {
      said: Math.round((before.said * before.rounds + said) / (before.rounds + 1)),
      rounds: before.rounds + 1,
    };
  }
  return { said: Math.min(before.said, said), rounds: 1 };
}
