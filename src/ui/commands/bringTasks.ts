import { ProgressLocation, window } from 'vscode';
import { broughtText, heldText } from '../present/offer.ts';
import type { FolderOffer } from '../uiHost.ts';
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
    const bring = async (): Promise<string> => await brought(offer);
    messages.info(await window.withProgress({ location: ProgressLocation.Window, title }, bring));
  }

  async function brought(offer: FolderOffer): Promise<string> {
    const end = await house.elsewhere.bring(offer);
    switch (end.kind) {
      case 'brought':
        return broughtText(offer, end.tasks);
      case 'owned':
        return heldText(offer, end.by);
      case 'nothing':
        return `There is nothing left to bring for “${offer.name}”.`;
    }
  }
};
