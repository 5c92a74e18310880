/** Gathers what explains the place of a task. */
import type { Snapshot, TaskView } from '../../core/metrics/snapshot.ts';
import type { Instant, TaskId } from '../../core/model.ts';
import { indexOf } from '../present/taskIndex.ts';
import { stateText } from '../present/taskRow.ts';
import type { House } from '../uiHost.ts';
import { whyText } from './whyText.ts';

/** Tasks shown before and after it. */
const around = 2;

/**
 * @param standing why the models of the settings are not asked, or empty
 * @returns the document, or undefined when there is no such task
 */
export async function whyDocument(
  id: TaskId,
  { control }: House,
  now: Instant,
  standing: string,
): Promise<string | undefined> {
  const [task, snapshot, change, decision] = await Promise.all([
    control.task(id),
    control.snapshot(),
    control.lastChange(id),
    control.decision(id),
  ]);
  if (task === undefined) return undefined;
  const home = snapshot.workspaces.find(({ workspace }) => workspace.id === task.workspaceId);
  if (home === undefined) return undefined;
  const view = [...home.tasks, ...home.finished].find((one) => one.task.id === id);
  const titles = new Map<TaskId, string>();
  for (const candidate of decision?.top ?? []) {
    const title = (await control.task(candidate.id))?.title;
    if (title !== undefined) titles.set(candidate.id, title);
  }
  return whyText({
    task,
    view,
    state: view === undefined ? task.status.replace('_', ' ') : stateOf(view, snapshot, now),
    workspace: home.workspace,
    neighbours: neighboursOf(view, home.tasks),
    change,
    decision,
    titles,
    refiner: snapshot.refiner,
    standing,
    now,
  });
}

function stateOf(view: TaskView, snapshot: Snapshot, now: Instant): string {
  const readOnly = snapshot.role.kind === 'reader';
  return stateText(view, { now, index: indexOf(snapshot), readOnly, offers: [] });
}

function neighboursOf(view: TaskView | undefined, tasks: readonly TaskView[]): readonly TaskView[] {
  const place = view?.position ?? null;
  if (place === null) return [];
  return tasks
    .filter(({ position }) => position !== null && Math.abs(position - place) <= around)
    .toSorted((a, b) => (a.position ?? 0) - (b.position ?? 0));
}
