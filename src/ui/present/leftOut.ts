/** Why a command leaves some of the selected tasks out. Pure. */
import type { DisplayState, TaskView } from '../../core/metrics/snapshot.ts';
import { isFinished } from '../../core/model.ts';
import type { Ability } from './abilities.ts';
import { clipped } from './words.ts';

/** What is said of a task in a state: `it is waiting for you`. */
export const stateWords: Readonly<Record<DisplayState['kind'], string>> = {
  running: 'running',
  ready: 'waiting',
  paused: 'waiting',
  waiting: 'waiting',
  blocked: 'waiting for other tasks',
  scheduled: 'waiting for its time',
  held: 'held by a fuse',
  needs_you: 'waiting for you',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/**
 * `2 of 5 tasks were left out: 1 running, 1 completed.`
 * @param left the tasks that cannot be treated so, at least one
 * @param all how many were selected
 */
export function leftOutText(ability: Ability, left: readonly TaskView[], all: number): string {
  const [only] = left;
  if (only === undefined) return '';
  const hint = ability === 'deletable' ? ' Cancel what runs first.' : '';
  if (left.length === 1) {
    const name = `"${clipped(only.task.title, 80)}"`;
    return `${name} ${all === 1 ? 'stays as it is' : 'was left out'}: ${reason(ability, only)}.${hint}`;
  }
  const share = left.length === all ? `All ${all}` : `${left.length} of ${all}`;
  const counts = [...Map.groupBy(left, (view) => reason(ability, view))];
  const reasons = counts.map(([why, views]) => `${views.length} ${why}`).join(', ');
  return `${share} tasks were left out: ${reasons}.${hint}`;
}

function reason(ability: Ability, { task, state }: TaskView): string {
  const isWaiting = !isFinished(task.status) && task.status !== 'running';
  if (ability === 'pinnable' && isWaiting) return 'pinned already';
  if (ability === 'unpinnable' && isWaiting) return 'not pinned';
  if (ability === 'withLog') return 'not started yet';
  if (ability === 'withResult') return 'without a result';
  return stateWords[state.kind];
}
