import { window } from 'vscode';
import type { CommandRun } from './session.ts';

/** Moves the tasks from the window that holds them to this one, after a confirmation. */
export const takeOver: CommandRun = async ({ control, messages }) => {
  const { role } = await control.snapshot();
  if (role.kind === 'owner') {
    messages.info('The tasks already belong to this window.');
    return;
  }
  const confirm = 'Take Over';
  const answer = await window.showWarningMessage(
    `The tasks belong to ${role.ownedBy}. Take them over?`,
    {
      modal: true,
      detail:
        'The other window becomes read-only. Its running tasks are ended here; those that may run twice start again, the others wait for your word.',
    },
    confirm,
  );
  if (answer === confirm) await control.takeOver();
};
