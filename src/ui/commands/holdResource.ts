import { commands } from 'vscode';
import { isUntilReleased, untilReleased } from '../../core/arbitration/resourceControl.ts';
import type { ResourceView } from '../../core/arbitration/resourceControl.ts';
import { counted, momentText } from '../present/words.ts';
import { askPick } from '../prompts/quickInputs.ts';
import { writableSnapshot } from './pick.ts';
import type { CommandRun, Session } from './session.ts';

const minute = 60_000;

/** Nothing that needs a resource starts for a while; what runs goes on. */
export const holdResource: CommandRun = async (session) => {
  const name = await pickResource(session, 'Hold Resource', () => true, 'No resource is set up.');
  if (name === undefined) return;
  const answer = await askPick({
    title: `Hold ${name}`,
    placeholder: 'For how long',
    choices: [
      { label: '5 minutes', value: 5 * minute },
      { label: '1 hour', value: 60 * minute },
      { label: '1 day', value: 24 * 60 * minute },
      { label: 'Until released', value: untilReleased },
    ],
  });
  if (answer.kind !== 'answer') return;
  const { at } = await writableSnapshot(session);
  await session.control.resources.hold(name, at + answer.value);
};

/** What was held, by a person or because it was called too often, may be used again. */
export const releaseResource: CommandRun = async (session) => {
  const isHeld = ({ heldUntil }: ResourceView): boolean => heldUntil !== null;
  const name = await pickResource(session, 'Release Resource', isHeld, 'No resource is held.');
  if (name !== undefined) await session.control.resources.hold(name, null);
};

/** The setting, where it is edited. */
export const editResources: CommandRun = async () => {
  await commands.executeCommand('workbench.action.openSettings', 'podium.resources');
};

async function pickResource(
  session: Session,
  title: string,
  isOffered: (resource: ResourceView) => boolean,
  nothing: string,
): Promise<string | undefined> {
  const { resources, at } = await writableSnapshot(session);
  const offered = resources.filter(isOffered);
  if (offered.length === 0) {
    session.messages.info(nothing);
    return undefined;
  }
  const choices = offered.map(({ name, level, capacity, waiting, heldUntil }) => ({
    label: name,
    description: [
      `${Math.floor(level)} of ${capacity} left`,
      waiting === 0 ? '' : `${counted(waiting, 'task')} ready`,
      heldUntil === null
        ? ''
        : isUntilReleased(heldUntil, at)
          ? 'held'
          : `held, resumes ${momentText(heldUntil, at)}`,
    ]
      .filter((part) => part !== '')
      .join(' · '),
    value: name,
  }));
  const answer = await askPick({ title, placeholder: 'Resource', choices });
  return answer.kind === 'answer' ? answer.value : undefined;
}
