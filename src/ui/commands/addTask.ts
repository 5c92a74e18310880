import { window, workspace } from 'vscode';
import type { WorkspaceId } from '../../core/model.ts';
import { emptyDraft, requestOf } from '../prompts/taskDraft.ts';
import type { FormContext, TaskDraft } from '../prompts/taskDraft.ts';
import { taskQuestions } from '../prompts/taskForm.ts';
import { runWizard } from '../prompts/wizard.ts';
import { writableSnapshot } from './pick.ts';
import type { CommandRun, Session } from './session.ts';

/** Asks for everything, then adds the task; Escape at any question leaves nothing behind. */
export const addTask: CommandRun = async (session, target) => {
  await askForTask(session, { workspaceId: target.workspaces[0] });
};

/**
 * @param start answers to begin with; with a workspace there is no question which one
 * @throws PodiumError when the task is refused
 */
export async function askForTask(session: Session, start: Partial<TaskDraft>): Promise<void> {
  const { control, house } = session;
  const snapshot = await writableSnapshot(session);
  const workspaces = snapshot.workspaces.map(({ workspace: { id, name, uri } }) => ({
    id,
    name,
    detail: house.folderOf(id)?.fsPath ?? uri,
  }));
  const chosen = start.workspaceId ?? (workspaces.length === 1 ? workspaces[0]?.id : undefined);
  const form: FormContext = {
    ...formOf(session, 'Add Task'),
    workspaces: start.workspaceId === undefined ? workspaces : [],
  };
  const draft = await runWizard(taskQuestions(form), {
    ...emptyDraft,
    agentId: control.agents()[0]?.id,
    ...start,
    workspaceId: chosen ?? workspaceOfEditor(session),
  });
  if (draft?.workspaceId === undefined) return;
  await control.addTask({ ...requestOf(draft, form), workspaceId: draft.workspaceId });
}

/** What the questions about a task need besides the workspaces to choose from. */
export function formOf({ control, house }: Session, title: string): FormContext {
  return {
    title,
    house,
    agents: control.agents(),
    workspaces: [],
    trusted: workspace.isTrusted,
    candidates: (id) => control.unfinished(id),
  };
}

function workspaceOfEditor({ house }: Session): WorkspaceId | undefined {
  const uri = window.activeTextEditor?.document.uri;
  return uri === undefined ? undefined : house.workspaceOf(uri);
}
