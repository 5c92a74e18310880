/** What a person does about fuses: answer them, approve what agents plan, and end what they have begun. */
import type { TaskId } from '../model.ts';
import type { Store } from '../ports.ts';
import { PodiumError } from '../errors.ts';
import type { FuseSettings } from './fuseSettings.ts';

export interface FuseControl {
  /** The limits in force. */
  readonly settings: FuseSettings;
  /** Answers trips: what they hold goes on, and their limits count anew. */
  answer(ids: readonly number[]): Promise<void>;
  /**
   * So many tasks of the tree of a task are approved: those that wait, oldest first, and then such as are not made yet.
   * @throws PodiumError `unknown-task`, `invalid-setting`
   */
  approvePlan(id: TaskId, tasks: number): Promise<void>;
  /** Lets tasks run that wait for a person's word. */
  approve(ids: readonly TaskId[]): Promise<void>;
  /**
   * Cancels a task and everything under it, ending what runs of it; nothing of it starts from then on. Resolves when
   * nothing of it is left.
   * @returns how many were cancelled
   */
  cancelTree(id: TaskId): Promise<number>;
}

/** Most tasks approved at once. */
export const planLimit = 1_000;

interface HandPorts {
  readonly store: Pick<Store, 'answerTrips' | 'approvePlan' | 'approve' | 'stopTree'>;
  readonly settings: () => FuseSettings;
  /** Ends a run; resolves when nothing of it is left, with false when there was none here. */
  readonly stop: (id: TaskId) => Promise<boolean>;
  /** A task was cancelled while it waited. */
  readonly cancelledWaiting: () => void;
  readonly changed: () => void;
}

export class HandOnFuses implements FuseControl {
  readonly #ports: HandPorts;

  constructor(ports: HandPorts) {
    this.#ports = ports;
  }

  get settings(): FuseSettings {
    return this.#ports.settings();
  }

  async answer(ids: readonly number[]): Promise<void> {
    await this.#ports.store.answerTrips(ids);
    this.#ports.changed();
  }

  async approvePlan(id: TaskId, tasks: number): Promise<void> {
    if (!Number.isInteger(tasks) || tasks < 1 || tasks > planLimit)
      throw new PodiumError('invalid-setting', `A plan has from 1 to ${planLimit} tasks.`);
    await this.#ports.store.approvePlan(id, tasks);
    this.#ports.changed();
  }

  async approve(ids: readonly TaskId[]): Promise<void> {
    await this.#ports.store.approve(ids);
    this.#ports.changed();
  }

  async cancelTree(id: TaskId): Promise<number> {
    const { store, stop, cancelledWaiting, changed } = this.#ports;
    let cancelled = 0;
    // From the first look on nothing of it starts and nothing new is made, so a second one finds what could not end.
    for (let before = ''; ;) {
      const stopped = await store.stopTree(id);
      for (let count = 0; count < stopped.cancelled; count += 1) cancelledWaiting();
      cancelled += stopped.cancelled;
      const running = stopped.running.join();
      if (stopped.cancelled > 0) changed();
      if (running === before) return cancelled;
      before = running;
      const ended = await Promise.all(stopped.running.map(stop));
      cancelled += ended.filter(Boolean).length;
    }
  }
}
