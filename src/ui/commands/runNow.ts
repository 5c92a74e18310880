import { pickTasks } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Moves tasks to the front; they take the next free workers. */
export const runNow: CommandRun = async (session, target) => {
  const ids = await pickTasks(session, target, {
    title: 'Run Now',
    placeholder: 'Tasks to move to the front',
    ability: 'runnable',
    none: 'No task is waiting.',
  });
  // One after the other: the first chosen stays the first in line.
  for (const id of ids.toReversed()) await session.control.runNow(id);
};
