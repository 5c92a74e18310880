import { pickTasks } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Puts tasks behind those that are pinned already; they run before all others, in the order they are shown in. */
export const pin: CommandRun = async (session, target) => {
  const ids = await pickTasks(session, target, {
    title: 'Pin',
    placeholder: 'Tasks to run before all others',
    ability: 'pinnable',
    none: 'No task is waiting that is not pinned.',
  });
  if (ids.length > 0) await session.control.pin(ids);
};
