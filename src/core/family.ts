/** Who belongs to whom among the tasks. */
import type { TaskId } from './model.ts';
import type { Store } from './ports.ts';

/** All sub-tasks of `ids`, however deep, finished or not, without `ids` themselves. */
export async function descendantsOf(
  store: Pick<Store, 'children'>,
  ids: readonly TaskId[],
): Promise<readonly TaskId[]> {
  // What is added to a set while it is walked is walked too.
  const family = new Set(ids);
  for (const id of family) for (const child of await store.children(id)) family.add(child.id);
  for (const id of ids) family.delete(id);
  return [...family];
}
