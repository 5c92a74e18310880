/** So many tasks made by agents may wait in one workspace. An answer says that a person knows: the limit stays. */
import type { GateFuse } from './gateFuse.ts';
import { isAcknowledged } from './gateFuse.ts';

export const pendingCeiling: GateFuse = ({ family, settings: { pending }, now }) => {
  if (pending === 0 || family.pending(pending) < pending) return null;
  return {
    code: 'pending-limit',
    fuse: 'pending',
    message: `${pending} tasks made by agents wait in this folder already: finish, and leave the rest to them.`,
    reason: `${pending} tasks made by agents wait in this folder. More are refused until some have run.`,
    repeats: isAcknowledged(family.answers('pending'), now),
  };
};
