import { window } from 'vscode';
import type { TaskId } from '../../core/model.ts';
import { isFinished } from '../../core/model.ts';
import { clipped, counted } from '../present/words.ts';
import { pickTree } from './inspectTree.ts';
import { pickTask, writableSnapshot } from './pick.ts';
import type { CommandRun, Session } from './session.ts';

/** Ends everything of the tree a task belongs to, and cancels what waits of it. */
export const stopTree: CommandRun = async (session, target) => {
  await writableSnapshot(session);
  const root = await pickTree(session, target, 'Stop Tree');
  if (root !== undefined) await stopRoot(session, root);
};

/** @throws PodiumError `read-only` */
export async function stopRoot(session: Session, root: TaskId): Promise<void> {
  await writableSnapshot(session);
  await endAll(session, root, 'Stop Tree');
}

/** The same for a task and what is under it. */
export const dropBranch: CommandRun = async (session, target) => {
  await writableSnapshot(session);
  const id = await pickTask(session, target, {
    title: 'Drop Branch',
    placeholder: 'Task to cancel with everything under it',
    ability: 'branchable',
    none: 'Agents have made no tasks that are shown.',
  });
  if (id !== undefined) await endAll(session, id, 'Drop Branch');
};

async function endAll(session: Session, id: TaskId, confirm: string): Promise<void> {
  const { control } = session;
  const ids = [id, ...(await control.descendants([id]))];
  const tasks = await Promise.all(ids.map((one) => control.task(one)));
  const open = tasks.filter((task) => task !== undefined).filter(({ status }) => !isFinished(status));
  const title = clipped(tasks[0]?.title ?? '', 60);
  if (open.length === 0) {
    session.messages.info(`Nothing of "${title}" is left to end.`);
    return;
  }
  const running = open.filter(({ status }) => status === 'running').length;
  const answer = await window.showWarningMessage(
    `Cancel ${counted(open.length, 'task')} of "${title}"?`,
    {
      modal: true,
      detail: `${running === 0 ? 'None of them runs.' : `${running} of them ${running === 1 ? 'runs and is' : 'run and are'} ended.`} What is finished stays, and everything can be retried.`,
    },
    confirm,
  );
  if (answer !== confirm) return;
  const cancelled = await control.fuses.cancelTree(id);
  session.messages.info(`${counted(cancelled, 'task was', 'tasks were')} cancelled.`);
}
