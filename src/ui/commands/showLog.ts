import { openDocuments } from './openDocument.ts';
import { pickSelectedOrOne } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Opens what the latest run of a task printed; it follows a run that goes on. */
export const showLog: CommandRun = async (session, target) => {
  const ids = await pickSelectedOrOne(session, target, {
    title: 'Show Log',
    placeholder: 'Task whose log to show',
    ability: 'withLog',
    none: 'No task has run yet.',
  });
  await openDocuments(session, 'log', ids, target.keepFocus);
};
