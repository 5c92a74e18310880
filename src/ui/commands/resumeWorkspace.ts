import { pickWorkspaces } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Lets a paused workspace go on. */
export const resumeWorkspace: CommandRun = async (session, target) => {
  const ids = await pickWorkspaces(session, target, {
    title: 'Resume Workspace',
    placeholder: 'Workspace to resume',
    offers: ({ workspace }) => workspace.pause !== null,
    none: 'No workspace is paused.',
  });
  if (ids.length > 0) await session.control.resume(ids);
};
