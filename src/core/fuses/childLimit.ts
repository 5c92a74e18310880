/** So many sub-tasks of one task. */
import type { GateFuse } from './gateFuse.ts';
import { extended, quoted } from './gateFuse.ts';

export const childLimit: GateFuse = ({ family, settings }) => {
  const limit = extended(settings.children, family.answers('children').byUser);
  const [parent] = family.path;
  if (limit === 0 || parent === undefined || family.children() < limit) return null;
  return {
    code: 'child-limit',
    fuse: 'children',
    message: `${quoted(parent.title)} has its ${limit} sub-tasks: finish with those, or put the rest into one of them.`,
    reason: `${quoted(parent.title)} wants more than ${limit} sub-tasks. More are refused.`,
  };
};
