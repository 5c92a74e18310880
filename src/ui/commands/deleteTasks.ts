import { window } from 'vscode';
import { deletionQuestion } from '../present/deletion.ts';
import { pickTasks, writableIndex } from './pick.ts';
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
  const { message, detail } = deletionQuestion(
    ids,
    await session.control.descendants(ids),
    await writableIndex(session),
  );
  const confirm = 'Delete';
  const answer = await window.showWarningMessage(message, { modal: true, detail }, confirm);
  if (answer === confirm) await session.control.deleteTasks(ids);
};
