/** Which of several tasks a command can treat. Pure. */
import type { Snapshot, TaskView } from '../../core/metrics/snapshot.ts';
import type { TaskId } from '../../core/model.ts';
import { abilitiesOf } from '../present/abilities.ts';
import type { Ability } from '../present/abilities.ts';

/**
 * Keeps of a selection, which comes in any order, what can be treated so, in the order in which the tree shows it.
 * What the snapshot does not know comes last: the desk has the last word on it.
 */
export function splitByAbility(
  ids: readonly TaskId[],
  ability: Ability,
  { workspaces, role }: Pick<Snapshot, 'workspaces' | 'role'>,
): { readonly able: readonly TaskId[]; readonly unable: readonly TaskView[] } {
  const unknown = new Set(ids);
  const views = workspaces
    .flatMap(({ tasks, finished }) => [...tasks, ...finished])
    .filter(({ task }) => unknown.delete(task.id));
  const isAble = (view: TaskView): boolean => abilitiesOf(view, role.kind === 'reader').has(ability);
  return {
    able: [...views.filter(isAble).map(({ task }) => task.id), ...unknown],
    unable: views.filter((view) => !isAble(view)),
  };
}
