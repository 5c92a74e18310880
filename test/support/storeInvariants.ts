/** What must hold in any state of a store, worked out the slow way from its tasks. */
import { dependentsBound } from '../../src/core/priority/score.ts';
import type { Counts, Store } from '../../src/core/ports.ts';
import type { Task, TaskId } from '../../src/core/model.ts';
import { isFinished } from '../../src/core/model.ts';
import { allTasks } from './storeHarness.ts';

/** Sentences about what does not hold; empty when all does. Scores are compared only after a pass. */
export async function violationsOf(store: Store): Promise<readonly string[]> {
  const tasks = await allTasks(store);
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const wrong: string[] = [];
  for (const task of tasks) {
    const needs = task.needs.map((id) => byId.get(id));
    if (needs.includes(undefined)) wrong.push(`${task.id} waits for a task that is not there`);
    const unmet = needs.filter((need) => need?.status !== 'completed').length;
    const broken = needs.filter((need) => need?.status === 'failed' || need?.status === 'cancelled').length;
    if (task.unmet !== unmet) wrong.push(`${task.id} has unmet ${task.unmet}, not ${unmet}`);
    if (task.broken !== broken) wrong.push(`${task.id} has broken ${task.broken}, not ${broken}`);
    if ((task.finishedAt !== null) !== isFinished(task.status)) wrong.push(`${task.id} is finished by half`);
    if ((task.lease !== null) !== (task.status === 'running')) wrong.push(`${task.id} has a lease by half`);
    wrong.push(...orderViolations(task, byId));
    if (task.parentId !== null && !byId.has(task.parentId)) wrong.push(`${task.id} lost its parent`);
  }
  const { workspaces } = await store.picture(0, 0);
  for (const { workspace, counts } of workspaces) {
    const counted = countsOf(tasks.filter(({ workspaceId }) => workspaceId === workspace.id));
    if (JSON.stringify(counts) !== JSON.stringify(counted))
      wrong.push(`${workspace.id} counts ${JSON.stringify(counts)}, not ${JSON.stringify(counted)}`);
  }
  return wrong;
}

/** Pins are for the unfinished; what a pinned task waits for is pinned before it. The score is the sum of its parts. */
function orderViolations(task: Task, byId: ReadonlyMap<TaskId, Task>): string[] {
  const wrong: string[] = [];
  const sum = Object.values(task.scoreParts).reduce<number>((total, points: number) => total + points, 0);
  if (sum !== task.score) wrong.push(`${task.id} has score ${task.score}, not ${sum}`);
  if (task.pin === null) return wrong;
  if (isFinished(task.status)) wrong.push(`${task.id} is finished and pinned`);
  for (const other of byId.values()) {
    if (other.workspaceId !== task.workspaceId) continue;
    if (other.id !== task.id && other.pin === task.pin) wrong.push(`${task.id} has the place of ${other.id}`);
    if (!task.needs.includes(other.id) || isFinished(other.status)) continue;
    if ((other.pin ?? Infinity) >= task.pin)
      wrong.push(`${task.id} is pinned before ${other.id}, for which it waits`);
  }
  return wrong;
}

export function stateOf(task: Task): keyof Counts {
  if (task.status === 'needs_input') return 'attention';
  if (task.status !== 'pending') return task.status;
  if (task.broken > 0) return 'attention';
  if (task.held) return 'held';
  if (task.unmet > 0) return 'blocked';
  return task.notBefore === null ? 'ready' : 'scheduled';
}

function countsOf(tasks: readonly Task[]): Counts {
  const count = (state: keyof Counts): number => tasks.filter((task) => stateOf(task) === state).length;
  return {
    ready: count('ready'),
    blocked: count('blocked'),
    scheduled: count('scheduled'),
    held: count('held'),
    running: count('running'),
    attention: count('attention'),
    completed: count('completed'),
    failed: count('failed'),
    cancelled: count('cancelled'),
  };
}

/** Unfinished tasks that wait for `id`, directly or through unfinished others, each once, at most the bound. */
export function dependentsOf(id: TaskId, tasks: readonly Task[]): number {
  const found = new Set<TaskId>();
  const walk = (from: TaskId): void => {
    for (const task of tasks) {
      if (isFinished(task.status) || found.has(task.id) || !task.needs.includes(from)) continue;
      found.add(task.id);
      walk(task.id);
    }
  };
  walk(id);
  return Math.min(found.size, dependentsBound);
}
