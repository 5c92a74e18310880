import { ProgressLocation, window } from 'vscode';
import { PodiumError } from '../../core/errors.ts';
import { counted } from '../present/words.ts';
import { ensureAllowed } from './consent.ts';
import { pickWorkspaces } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Has the model judge every unfinished task of a folder anew; what is left when it is cancelled goes on by itself. */
export const reprioritiseAll: CommandRun = async (session, target) => {
  const { control, messages } = session;
  const { house, settings } = session.host.models;
  if (house.standing.kind === 'none' || settings.scoring === '')
    throw new PodiumError(
      'model-unavailable',
      'No model is chosen to judge tasks, so there is nothing to ask. Scores are up to date. Podium: Choose Model… adds one.',
    );
  if (!(await ensureAllowed(session))) return;
  const ids = await pickWorkspaces(session, target, {
    title: 'Reprioritise All',
    placeholder: 'Folder whose tasks are to be judged anew',
    none: 'No folder is open.',
  });
  for (const id of ids) {
    await window.withProgress(
      { location: ProgressLocation.Notification, title: 'Podium has tasks judged anew', cancellable: true },
      async (progress, token) => {
        const ending = new AbortController();
        token.onCancellationRequested(() => ending.abort());
        let [most, told] = [0, 0];
        await control.judgeAgain(id, ending.signal, (waiting) => {
          most = Math.max(most, waiting);
          const done = most === 0 ? 100 : (100 * (most - waiting)) / most;
          progress.report({ message: `${counted(waiting, 'task')} to go`, increment: done - told });
          told = done;
        });
        if (!ending.signal.aborted) messages.info(`${counted(most, 'task was', 'tasks were')} judged anew.`);
      },
    );
  }
};
