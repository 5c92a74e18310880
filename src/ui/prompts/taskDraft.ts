/** A task on its way through the form, and the rules the form knows. Pure. */
import type { TaskChange, TaskRequest } from '../../core/control.ts';
import { messageOf } from '../../core/errors.ts';
import { titleLimit } from '../../core/fuses/gate.ts';
import type { AgentId, PriorityLevel, Task, TaskId, WorkspaceId } from '../../core/model.ts';
import type { AgentDescription } from '../../core/ports.ts';
import type { House } from '../uiHost.ts';

/** A task as far as it has been worded. */
export interface TaskDraft {
  readonly workspaceId: WorkspaceId | undefined;
  readonly title: string;
  readonly description: string;
  readonly agentId: AgentId | undefined;
  /** As typed; parsed when the form is done. */
  readonly commandLine: string;
  readonly priority: PriorityLevel;
  readonly needs: readonly TaskId[];
}

export interface FormContext {
  /** Heads every question: `Add Task`. */
  readonly title: string;
  readonly house: Pick<House, 'parseCommandLine'>;
  readonly agents: readonly AgentDescription[];
  readonly workspaces: readonly {
    readonly id: WorkspaceId;
    readonly name: string;
    readonly detail: string;
  }[];
  /** Whether programs may run here. */
  readonly trusted: boolean;
  /** What a task of this workspace may wait for. */
  candidates(workspaceId: WorkspaceId): Promise<readonly Task[]>;
}

export const emptyDraft: TaskDraft = {
  workspaceId: undefined,
  title: '',
  description: '',
  agentId: undefined,
  commandLine: '',
  priority: 'medium',
  needs: [],
};

/** The finished draft as a request. @throws PodiumError `invalid-command` */
export function requestOf(draft: TaskDraft, form: FormContext): Omit<TaskRequest, 'workspaceId'> {
  const { title: text, description: body, priority: level, needs: ids } = draft;
  const agentId = draft.agentId ?? ('' as AgentId);
  const argv = takesCommand(form, draft) ? { argv: form.house.parseCommandLine(draft.commandLine) } : {};
  return { title: text, description: body, agentId, priority: level, needs: ids, ...argv };
}

export function takesCommand(form: FormContext, draft: TaskDraft): boolean {
  return form.agents.find(({ id }) => id === draft.agentId)?.takesCommand === true;
}

export function titleProblem(text: string): string | undefined {
  if (text.trim() === '') return 'A task needs a title.';
  if (text.trim().length <= titleLimit) return undefined;
  return `At most ${titleLimit} characters (now ${text.trim().length}): put the rest into the description.`;
}

export function commandProblem({ house }: FormContext, text: string): string | undefined {
  try {
    return house.parseCommandLine(text).length === 0 ? 'Type the program to run.' : undefined;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

export function oneLine(text: string): string {
  return text.replaceAll(/\r?\n/g, ' ');
}

/** What an existing task says. */
export function draftOf(task: Task, commandLine: string): TaskDraft {
  const { workspaceId, title, description, agentId, priority, needs } = task;
  return { workspaceId, title, description, agentId, commandLine, priority, needs };
}

/** Only what is different afterwards. */
export function changeOf(before: TaskDraft, after: TaskDraft, request: TaskChange): TaskChange {
  const fields = ['title', 'description', 'agentId', 'priority'] as const;
  const changed = fields.filter((field) => before[field] !== after[field]);
  const sameNeeds =
    before.needs.length === after.needs.length && after.needs.every((need) => before.needs.includes(need));
  const sameCommand = before.commandLine === after.commandLine && before.agentId === after.agentId;
  return {
    ...(Object.fromEntries(changed.map((field) => [field, request[field]])) as TaskChange),
    ...(sameNeeds || request.needs === undefined ? {} : { needs: request.needs }),
    ...(sameCommand || request.argv === undefined ? {} : { argv: request.argv }),
  };
}
