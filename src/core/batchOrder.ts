/** A list of tasks that name each other: keys become ids. Pure. */
import type { BatchRequest } from './control.ts';
import { PodiumError } from './errors.ts';
import type { TaskId } from './model.ts';

/**
 * @param ids of the requests, in their order
 * @throws PodiumError `unknown-dependency` for a key that is not defined earlier in the list
 */
export function withIds(
  requests: readonly BatchRequest[],
  ids: readonly TaskId[],
): readonly (Omit<BatchRequest, 'needs'> & { readonly needs: readonly TaskId[] })[] {
  const known = new Map<string, TaskId>();
  return requests.map((request, index) => {
    const needs = (request.needs ?? []).map((key) => {
      const id = known.get(key);
      if (id !== undefined) return id;
      const message = `"${request.title}" depends on "${key}", which is not defined before it.`;
      throw new PodiumError('unknown-dependency', message);
    });
    const id = ids[index];
    if (id !== undefined) known.set(request.key, id);
    return { ...request, needs };
  });
}
