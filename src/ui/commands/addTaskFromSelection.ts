import { FileType, Uri, window, workspace } from 'vscode';
import type { TextEditor } from 'vscode';
import type { WorkspaceId } from '../../core/model.ts';
import { draftOfSelection } from '../prompts/selectionDraft.ts';
import type { Selected, SelectedPart } from '../prompts/selectionDraft.ts';
import type { House } from '../uiHost.ts';
import { askForTask } from './addTask.ts';
import type { CommandRun } from './session.ts';

/** Add Task that starts from what is selected in the editor, or from the files chosen in the explorer. */
export const addTaskFromSelection: CommandRun = async (session, _target, args) => {
  const { house, messages } = session;
  const chosen = chosenFiles(args);
  const editor = window.activeTextEditor;
  const resource = chosen[0] ?? editor?.document.uri;
  if (resource === undefined) {
    messages.info('Select text in an editor, or files in the explorer, to add a task about them.');
    return;
  }
  const workspaceId = house.workspaceOf(resource);
  const selected: Selected =
    chosen.length === 0 && editor !== undefined
      ? { kind: 'text', reference: referenceTo(house, resource, workspaceId), parts: partsOf(editor) }
      : { kind: 'files', references: await Promise.all(chosen.map((uri) => fileReference(uri))) };
  await askForTask(session, { ...draftOfSelection(selected), workspaceId });

  async function fileReference(uri: Uri): Promise<string> {
    return `${referenceTo(house, uri, workspaceId)}${(await isFolder(uri)) ? '/' : ''}`;
  }
};

/**
 * The explorer says which row was clicked and which are selected; the editor's menu only names its document, which is
 * no choice of a file, and the palette says nothing.
 */
function chosenFiles([clicked, marked]: readonly unknown[]): readonly Uri[] {
  if (!(clicked instanceof Uri)) return [];
  const selection = Array.isArray(marked) ? marked.filter((each) => each instanceof Uri) : undefined;
  if (selection === undefined) {
    return clicked.toString() === window.activeTextEditor?.document.uri.toString() ? [] : [clicked];
  }
  return selection.some((each) => each.toString() === clicked.toString()) ? selection : [clicked];
}

/** What is selected, top to bottom; nothing when there are only cursors. */
function partsOf({ document, selections }: TextEditor): readonly SelectedPart[] {
  return selections
    .filter(({ isEmpty }) => !isEmpty)
    .toSorted((a, b) => a.start.compareTo(b.start))
    .map((selection) => {
      const { start, end } = selection;
      // Whole lines are selected up to the start of the next one, which is not meant.
      const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
      return { from: start.line + 1, to: last + 1, text: document.getText(selection) };
    });
}

/** Relative to the folder the task runs in, where the agent can follow it; elsewhere the whole path. */
function referenceTo(house: House, uri: Uri, home: WorkspaceId | undefined): string {
  if (uri.scheme === 'untitled') return `the unsaved document ${uri.path}`;
  if (home !== undefined && house.workspaceOf(uri) === home) {
    const path = workspace.asRelativePath(uri, false);
    if (path !== uri.fsPath) return path;
    return '.';
  }
  return uri.scheme === 'file' ? uri.fsPath : uri.toString(true);
}

async function isFolder(uri: Uri): Promise<boolean> {
  try {
    return ((await workspace.fs.stat(uri)).type & FileType.Directory) !== 0;
  } catch {
    return false; // it has just been deleted: a reference without a slash is as good
  }
}
