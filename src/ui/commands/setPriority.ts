import { askPick } from '../prompts/quickInputs.ts';
import { priorityChoices } from '../prompts/taskForm.ts';
import { counted } from '../present/words.ts';
import { pickTasks } from './pick.ts';
import { forEachTask } from './session.ts';
import type { CommandRun } from './session.ts';

/** Gives tasks another level; their score and place follow at once. */
export const setPriority: CommandRun = async (session, target) => {
  const ids = await pickTasks(session, target, {
    title: 'Set Priority',
    placeholder: 'Tasks to give another priority',
    ability: 'prioritizable',
    none: 'No task is waiting.',
  });
  const [first] = ids;
  if (first === undefined) return;
  const current = (await session.control.task(first))?.priority;
  const answer = await askPick({
    title: 'Set Priority',
    placeholder: ids.length === 1 ? 'Priority of the task' : `Priority of ${counted(ids.length, 'task')}`,
    choices: priorityChoices(),
    active: (level) => level === current,
  });
  if (answer.kind !== 'answer') return;
  await forEachTask(ids, (id) => session.control.editTask(id, { priority: answer.value }));
};
