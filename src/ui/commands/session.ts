/** What a command has at hand once the house is open, and the shape of every command. */
import { window } from 'vscode';
import type { Control } from '../../core/control.ts';
import { messageOf, PodiumError } from '../../core/errors.ts';
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type { TaskId } from '../../core/model.ts';
import type { TaskDocuments } from '../documents/taskDocuments.ts';
import type { Messages } from '../messages.ts';
import { taskViewId } from '../commandIds.ts';
import type { Looks } from '../tree/looks.ts';
import type { House, UiHost } from '../uiHost.ts';
import type { Target } from './target.ts';

export interface Session {
  readonly host: UiHost;
  readonly house: House;
  readonly control: Control;
  readonly documents: TaskDocuments;
  readonly messages: Messages;
  /** Opens the panel of the metrics. */
  readonly showMetrics: () => Promise<void>;
  /** How the tree is looked at. */
  readonly looks: Looks;
  /** What the tree shows, as it is now: perhaps not the first tasks, but those that fit its filter. */
  readonly shown: () => Promise<Snapshot>;
  /** Shows more of the tasks that did not fit into the tree. */
  readonly showMoreTasks: () => void;
}

/**
 * Rejects with a PodiumError to be shown; a person who gives up is no error.
 * @param args as the editor passed them, for commands that are not about tasks
 */
export type CommandRun = (session: Session, target: Target, args: readonly unknown[]) => Promise<void>;

/**
 * Does the same to several tasks, all at once; one that refuses does not keep the others from it.
 * @throws PodiumError of the first that refused
 */
export async function forEachTask(ids: readonly TaskId[], act: (id: TaskId) => Promise<void>): Promise<void> {
  const refusals: unknown[] = [];
  const work = async (): Promise<void> => {
    const results = await Promise.allSettled(ids.map(act));
    for (const result of results) if (result.status === 'rejected') refusals.push(result.reason);
  };
  await window.withProgress({ location: { viewId: taskViewId } }, work);
  const [first] = refusals;
  if (first === undefined) return;
  if (!(first instanceof PodiumError)) throw new Error(messageOf(first), { cause: first });
  if (ids.length === 1) throw first;
  const share = `${refusals.length} of ${ids.length} tasks`;
  throw new PodiumError(first.code, `${share}: ${messageOf(first)}`, { cause: first });
}
