/**
 * A sub-task is one deeper than its parent, whatever its maker says, and there is a deepest one. An answer says that a
 * person knows: the limit stays.
 */
import type { GateFuse } from './gateFuse.ts';
import { isAcknowledged, quoted } from './gateFuse.ts';

export const delegationDepth: GateFuse = ({ family, settings, now }) => {
  const [parent] = family.path;
  const depth = (parent?.contextData.delegation_depth ?? 0) + 1;
  if (depth <= settings.depth) return null;
  const root = family.path.at(-1)?.title ?? '';
  return {
    code: 'depth-limit',
    fuse: 'depth',
    message: `Sub-tasks may be nested ${settings.depth} levels deep, and this would be level ${depth}: do the work in this task or finish.`,
    reason: `Agents delegate ${quoted(root)} deeper than ${settings.depth} levels. What goes deeper is refused.`,
    repeats: isAcknowledged(family.answers('depth'), now),
  };
};
