/** Gathers what there is to tell of a tree of tasks. */
import type { Instant, Task, TaskId } from '../../core/model.ts';
import type { House } from '../uiHost.ts';
import { treeText } from './treeText.ts';

/** @returns the document, or undefined when there is no such task */
export async function treeDocument(
  id: TaskId,
  { control }: Pick<House, 'control'>,
  now: Instant,
): Promise<string | undefined> {
  const task = await control.task(id);
  if (task === undefined) return undefined;
  const ids = [task.rootId, ...(await control.descendants([task.rootId]))];
  const tasks: Task[] = [];
  for (const one of ids) {
    const found = await control.task(one);
    if (found !== undefined) tasks.push(found);
  }
  const { trips } = await control.snapshot();
  return treeText({
    tasks,
    trips: trips.filter(
      ({ rootId, workspaceId }) =>
        rootId === task.rootId || (rootId === null && workspaceId === task.workspaceId),
    ),
    standing: await control.trees.standing(id),
    settings: control.fuses.settings,
    now,
  });
}
