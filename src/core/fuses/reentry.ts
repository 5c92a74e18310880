/**
 * A sub-task that means what a task above it means: a loop by delegation. The first ones wait, each longer than the
 * one before; then no more are let in.
 */
import type { Milliseconds } from '../model.ts';
import type { GateFuse } from './gateFuse.ts';
import { quoted } from './gateFuse.ts';

/** So many tasks of one meaning on a path are let in besides the first. */
const tolerated = 2;
const firstWait: Milliseconds = 10_000;

export const reentry: GateFuse = ({ draft, family }) => {
  if ((draft.reentries ?? 0) <= tolerated || family.answers('re-entry').byUser > 0) return null;
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
  return reentries === 0 ? 0 : firstWait * 3 ** (reentries - 1);
}
