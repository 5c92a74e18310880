import { openDocument } from './openDocument.ts';
import { pickTask } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Opens what the latest run of a task printed; it follows a run that goes on. */
export const showLog: CommandRun = async (session, target) => {
  const id = await pickTask(session, target, {
    title: 'Show Log',
    placeholder: 'Task whose log to show',
    ability: 'withLog',
    none: 'No task has run yet.',
  });
  if (id !== undefined) await openDocument(session, 'log', id, target.keepFocus);
};
