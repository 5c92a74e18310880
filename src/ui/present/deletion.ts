/** What a deletion takes with it, said before it happens. */
import type { TaskId } from '../../core/model.ts';
import { dependentsOf } from './taskIndex.ts';
import type { TaskIndex } from './taskIndex.ts';
import { clipped, counted } from './words.ts';

/**
 * The question of the confirmation, and its small print.
 * @param below all sub-tasks of `ids`
 */
export function deletionQuestion(
  ids: readonly TaskId[],
  below: readonly TaskId[],
  index: TaskIndex,
): { readonly message: string; readonly detail: string } {
  const [first] = ids;
  const only = ids.length === 1 && first !== undefined ? index.get(first) : undefined;
  const message =
    only === undefined
      ? `Delete ${counted(ids.length, 'task')}?`
      : `Delete "${clipped(only.task.title, 120)}"?`;
  const waiting = dependentsOf([...ids, ...below], index);
  const it = ids.length === 1 ? 'it' : 'them';
  const sentences = [
    below.length === 0 ? '' : `${counted(below.length, 'sub-task goes', 'sub-tasks go')} with ${it}.`,
    waiting.length === 0
      ? ''
      : `${counted(waiting.length, 'task', 'tasks')} will no longer wait for what is deleted.`,
    'This cannot be undone.',
  ];
  return { message, detail: sentences.filter((sentence) => sentence !== '').join(' ') };
}
