import { openDocuments } from './openDocument.ts';
import { pickTask } from './pick.ts';
import type { CommandRun, Session } from './session.ts';
import type { Target } from './target.ts';
import type { TaskId } from '../../core/model.ts';

/** Opens who made what in a tree of tasks, when, how deep, and what is left of its budgets. */
export const inspectTree: CommandRun = async (session, target) => {
  const id = await pickTree(session, target, 'Inspect Tree');
  if (id !== undefined) await openDocuments(session, 'tree', [id], target.keepFocus);
};

/** The root of the fuse that was pressed, or the task, or one chosen among those in trees. */
export async function pickTree(session: Session, target: Target, title: string): Promise<TaskId | undefined> {
  if (target.trips.length > 0) {
    const { trips } = await session.control.snapshot();
    return trips.find(({ id }) => target.trips.includes(id))?.rootId ?? undefined;
  }
  return await pickTask(session, target, {
    title,
    placeholder: 'Task made by an agent, or whose agent has made tasks',
    ability: 'inTree',
    none: 'Agents have made no tasks that are shown.',
  });
}
