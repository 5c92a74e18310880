import { window } from 'vscode';
import { counted } from '../present/words.ts';
import { pickWorkspaces, writableSnapshot } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Adds the sample tasks of the folder; a folder without any is offered a copy of the sample project first. */
export const addSampleTasks: CommandRun = async (session, target) => {
  const { control, house, messages } = session;
  await writableSnapshot(session);
  const [id] = await pickWorkspaces(session, target, {
    title: 'Add Sample Tasks',
    placeholder: 'Workspace to add them to',
    none: 'No folder is open.',
  });
  if (id === undefined) return;
  let requests = await house.samples.read(id);
  if (requests.length === 0) {
    const confirm = 'Create Sample';
    const answer = await window.showInformationMessage(
      'Copy a small sample project into this folder?',
      {
        modal: true,
        detail: 'It goes into a new folder of its own; its tasks test, check and count its files.',
      },
      confirm,
    );
    if (answer !== confirm) return;
    requests = await house.samples.create(id);
  }
  const added = await control.addBatch(requests);
  messages.info(`${counted(added.length, 'sample task')} added.`);
};
