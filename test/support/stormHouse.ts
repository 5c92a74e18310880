/** A house in which agents make tasks for agents, and what a test asks of it. */
import type { Trip } from '../../src/core/fuses/trip.ts';
import type { Task } from '../../src/core/model.ts';
import type { Admission } from '../../src/core/ports.ts';
import { completed, pass } from './scriptedAgent.ts';
import type { Script } from './scriptedAgent.ts';
import { openTestDesk } from './testDesk.ts';
import type { TestDesk, TestDeskOptions } from './testDesk.ts';

/** A house in which each run makes `children` sub-tasks, each with a name of its own, and remembers the answers. */
export async function openStorm(
  children: (task: Task) => number,
  options: TestDeskOptions = {},
): Promise<{ readonly house: TestDesk; readonly answers: Admission[] }> {
  const answers: Admission[] = [];
  const script: Script = async (task, run, signal) => {
    for (let index = 0; index < children(task); index += 1)
      answers.push(await run.createSubTask({ title: `${task.title}.${index}` }));
    await pass(house.clock, 1_000, signal);
    return completed;
  };
  const house = await openTestDesk({ ...options, script });
  return { house, answers };
}

export const tripsOf = (house: TestDesk): readonly Trip[] =>
  house.events.flatMap((event) => (event.type === 'tripped' ? [event.trip] : []));
export const fusesOf = (house: TestDesk): readonly string[] => tripsOf(house).map(({ fuse }) => fuse);
/** How long the anti-loop fuse has paused the folder each time, in minutes, as the log has it. */
export const waitsOf = (house: TestDesk): readonly number[] =>
  house.log.lines.flatMap(({ fields }) =>
    fields.fuse === 'anti-loop' ? [Math.round(Number(fields.seconds) / 60)] : [],
  );
export const warnings = (house: TestDesk, pattern: RegExp): number =>
  house.log.lines.filter(({ level, message }) => level === 'warn' && pattern.test(message)).length;
export const refusals = (answers: readonly Admission[]): readonly string[] =>
  answers.flatMap((answer) => (answer.kind === 'refused' ? [answer.code] : []));
