/** Tasks of one parent that mean the same: an agent has made them twice. */
import type { Task } from '../../core/model.ts';

/** Those that mean the same stand behind the first of them; the order is kept otherwise. */
export function alikeTogether<T>(siblings: readonly T[], taskOf: (sibling: T) => Task): readonly T[] {
  const likeOf = (sibling: T): unknown => {
    const { contextData, id } = taskOf(sibling);
    return contextData.similar_to ?? id;
  };
  return [...Map.groupBy(siblings, likeOf).values()].flat();
}
