import { pickWorkspaces } from './pick.ts';
import type { CommandRun } from './session.ts';

/** The reason recorded with a pause that a person asked for. */
export const pauseReason = 'Paused by you.';

/** Starts nothing more in a workspace; what runs goes on. */
export const pauseWorkspace: CommandRun = async (session, target) => {
  const ids = await pickWorkspaces(session, target, {
    title: 'Pause Workspace',
    placeholder: 'Workspace to pause; what runs goes on',
    offers: ({ workspace }) => workspace.pause === null,
    none: 'Every workspace is paused already.',
  });
  if (ids.length > 0) await session.control.pause(ids, pauseReason);
};
