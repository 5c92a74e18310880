import { askPick } from '../prompts/quickInputs.ts';
import type { Choice } from '../prompts/quickInputs.ts';
import type { Grouping } from '../tree/treeLook.ts';
import type { CommandRun } from './session.ts';

const choices: readonly Choice<Grouping>[] = [
  { label: 'Parent', description: 'sub-tasks under the task that asked for them', value: 'parent' },
  { label: 'Queue', description: 'all tasks of a folder in the order in which they run', value: 'queue' },
  { label: 'State', description: 'running, needs you, waiting and so on', value: 'state' },
];

/** Chooses how the tree groups the tasks of a folder. */
export const groupTasks: CommandRun = async ({ looks }) => {
  const answer = await askPick({
    title: 'Group Tasks By',
    placeholder: 'How the tasks of a folder are grouped',
    choices,
    active: (grouping) => grouping === looks.current.grouping,
  });
  if (answer.kind === 'answer') await looks.change({ grouping: answer.value });
};
