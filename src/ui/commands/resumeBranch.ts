import { clipped, counted } from '../present/words.ts';
import { pickTask, writableSnapshot } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Lets what waits of a task and what is under it run, although a fuse holds the tree. */
export const resumeBranch: CommandRun = async (session, target) => {
  const { control, messages } = session;
  await writableSnapshot(session);
  const id = await pickTask(session, target, {
    title: 'Resume Branch',
    placeholder: 'Task that may go on with everything under it',
    ability: 'branchable',
    none: 'Agents have made no tasks that are shown.',
  });
  const task = id === undefined ? undefined : await control.task(id);
  if (task === undefined) return;
  const released = await control.trees.resumeBranch(task.id);
  const { workspaces } = await control.snapshot();
  const home = workspaces.find(({ workspace }) => workspace.id === task.workspaceId);
  messages.info(releaseText(released, clipped(task.title, 60), (home?.workspace.pause ?? null) !== null));
};

function releaseText(released: number, title: string, isPaused: boolean): string {
  if (released > 0)
    return `${counted(released, 'task')} of "${title}" may run${isPaused ? ', but its folder is paused' : ''}.`;
  if (isPaused) return `Nothing of "${title}" is held, but its folder is paused: resume that.`;
  return `No fuse holds anything of "${title}", and nothing of it waits for approval.`;
}
