/** Podium that lets rank alone decide, whichever folder has had how much: a mutant. */
import { FairShare } from '../../../src/core/arbitration/fairShare.ts';

export async function withoutTurns<Result>(run: () => Promise<Result>): Promise<Result> {
  const turns = Object.getOwnPropertyDescriptor(FairShare.prototype, 'turns');
  if (turns === undefined) throw new Error('There are no turns to break.');
  FairShare.prototype.turns = (contenders) => contenders.map(() => 0);
  try {
    return await run();
  } finally {
    Object.defineProperty(FairShare.prototype, 'turns', turns);
  }
}
