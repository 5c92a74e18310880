import { pickTasks } from './pick.ts';
import { forEachTask } from './session.ts';
import type { CommandRun } from './session.ts';

/** Ends running tasks with everything they started, and takes waiting ones out of the queue. */
export const cancel: CommandRun = async (session, target) => {
  const ids = await pickTasks(session, target, {
    title: 'Cancel Tasks',
    placeholder: 'Tasks to cancel',
    ability: 'cancellable',
    none: 'No task is running or waiting.',
  });
  await forEachTask(ids, (id) => session.control.cancel(id));
};
