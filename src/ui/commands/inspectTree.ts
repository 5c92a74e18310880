import { withoutIcons } from '../present/plain.ts';
import { clipped } from '../present/words.ts';
import { askPick } from '../prompts/quickInputs.ts';
import type { TaskId } from '../../core/model.ts';
import { openDocuments } from './openDocument.ts';
import type { CommandRun, Session } from './session.ts';
import type { Target } from './target.ts';

/** Opens who made what in a tree of tasks, when, how deep, and what is left of its budgets. */
export const inspectTree: CommandRun = async (session, target) => {
  const id = await pickTree(session, target, 'Inspect Tree');
  if (id !== undefined) await openDocuments(session, 'tree', [id], target.keepFocus);
};

/** The root of the tree of the fuse or task that was pressed, or one chosen among those in which agents made tasks. */
export async function pickTree(session: Session, target: Target, title: string): Promise<TaskId | undefined> {
  const { control, messages } = session;
  const [pressed] = target.tasks;
  if (pressed !== undefined) return (await control.task(pressed))?.rootId;
  const { trips, workspaces } = await session.shown();
  if (target.trips.length > 0) return trips.find(({ id }) => target.trips.includes(id))?.rootId ?? undefined;
  const views = workspaces.flatMap(({ tasks, finished }) => [...tasks, ...finished]);
  const roots = new Set(views.filter(({ isTree }) => isTree).map(({ task }) => task.rootId));
  const tasks = await Promise.all([...roots].map((id) => control.task(id)));
  const choices = tasks
    .filter((task) => task !== undefined)
    .map((task) => ({ label: `$(list-tree) ${withoutIcons(clipped(task.title, 120))}`, value: task.id }));
  if (choices.length === 0) {
    messages.info('Agents have made no tasks that are shown.');
    return undefined;
  }
  const answer = await askPick({ title, placeholder: 'Task whose agents have made tasks', choices });
  return answer.kind === 'answer' ? answer.value : undefined;
}
