import { openDocuments } from './openDocument.ts';
import { pickSelectedOrOne } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Opens why a task is where it is: its score taken apart, its neighbours, and why it last ran. */
export const whyThisOrder: CommandRun = async (session, target) => {
  const ids = await pickSelectedOrOne(session, target, {
    title: 'Why This Order?',
    placeholder: 'Task whose place to explain',
    ability: 'explainable',
    none: 'There are no tasks.',
  });
  await openDocuments(session, 'why', ids, target.keepFocus);
};
