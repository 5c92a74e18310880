import { window } from 'vscode';
import { deletionQuestion } from '../present/deletion.ts';
import { indexOf } from '../present/taskIndex.ts';
import { pickTasks, writableSnapshot } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Deletes after a confirmation that names what goes with it. */
export const deleteTasks: CommandRun = async (session, target) => {
  const ids = await pickTasks(session, target, {
    title: 'Delete Tasks',
    placeholder: 'Tasks to delete, with their sub-tasks',
    ability: 'deletable',
    none: 'There is no task to delete. Running ones are cancelled first.',
  });
  if (ids.length === 0) return;
  const { message, detail } = deletionQuestion(ids, indexOf(await writableSnapshot(session)));
  const confirm = 'Delete';
  const answer = await window.showWarningMessage(message, { modal: true, detail }, confirm);
  if (answer === confirm) await session.control.deleteTasks(ids);
};
