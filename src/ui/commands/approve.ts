import { planLimit } from '../../core/fuses/fuseControl.ts';
import { clipped } from '../present/words.ts';
import { askText } from '../prompts/quickInputs.ts';
import { pickTask, pickTasks } from './pick.ts';
import type { CommandRun } from './session.ts';

/** Lets tasks run that agents have made and that wait for a person's word. */
export const approve: CommandRun = async (session, target) => {
  const ids = await pickTasks(session, target, {
    title: 'Approve',
    placeholder: 'Tasks of agents that may run',
    ability: 'approvable',
    none: 'No task waits for your approval.',
  });
  if (ids.length > 0) await session.control.fuses.approve(ids);
};

/** Says before they are made how many tasks an agent may make. */
export const approvePlan: CommandRun = async (session, target) => {
  const { control, messages } = session;
  const id = await pickTask(session, target, {
    title: 'Approve Plan',
    placeholder: 'Task whose agent may make more tasks than the fuses allow',
    ability: 'plannable',
    none: 'No task is unfinished.',
  });
  const task = id === undefined ? undefined : await control.task(id);
  if (task === undefined) return;
  const title = clipped(task.title, 60);
  const answer = await askText({
    title: 'Approve Plan',
    prompt: `How many tasks agents may make in the tree of "${title}", uncounted by the fuses, up to ${planLimit}`,
    value: '50',
    validate: (text) => (countOf(text) === undefined ? `A whole number from 1 to ${planLimit}.` : undefined),
  });
  const count = answer.kind === 'answer' ? countOf(answer.value) : undefined;
  if (count === undefined) return;
  await control.fuses.approvePlan(task.id, count);
  messages.info(`Agents may make ${count} more tasks in the tree of "${title}".`);
};

function countOf(text: string): number | undefined {
  const count = Number(text.trim());
  return Number.isInteger(count) && count >= 1 && count <= planLimit ? count : undefined;
}
