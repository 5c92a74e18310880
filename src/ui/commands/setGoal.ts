import { askText } from '../prompts/quickInputs.ts';
import { pickWorkspaces, writableSnapshot } from './pick.ts';
import type { CommandRun } from './session.ts';

const goalLimit = 1_000;

/** Tells what a workspace is working towards; tasks close to it are worth more. */
export const setGoal: CommandRun = async (session, target) => {
  const snapshot = await writableSnapshot(session);
  const [id] = await pickWorkspaces(session, target, {
    title: 'Set Goal',
    placeholder: 'Workspace to give a goal',
    none: 'No folder is open.',
  });
  const chosen = snapshot.workspaces.find(({ workspace }) => workspace.id === id)?.workspace;
  if (chosen === undefined) return;
  const answer = await askText({
    title: `Set Goal: ${chosen.name}`,
    prompt: 'What matters most right now. Tasks that share its words gain up to 150 points; empty for none.',
    placeholder: 'Ship the login page',
    value: chosen.goal,
    validate: (text) => (text.length > goalLimit ? `At most ${goalLimit} characters.` : undefined),
  });
  if (answer.kind === 'answer') await session.control.setGoal(chosen.id, answer.value);
};
