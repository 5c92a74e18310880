/** The questions of Add Task and Edit Task. They change a draft and nothing else. */
import { descriptionLimit } from '../../core/fuses/gate.ts';
import { priorityLevels } from '../../core/model.ts';
import type { AgentId, PriorityLevel } from '../../core/model.ts';
import { levelValue } from '../../core/priority/judgement.ts';
import { withoutIcons } from '../present/plain.ts';
import { clipped } from '../present/words.ts';
import { askPick, askPickMany, askText } from './quickInputs.ts';
import type { Choice } from './quickInputs.ts';
import { commandProblem, oneLine, takesCommand, titleProblem } from './taskDraft.ts';
import type { FormContext, TaskDraft } from './taskDraft.ts';
import type { Answer, Question } from './wizard.ts';

export function taskQuestions(form: FormContext): readonly Question<TaskDraft>[] {
  return [
    workspace(form),
    title(form),
    description(form),
    agent(form),
    command(form),
    priority(form),
    needs(form),
  ];
}

function workspace(form: FormContext): Question<TaskDraft> {
  const [only, ...others] = form.workspaces;
  const choices = form.workspaces.map(({ id, name, detail }) => ({
    label: withoutIcons(name),
    description: detail,
    value: id,
  }));
  return {
    applies: () => only !== undefined && others.length > 0,
    ask: async (draft, place) =>
      keep(
        await askPick({
          title: form.title,
          place,
          placeholder: 'Workspace of the task',
          choices,
          active: (id) => id === draft.workspaceId,
        }),
        (workspaceId) => ({ ...draft, workspaceId }),
      ),
  };
}

function title(form: FormContext): Question<TaskDraft> {
  return {
    ask: async (draft, place) =>
      keep(
        await askText({
          title: form.title,
          place,
          prompt: 'Title: what should be done',
          placeholder: 'Fix the failing login test',
          value: draft.title,
          validate: titleProblem,
        }),
        (text) => ({ ...draft, title: text }),
      ),
  };
}

function description(form: FormContext): Question<TaskDraft> {
  return {
    ask: async (draft, place) =>
      keep(
        await askText({
          title: form.title,
          place,
          prompt: descriptionPrompt(draft.description),
          // The box has one line: what it cannot show stays as it is unless something else is typed.
          value: oneLine(draft.description),
          validate: (text) =>
            text.length > descriptionLimit
              ? `At most ${descriptionLimit} characters: put it into a file and name the file.`
              : undefined,
        }),
        (text) => ({ ...draft, description: text === oneLine(draft.description) ? draft.description : text }),
      ),
  };
}

function descriptionPrompt(text: string): string {
  const question = 'Description: everything the agent should know.';
  if (text === '') return `${question} Enter leaves it empty.`;
  if (text.includes('\n')) return `${question} Enter keeps it with its lines, shown here as one.`;
  return `${question} Enter keeps it.`;
}

function agent(form: FormContext): Question<TaskDraft> {
  const choices = form.agents.map(({ id, label, detail, simulated, needsTrust }): Choice<AgentId> => {
    const notes = [
      id.toLowerCase() === label.toLowerCase() ? '' : id,
      simulated ? 'simulated' : '',
      needsTrust && !form.trusted ? 'waits until the folder is trusted' : '',
    ].filter((note) => note !== '');
    return {
      label: withoutIcons(label),
      description: notes.join(' · '),
      detail: withoutIcons(detail),
      value: id,
    };
  });
  return {
    ask: async (draft, place) =>
      keep(
        await askPick({
          title: form.title,
          place,
          placeholder: 'Agent that does the work',
          choices,
          active: (id) => id === draft.agentId,
        }),
        (agentId) => ({ ...draft, agentId }),
      ),
  };
}

function command(form: FormContext): Question<TaskDraft> {
  return {
    applies: (draft) => takesCommand(form, draft),
    ask: async (draft, place) =>
      keep(
        await askText({
          title: form.title,
          place,
          prompt: 'Command line: program and arguments, run in the workspace folder without a shell',
          placeholder: 'npm test',
          value: draft.commandLine,
          validate: (text) => commandProblem(form, text),
        }),
        (commandLine) => ({ ...draft, commandLine }),
      ),
  };
}

function priority(form: FormContext): Question<TaskDraft> {
  return {
    ask: async (draft, place) =>
      keep(
        await askPick({
          title: form.title,
          place,
          placeholder: 'Priority',
          choices: priorityChoices(),
          active: (level) => level === draft.priority,
        }),
        (level) => ({ ...draft, priority: level }),
      ),
  };
}

function needs(form: FormContext): Question<TaskDraft> {
  return {
    ask: async (draft, place) => {
      const tasks = draft.workspaceId === undefined ? [] : await form.candidates(draft.workspaceId);
      const choices = tasks.map((task) => ({
        label: withoutIcons(clipped(task.title, 120)),
        description: task.status === 'needs_input' ? 'needs input' : task.status,
        value: task.id,
      }));
      const answer = await askPickMany({
        title: form.title,
        place,
        placeholder:
          tasks.length === 0
            ? 'No other task to wait for. Press Enter.'
            : 'Depends on: tasks to wait for. Enter without a tick for none.',
        choices,
        selected: (id) => draft.needs.includes(id),
      });
      // Prerequisites that are not offered any more, such as completed ones, are kept as they are.
      const offered = new Set(tasks.map(({ id }) => id));
      const hidden = draft.needs.filter((id) => !offered.has(id));
      return keep(answer, (ids) => ({ ...draft, needs: [...hidden, ...ids] }));
    },
  };
}

export function priorityChoices(): readonly Choice<PriorityLevel>[] {
  return priorityLevels.map((level) => ({
    label: level.charAt(0).toUpperCase() + level.slice(1),
    description: `${levelValue[level]} points`,
    value: level,
  }));
}

function keep<T>(answer: Answer<T>, into: (value: T) => TaskDraft): Answer<TaskDraft> {
  return answer.kind === 'answer' ? { kind: 'answer', value: into(answer.value) } : answer;
}
