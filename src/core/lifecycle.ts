/** The task state machine: a table and `next`. */
import { PodiumError } from './errors.ts';
import type { Status } from './model.ts';

/**
 * What can happen to a task.
 * - `claim`: the conductor dispatches it.
 * - `complete`, `fail`: the agent is done; `retry`: it failed and goes back with one attempt more.
 * - `defer`: something outside was short, and it goes back as it was.
 * - `ask`: it needs a human; `interrupt`: its run was cut and it may run again; `suspend`: it was cut and may not
 *   without a human's word.
 * - `cancel`, `rerun`: the user's words.
 */
export type LifecycleEvent =
  'claim' | 'complete' | 'fail' | 'retry' | 'defer' | 'ask' | 'interrupt' | 'suspend' | 'cancel' | 'rerun';

export const lifecycle: Readonly<Record<Status, Readonly<Partial<Record<LifecycleEvent, Status>>>>> = {
  pending: { claim: 'running', cancel: 'cancelled' },
  running: {
    complete: 'completed',
    fail: 'failed',
    retry: 'pending',
    defer: 'pending',
    ask: 'needs_input',
    interrupt: 'pending',
    suspend: 'needs_input',
    cancel: 'cancelled',
  },
  needs_input: { rerun: 'pending', cancel: 'cancelled' },
  completed: {},
  failed: { rerun: 'pending' },
  cancelled: { rerun: 'pending' },
};

/** The state after `event`, or undefined where the table has no such step. */
export function tryNext(status: Status, event: LifecycleEvent): Status | undefined {
  return lifecycle[status][event];
}

/**
 * The state after `event`.
 * @throws PodiumError `illegal-transition` where the table has no such step.
 */
export function next(status: Status, event: LifecycleEvent): Status {
  const to = tryNext(status, event);
  if (to === undefined) throw new PodiumError('illegal-transition', `A ${status} task cannot ${event}.`);
  return to;
}
