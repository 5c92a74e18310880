import { ProgressLocation, Uri, window, workspace } from 'vscode';
import type { CancellationToken } from 'vscode';
import { messageOf, PodiumError } from '../../core/errors.ts';
import type { History } from '../../core/history/history.ts';
import { formatFor } from '../present/exportFormat.ts';
import type { ExportFormat } from '../present/exportFormat.ts';
import { counted } from '../present/words.ts';
import { writeLines } from '../history/writeLines.ts';
import type { CommandRun } from './session.ts';

/** Tasks between two words about how far it is. */
const step = 500;

/** Writes everything that was ever finished and is still known into a file of the person's choice. */
export const exportHistory: CommandRun = async ({ house, messages }) => {
  const [folder] = workspace.workspaceFolders ?? [];
  const target = await window.showSaveDialog({
    title: 'Export History',
    saveLabel: 'Export',
    ...(folder === undefined ? {} : { defaultUri: Uri.joinPath(folder.uri, 'podium-history.csv') }),
    filters: { 'Table for spreadsheets': ['csv'], 'JSON, one task per line': ['jsonl', 'json'] },
  });
  if (target === undefined) return;
  if (target.scheme !== 'file')
    throw new PodiumError('cannot-export', 'History can only be exported to a folder on a disk.');
  const location = ProgressLocation.Notification;
  const title = 'Exporting history';
  await window.withProgress({ location, title, cancellable: true }, async (progress, token) => {
    const abort = aborting(token);
    let count = 0;
    const told = (): void => {
      count += 1;
      if (count % step === 0) progress.report({ message: counted(count, 'task') });
    };
    try {
      const format = formatFor(target.fsPath);
      await writeLines(target.fsPath, linesOf(house.history, format, abort, told), abort);
      messages.info(`${counted(count, 'finished task')} exported to ${target.fsPath}.`);
    } catch (thrown) {
      if (abort.aborted) return;
      if (thrown instanceof PodiumError) throw thrown;
      throw new PodiumError('cannot-export', `The file could not be written: ${messageOf(thrown)}`, {
        cause: thrown,
      });
    }
  });
};

async function* linesOf(
  history: History,
  { head, line }: ExportFormat,
  signal: AbortSignal,
  told: () => void,
): AsyncGenerator<string> {
  if (head !== '') yield head;
  for await (const task of history.all(signal)) {
    yield line(task);
    told();
  }
}

function aborting(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
