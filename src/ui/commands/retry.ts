import { pickTasks } from './pick.ts';
import { forEachTask } from './session.ts';
import type { CommandRun } from './session.ts';

/** Runs failed, cancelled or asking tasks again. */
export const retry: CommandRun = async (session, target) => {
  const ids = await pickTasks(session, target, {
    title: 'Retry',
    placeholder: 'Tasks to run again',
    ability: 'retryable',
    none: 'No task has failed, was cancelled or asks for you.',
  });
  await forEachTask(ids, (id) => session.control.retry(id));
};
