/** Several tasks in the order in which the tree shows them: a selection comes in any. */
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type { TaskId } from '../../core/model.ts';

export function inOrder(ids: readonly TaskId[], snapshot: Snapshot): readonly TaskId[] {
  const wanted = new Set(ids);
  const shown = snapshot.workspaces.flatMap(({ tasks }) => tasks.map(({ task }) => task.id));
  const known = shown.filter((id) => wanted.delete(id));
  return [...known, ...wanted];
}
