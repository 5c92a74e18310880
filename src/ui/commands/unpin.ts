import { pickTasks } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Lets tasks take their place by score again. */
export const unpin: CommandRun = async (session, target) => {
  const ids = await pickTasks(session, target, {
    title: 'Unpin',
    placeholder: 'Tasks to be ordered by their score again',
    ability: 'unpinnable',
    none: 'No task is pinned.',
  });
  if (ids.length > 0) await session.control.unpin(ids);
};
