import { ProgressLocation, window } from 'vscode';
import { broughtText, heldText, nothingText } from '../present/offer.ts';
import { keyOf } from '../tree/nodeKey.ts';
import type { CommandRun } from './session.ts';

/** Brings the tasks that the open folders, or the one pressed on, have in the storage of other windows. */
export const bringTasks: CommandRun = async ({ control, house, messages }, { workspaces }) => {
  const { role } = await control.snapshot();
  if (role.kind === 'reader') {
    messages.info('The tasks can only be read here. Take them over first.', {
      title: 'Take Over',
      command: 'podium.takeOver',
    });
    return;
  }
  const all = await house.elsewhere.all();
  const wanted = workspaces.length === 0 ? all : all.filter((one) => workspaces.includes(one.workspaceId));
  if (wanted.length === 0) {
    messages.info('Every task of the open folders is here already.');
    return;
  }
  for (const offer of wanted) {
    const title = `Podium: bringing the tasks of “${offer.name}”…`;
    const end = await window.withProgress({ location: ProgressLocation.Window, title }, () =>
      house.elsewhere.bring(offer),
    );
    switch (end.kind) {
      case 'brought':
        messages.info(broughtText(offer, end.tasks));
        break;
      case 'owned':
        messages.info(heldText(offer, end.by), {
          title: 'Try Again',
          command: 'podium.bringTasks',
          arguments: [keyOf({ kind: 'elsewhere', id: offer.workspaceId })],
        });
        break;
      case 'nothing':
        messages.info(nothingText(offer));
    }
  }
};
