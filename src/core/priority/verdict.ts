/** From what a model said to what counts for one task. Pure. */
import type { PriorityLevel } from '../model.ts';
import { highestValue, levelValue, liftLimit } from './judgement.ts';
import type { CachedJudgement } from './judgementStore.ts';

/** Two batches agree when what they say is no further apart than this: thrice the noise of a good model. */
export const agreement = 120;

/**
 * The value in force before the user's level moves it. What lifts a task further than the limit counts only when a
 * second batch has agreed, and never for a text that speaks to its judge.
 */
export function heldBack(
  { said, rounds }: Pick<CachedJudgement, 'said' | 'rounds'>,
  speaksToJudge: boolean,
): { readonly value: number; readonly unconfirmed: boolean } {
  const most = levelValue.medium + liftLimit;
  const isLifted = said > most;
  const isHeld = isLifted && (speaksToJudge || rounds < 2);
  return { value: isHeld ? most : said, unconfirmed: isLifted && rounds < 2 && !speaksToJudge };
}

/** A level the user chose moves a judged task as far as it moves one that nobody has judged. */
export function atLevel(value: number, level: PriorityLevel): number {
  return Math.min(highestValue, Math.max(0, value + levelValue[level] - levelValue.medium));
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
  if (Math.abs(before.said - said) > agreement) return { said: Math.min(before.said, said), rounds: 1 };
  const rounds = before.rounds + 1;
  return { said: Math.round((before.said * before.rounds + said) / rounds), rounds };
}
