/**
 * A sub-task that means what a task above it means: a loop by delegation. The first ones wait, each longer than the
 * one before; then no more are let in. Each answer of a person lets as many in once more.
 */
import type { Milliseconds } from '../model.ts';
import type { GateFuse } from './gateFuse.ts';
import { extended, quoted } from './gateFuse.ts';

const firstWait: Milliseconds = 10_000;
const longestWait: Milliseconds = 600_000;

export const reentry: GateFuse = ({ draft, family, settings: { reentries: limit } }) => {
  const repeated = draft.reentries ?? 0;
  // Nothing is asked of the rows for what repeats nothing.
  if (limit === 0 || repeated <= limit) return null;
  if (repeated <= extended(limit, family.answers('re-entry').byUser)) return null;
  const root = family.path.at(-1)?.title ?? '';
  return {
    code: 're-entry',
    fuse: 're-entry',
    message: `${quoted(draft.title)} is what tasks above it are about already: do it, do not delegate it again.`,
    reason: `Agents hand ${quoted(draft.title)} round in ${quoted(root)} without an end. It is not let in again.`,
  };
};

/** How long such a sub-task waits. @param reentries tasks above it that mean the same */
export function reentryDelay(reentries: number): Milliseconds {
  return reentries === 0 ? 0 : Math.min(longestWait, firstWait * 3 ** (reentries - 1));
}
