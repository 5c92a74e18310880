import { openDocuments } from './openDocument.ts';
import { pickSelectedOrOne } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Opens what a finished task delivered, or why it failed. */
export const showResult: CommandRun = async (session, target) => {
  const ids = await pickSelectedOrOne(session, target, {
    title: 'Show Result',
    placeholder: 'Task whose result to show',
    ability: 'withResult',
    none: 'No task has a result yet.',
  });
  await openDocuments(session, 'result', ids, target.keepFocus);
};
