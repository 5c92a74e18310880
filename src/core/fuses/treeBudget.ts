/**
 * So many tasks of one tree. It is carved down the tree: what is under a task may have half of what is under its
 * parent, so that one branch cannot use up what the others need.
 */
import type { GateFuse } from './gateFuse.ts';
import { extended, quoted } from './gateFuse.ts';

export const treeBudget: GateFuse = ({ family, settings }) => {
  const { path } = family;
  const root = path.at(-1);
  const whole = extended(settings.treeTasks, family.answers('tree-tasks').byUser);
  if (whole === 0 || root === undefined) return null;
  for (const [above, task] of path.toReversed().entries()) {
    const limit = shareOf(whole, above);
    if (family.treeSize(task) < limit) continue;
    return {
      code: 'tree-budget',
      fuse: 'tree-tasks',
      message: `The budget of ${limit} tasks for ${quoted(task.title)} is spent: finish or summarise.`,
      reason:
        above === 0
          ? `${quoted(root.title)} has used its budget of ${limit} tasks. More are refused.`
          : `${quoted(task.title)} has used its share of ${limit} tasks of the ${whole} of ${quoted(root.title)}. More are refused.`,
    };
  }
  return null;
};

/** What a task so many levels under the root may have, itself included. @param whole of the tree */
export function shareOf(whole: number, level: number): number {
  return Math.max(1, Math.ceil(whole / 2 ** level));
}
