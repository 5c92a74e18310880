/** What a person can do with a task as it is: the one answer for menus, keys and the lists of the palette. */
import type { DisplayState, TaskView } from '../../core/metrics/snapshot.ts';
import { isFinished } from '../../core/model.ts';
import { tryNext } from '../../core/lifecycle.ts';

export const abilities = [
  'runnable',
  'cancellable',
  'retryable',
  'editable',
  'deletable',
  'prioritizable',
  'pinnable',
  'unpinnable',
  'movable',
  'resolvable',
  'approvable',
  'inTree',
  'branchable',
  'plannable',
  'withLog',
  'withResult',
  'explainable',
] as const;
export type Ability = (typeof abilities)[number];

/** @param readOnly another window owns the store, so that nothing can be changed here */
export function abilitiesOf({ task, state, isTree }: TaskView, readOnly: boolean): ReadonlySet<Ability> {
  const running = task.status === 'running';
  const needsYou = state.kind === 'needs_you';
  const asksApproval = task.status === 'needs_input' && task.contextData.approval === 'wanted';
  const can: Readonly<Record<Ability, boolean>> = {
    runnable: !readOnly && task.status === 'pending' && !needsYou,
    cancellable: !readOnly && tryNext(task.status, 'cancel') !== undefined,
    retryable: !readOnly && tryNext(task.status, 'rerun') !== undefined,
    editable: !readOnly && !running && task.status !== 'completed',
    deletable: !readOnly && !running,
    prioritizable: !readOnly && !running && !isFinished(task.status),
    pinnable: !readOnly && !running && !isFinished(task.status) && task.pin === null,
    unpinnable: !readOnly && !running && !isFinished(task.status) && task.pin !== null,
    movable: !readOnly && !running && !isFinished(task.status) && (inQueue(state) || task.pin !== null),
    resolvable: !readOnly && needsYou && !asksApproval,
    approvable: !readOnly && asksApproval,
    inTree: isTree,
    branchable: !readOnly && isTree,
    plannable: !readOnly && !isFinished(task.status),
    withLog: task.claim > 0,
    withResult: isFinished(task.status) && (task.result !== null || task.error !== null),
    explainable: true,
  };
  return new Set(abilities.filter((ability) => can[ability]));
}

/** Whether it is in line for a worker. */
function inQueue({ kind }: DisplayState): boolean {
  return kind === 'ready' || kind === 'paused' || kind === 'waiting';
}
