import { PodiumError } from '../../core/errors.ts';
import type { TaskId } from '../../core/model.ts';
import { changeOf, draftOf, requestOf } from '../prompts/taskDraft.ts';
import type { FormContext } from '../prompts/taskDraft.ts';
import { taskQuestions } from '../prompts/taskForm.ts';
import { runWizard } from '../prompts/wizard.ts';
import { formOf } from './addTask.ts';
import { pickTask, writableSnapshot } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Asks the questions of Add Task again, starting from what the task says now; changes only what was changed. */
export const editTask: CommandRun = async (session, target) => {
  const { control, house } = session;
  const id = await pickTask(session, target, {
    title: 'Edit Task',
    placeholder: 'Task to edit',
    ability: 'editable',
    none: 'No task can be edited: they are running or done.',
  });
  if (id === undefined) return;
  await writableSnapshot(session);
  const task = await control.task(id);
  if (task === undefined) throw new PodiumError('unknown-task', 'This task does not exist any more.');
  if (task.status === 'running')
    throw new PodiumError('task-running', 'A running task cannot be edited. Cancel it first.');
  // Waiting for itself or for its own sub-tasks would never end.
  const own = new Set<TaskId>([id, ...(await control.descendants([id]))]);
  const form: FormContext = {
    ...formOf(session, 'Edit Task'),
    candidates: async (workspaceId) =>
      (await control.unfinished(workspaceId)).filter((other) => !own.has(other.id)),
  };
  const before = draftOf(task, task.input.argv === undefined ? '' : house.formatCommandLine(task.input.argv));
  const after = await runWizard(taskQuestions(form), before);
  if (after === undefined) return;
  const change = changeOf(before, after, requestOf(after, form));
  if (Object.keys(change).length > 0) await control.editTask(id, change);
};
