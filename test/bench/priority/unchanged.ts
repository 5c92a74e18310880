/** Whether a judgement stays when only what is arithmetic changes: who waits for a task, and how old it is. */
import type { TaskId } from '../../../src/core/model.ts';
import type { Meanings } from '../../../src/core/priority/meanings.ts';
import { priorityTrace } from '../priorityTrace.ts';
import { House } from './house.ts';
import { SimulatedModel } from './simulatedModel.ts';
import { truthsOf } from './truths.ts';

export interface Unchanged {
  readonly 'judgements tried': number;
  readonly 'judgements changed': number;
  readonly 'tasks sent': number;
}

const count = 100;
const age = 20;
const hour = 3_600_000;

/** Judges tasks, then gives each ten dependents, then adds each once more as an old task that five wait for. */
export async function unchanged(seed: number, meanings: () => Meanings): Promise<Unchanged> {
  const trace = priorityTrace(seed);
  let model: SimulatedModel | undefined;
  await using house = await House.open({
    seed,
    goal: trace.goal.en,
    meanings,
    model: (clock) => (model = new SimulatedModel({ clock, seed, truths: truthsOf(trace) })),
    durationOf: () => 1_000,
  });
  await house.occupy();
  const texts = trace.tasks.slice(0, count).map(({ text }) => text);
  const ids: TaskId[] = [];
  for (const text of texts) ids.push(await house.add(text));
  await house.untilJudged(hour);
  const before = await Promise.all(ids.map((id) => house.desk.task(id)));
  const sent = model?.tasksSent ?? NaN;
  for (const id of ids) await house.block(id, 10);
  await house.clock.advance(10_000);
  const twins: TaskId[] = [];
  for (const text of texts) twins.push(await house.add(text, { ageDays: age, dependents: 5 }));
  await house.clock.advance(60_000);
  let changed = 0;
  for (const [place, task] of before.entries()) {
    const now = await house.desk.task(ids[place] ?? ('' as TaskId));
    const twin = await house.desk.task(twins[place] ?? ('' as TaskId));
    if ((now?.scoreParts.unblocking ?? 0) === 0 || (twin?.scoreParts.age ?? 0) === 0)
      throw new Error('The facts did not change.');
    if (now?.judgement?.version !== task?.judgement?.version) changed += 1;
    if (twin?.judgement?.value !== task?.judgement?.value) changed += 1;
  }
  return {
    'judgements tried': 2 * count,
    'judgements changed': changed,
    'tasks sent': (model?.tasksSent ?? NaN) - sent,
  };
}
