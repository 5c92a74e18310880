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

type Said = Pick<CachedJudgement, 'said' | 'rounds'>;

/**
 * A first opinion and the second, which was asked for to confirm it: their mean when they agree; otherwise the lower,
 * which is no more confirmed than it was.
 */
export function combined(before: Said, said: number): Said {
  if (!agree(before, said)) return { said: Math.min(before.said, said), rounds: 1 };
  const rounds = before.rounds + 1;
  return { said: Math.round((before.said * before.rounds + said) / rounds), rounds };
}

/**
 * What is said anew takes the place of what was said before. The lift limit begins anew with it, unless it agrees with
 * what was confirmed: then it is one more batch that says so.
 */
export function renewed(before: Said | undefined, said: number): Said {
  const isConfirmed = before !== undefined && before.rounds > 1 && agree(before, said);
  return { said, rounds: isConfirmed ? before.rounds + 1 : 1 };
}

function agree(before: Said, said: number): boolean {
  return Math.abs(before.said - said) <= agreement;
}
