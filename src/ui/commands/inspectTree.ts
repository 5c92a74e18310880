import type { Trip } from '../../core/fuses/trip.ts';
import type { TaskId } from '../../core/model.ts';
import { withoutIcons } from '../present/plain.ts';
import { clipped, counted } from '../present/words.ts';
import { askPick } from '../prompts/quickInputs.ts';
import { openDocuments } from './openDocument.ts';
import type { CommandRun, Session } from './session.ts';
import type { Target } from './target.ts';

/** Opens who made what in a tree of tasks, when, how deep, and what is left of its budgets. */
export const inspectTree: CommandRun = async (session, target) => {
  const id = await pickTree(session, target, 'Inspect Tree');
  if (id !== undefined) await inspectRoot(session, id, target.keepFocus);
};

/** @throws PodiumError `unknown-task` */
export async function inspectRoot(session: Session, root: TaskId, keepFocus = false): Promise<void> {
  await openDocuments(session, 'tree', [root], keepFocus);
}

/** The root of the tree of the fuse or task that was pressed, or one chosen among those in which agents made tasks. */
export async function pickTree(session: Session, target: Target, title: string): Promise<TaskId | undefined> {
  const { control, messages } = session;
  const [pressed] = target.tasks;
  if (pressed !== undefined) return (await control.task(pressed))?.rootId;
  if (target.trips.length > 0) {
    const trip = (await control.snapshot()).trips.find(({ id }) => target.trips.includes(id));
    if (trip !== undefined) return await rootOfTrip(session, trip, title);
    messages.info('Nothing is stopped by that fuse any more.');
    return undefined;
  }
  const { workspaces } = await session.shown();
  const views = workspaces.flatMap(({ tasks, finished }) => [...tasks, ...finished]);
  const roots = new Set(views.filter(({ isTree }) => isTree).map(({ task }) => task.rootId));
  if (roots.size === 0) messages.info('Agents have made no tasks that are shown.');
  return await askRoot(session, new Map([...roots].map((id) => [id, ''])), title);
}

/**
 * The tree a fuse has blown for. A fuse of a whole folder is about all trees in it with something left to do that an
 * agent has made: the only one, or the one chosen, with the largest first.
 */
export async function rootOfTrip(session: Session, trip: Trip, title: string): Promise<TaskId | undefined> {
  if (trip.rootId !== null) return trip.rootId;
  const made = (await session.control.unfinished(trip.workspaceId)).filter(
    ({ createdBy }) => createdBy === 'agent',
  );
  const trees = [...Map.groupBy(made, ({ rootId }) => rootId)].sort(([, a], [, b]) => b.length - a.length);
  const [only, ...others] = trees;
  if (only === undefined) {
    session.messages.info('Nothing that agents have made is left to do in this folder.');
    return undefined;
  }
  if (others.length === 0) return only[0];
  const sizes = trees.map(([id, tasks]) => [id, `${counted(tasks.length, 'task')} left`] as const);
  return await askRoot(session, new Map(sizes), title);
}

/** @param roots with what is said of each */
async function askRoot(
  { control }: Session,
  roots: ReadonlyMap<TaskId, string>,
  title: string,
): Promise<TaskId | undefined> {
  const tasks = await Promise.all([...roots.keys()].map((id) => control.task(id)));
  const choices = tasks
    .filter((task) => task !== undefined)
    .map((task) => ({
      label: `$(list-tree) ${withoutIcons(clipped(task.title, 120))}`,
      description: roots.get(task.id) ?? '',
      value: task.id,
    }));
  if (choices.length === 0) return undefined;
  const answer = await askPick({ title, placeholder: 'Task whose agents have made tasks', choices });
  return answer.kind === 'answer' ? answer.value : undefined;
}
