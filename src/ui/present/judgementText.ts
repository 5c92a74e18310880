/** What a model thinks of a task, in a sentence. */
import type { Instant, Task } from '../../core/model.ts';
import type { Judgement } from '../../core/priority/judgement.ts';
import { clipped, durationText } from './words.ts';

/** Of a value from 0 to 1000, the words the model was given for it. */
const bands: readonly (readonly [number, string])[] = [
  [900, 'vital'],
  [700, 'moves the goal forward'],
  [400, 'useful'],
  [100, 'nice to have'],
  [0, 'no value now'],
];

export function bandOf(value: number): string {
  return bands.find(([least]) => value >= least)?.[1] ?? '';
}

/** Where the value comes from: who gave it, when, why, and what holds it back. */
export function judgementText(task: Pick<Task, 'judgement' | 'priority'>, now: Instant): string {
  const { judgement, priority } = task;
  if (judgement === null) return `provisional: the ${priority} priority you chose, no model has judged it`;
  const { reason } = judgement;
  const given = `${givenText(judgement)}, ${durationText(Math.max(0, now - judgement.at))} ago`;
  const same = judgement.source === 'cache' ? ', for a task that means the same' : '';
  const held = heldText(judgement);
  const level = priority === 'medium' ? '' : `; your ${priority} priority moves it by 200`;
  const why = reason === '' ? '' : `: “${clipped(reason, 200)}”`;
  return `${given}${same}${held}${level}${why}`;
}

function givenText({ model, source, value, said }: Judgement): string {
  switch (source) {
    case 'default':
      return `${model} gave no number, so ${value} stands in`;
    case 'outlier':
      return `${model} gave a number that is not between 0 and 1000, so ${value} stands in`;
    default:
      return `${model} gave ${said} of 1000 (${bandOf(said)})`;
  }
}

function heldText({ value, said, speaks, source }: Judgement): string {
  if (value >= said || source === 'outlier') return '';
  return speaks
    ? `; held at ${value}, because its text speaks to whoever judges it`
    : `; held at ${value} until a second opinion agrees`;
}
