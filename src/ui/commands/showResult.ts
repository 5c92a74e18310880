import { openDocument } from './openDocument.ts';
import { pickTask } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Opens what a finished task delivered, or why it failed. */
export const showResult: CommandRun = async (session, target) => {
  const id = await pickTask(session, target, {
    title: 'Show Result',
    placeholder: 'Task whose result to show',
    ability: 'withResult',
    none: 'No task has a result yet.',
  });
  if (id !== undefined) await openDocument(session, 'result', id, target.keepFocus);
};
