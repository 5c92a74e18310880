import { counted } from '../present/words.ts';
import { askPick, askText } from '../prompts/quickInputs.ts';
import type { Choice } from '../prompts/quickInputs.ts';
import { pickTasks } from './pick.ts';
import { forEachTask } from './session.ts';
import type { CommandRun } from './session.ts';

/** Most points either way. */
const limit = 1_000;

type Wish = { readonly kind: 'add'; readonly points: number } | { readonly kind: 'none' | 'other' };

const choices: readonly Choice<Wish>[] = [
  { label: '$(arrow-up) 100 points more', value: { kind: 'add', points: 100 } },
  { label: '$(arrow-up) 250 points more', value: { kind: 'add', points: 250 } },
  { label: '$(arrow-down) 100 points less', value: { kind: 'add', points: -100 } },
  { label: '$(circle-slash) No boost', value: { kind: 'none' } },
  { label: '$(edit) Other…', value: { kind: 'other' } },
];

/** Adds points to the scores of tasks, or takes them away; the model's judgement stays as it is. */
export const boost: CommandRun = async (session, target) => {
  const { control } = session;
  const ids = await pickTasks(session, target, {
    title: 'Boost',
    placeholder: 'Tasks to move in the order',
    ability: 'prioritizable',
    none: 'No task is waiting.',
  });
  const [first] = ids;
  if (first === undefined) return;
  const boostOf = async (id: typeof first): Promise<number> =>
    (await control.task(id))?.scoreParts.boost ?? 0;
  const what =
    ids.length === 1 ? `the task, which has ${await boostOf(first)} now` : counted(ids.length, 'task');
  const answer = await askPick({ title: 'Boost', placeholder: `Points for ${what}`, choices });
  if (answer.kind !== 'answer') return;
  const wish = answer.value.kind === 'other' ? await askPoints() : answer.value;
  if (wish === undefined) return;
  await forEachTask(ids, async (id) => {
    const points = wish.kind === 'add' ? wish.points : -(await boostOf(id));
    if (points !== 0) await control.boost([id], points);
  });
};

async function askPoints(): Promise<Wish | undefined> {
  const answer = await askText({
    title: 'Boost',
    prompt: `Points to add, from -${limit} to ${limit}`,
    value: '100',
    validate: (text) =>
      pointsOf(text) === undefined ? `A whole number from -${limit} to ${limit}.` : undefined,
  });
  const points = answer.kind === 'answer' ? pointsOf(answer.value) : undefined;
  return points === undefined ? undefined : { kind: 'add', points };
}

function pointsOf(text: string): number | undefined {
  const points = Number(text.trim());
  return text.trim() !== '' && Number.isInteger(points) && Math.abs(points) <= limit ? points : undefined;
}
