import { counted } from '../present/words.ts';
import { finishedCount } from '../present/workspaceRow.ts';
import { pickWorkspaces } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Removes the finished trees of a workspace that nothing unfinished depends on. */
export const clearFinished: CommandRun = async (session, target) => {
  const ids = await pickWorkspaces(session, target, {
    title: 'Clear Finished',
    placeholder: 'Workspace to clear',
    offers: ({ counts }) => finishedCount(counts) > 0,
    none: 'No task is finished.',
  });
  let cleared = 0;
  for (const id of ids) cleared += await session.control.clearFinished(id);
  if (ids.length > 0 && cleared === 0) {
    session.messages.info('Nothing was cleared: unfinished tasks still depend on the finished ones.');
  } else if (cleared > 0) {
    session.messages.info(`${counted(cleared, 'finished task')} cleared.`);
  }
};
