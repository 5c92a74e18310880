import { pickTasks } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Moves tasks one place in the order in which they would run; what is above that place is pinned with them. */
function shift(step: -1 | 1, title: string): CommandRun {
  return async (session, target) => {
    const ids = await pickTasks(session, target, {
      title,
      placeholder: 'Tasks to move in the queue',
      ability: 'movable',
      none: 'No task is in the queue.',
    });
    if (ids.length > 0) await session.control.moveBy(ids, step);
  };
}

export const moveUp = shift(-1, 'Move Up');
export const moveDown = shift(1, 'Move Down');
