import { QuickPickItemKind } from 'vscode';
import type { AgentId } from '../../core/model.ts';
import type { Counts } from '../../core/ports.ts';
import type { Control } from '../../core/control.ts';
import { askPickMany, askText } from '../prompts/quickInputs.ts';
import type { Choice } from '../prompts/quickInputs.ts';
import { runWizard } from '../prompts/wizard.ts';
import { plainLook, stateNames, states } from '../tree/treeLook.ts';
import type { TreeLook } from '../tree/treeLook.ts';
import type { CommandRun } from './session.ts';

type Filter = TreeLook['filter'];

type Part =
  | { readonly kind: 'state'; readonly state: keyof Counts }
  | { readonly kind: 'agent'; readonly agent: AgentId }
  | { readonly kind: 'line' };

/** Shows only tasks of some states or agents, or with some words; either question may be left empty. */
export const filterTasks: CommandRun = async ({ control, looks }) => {
  const title = 'Filter Tasks';
  const choices = await choicesFor(control);
  const filter = await runWizard<Filter>(
    [
      {
        ask: async (draft, place) => {
          const answer = await askPickMany<Part>({
            title,
            place,
            placeholder: 'Show only these; none means all',
            choices,
            selected: (part) =>
              (part.kind === 'state' && draft.states.includes(part.state)) ||
              (part.kind === 'agent' && draft.agents.includes(part.agent)),
          });
          if (answer.kind !== 'answer') return answer;
          return { kind: 'answer', value: { ...draft, ...partsOf(answer.value) } };
        },
      },
      {
        ask: async (draft, place) => {
          const prompt = 'Words in the title or description; leave empty for any';
          const answer = await askText({ title, place, prompt, value: draft.text });
          if (answer.kind !== 'answer') return answer;
          return { kind: 'answer', value: { ...draft, text: answer.value.trim() } };
        },
      },
    ],
    looks.current.filter,
  );
  if (filter !== undefined) await looks.change({ filter });
};

/** Shows everything again. */
export const clearFilter: CommandRun = async ({ looks }) => {
  await looks.change({ filter: plainLook.filter });
};

async function choicesFor(control: Control): Promise<readonly Choice<Part>[]> {
  const { totals } = await control.snapshot({ unfinished: 0 });
  const line = (label: string): Choice<Part> => ({
    label,
    kind: QuickPickItemKind.Separator,
    value: { kind: 'line' },
  });
  return [
    line('States'),
    ...states.map((state) => ({
      label: stateNames[state],
      description: String(totals[state]),
      value: { kind: 'state' as const, state },
    })),
    line('Agents'),
    ...control.agents().map(({ id, label }) => ({ label, value: { kind: 'agent' as const, agent: id } })),
  ];
}

function partsOf(parts: readonly Part[]): Pick<Filter, 'states' | 'agents'> {
  return {
    states: parts.flatMap((part) => (part.kind === 'state' ? [part.state] : [])),
    agents: parts.flatMap((part) => (part.kind === 'agent' ? [part.agent] : [])),
  };
}
