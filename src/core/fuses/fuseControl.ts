/** What a person does about fuses: answer them, approve what agents plan, and end what they have begun. */
import type { Task, TaskId } from '../model.ts';
import { isFinished } from '../model.ts';
import { descendantsOf } from '../family.ts';
import type { Store } from '../ports.ts';
import { PodiumError } from '../errors.ts';
import type { FuseSettings } from './fuseSettings.ts';

export interface FuseControl {
  /** The limits in force. */
  readonly settings: FuseSettings;
  /** Answers trips: what they hold goes on, and their limits count anew. */
  answer(ids: readonly number[]): Promise<void>;
  /** So many more tasks of the tree of a task may be made. @throws PodiumError `unknown-task`, `invalid-setting` */
  approvePlan(id: TaskId, tasks: number): Promise<void>;
  /** Lets tasks run that wait for a person's word. */
  approve(ids: readonly TaskId[]): Promise<void>;
  /**
   * Cancels a task and everything under it, ending what runs of it; resolves when nothing of it is left.
   * @returns how many were cancelled
   */
  cancelTree(id: TaskId): Promise<number>;
}

/** Most tasks approved at once. */
export const planLimit = 1_000;

interface HandPorts {
  readonly store: Pick<Store, 'answerTrips' | 'approvePlan' | 'approve' | 'task' | 'children'>;
  readonly settings: () => FuseSettings;
  /** Ends one task. @throws PodiumError */
  readonly cancel: (id: TaskId) => Promise<void>;
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
    let cancelled = 0;
    // What still runs may make more while the rest is being ended.
    for (;;) {
      const open = await this.#unfinished(id);
      if (open.length === 0) return cancelled;
      // From the top: what a parent would still make is not made any more.
      const before = cancelled;
      for (const task of open) if (await this.#end(task)) cancelled += 1;
      if (cancelled === before) return cancelled;
    }
  }

  async #unfinished(id: TaskId): Promise<readonly Task[]> {
    const { store } = this.#ports;
    const ids = [id, ...(await descendantsOf(store, [id]))];
    const tasks = await Promise.all(ids.map((one) => store.task(one)));
    return tasks.filter((task) => task !== undefined).filter(({ status }) => !isFinished(status));
  }

  /** @returns false when it had ended by itself */
  async #end({ id }: Task): Promise<boolean> {
    try {
      await this.#ports.cancel(id);
      return true;
    } catch (thrown) {
      const isOver =
        thrown instanceof PodiumError &&
        (thrown.code === 'illegal-transition' || thrown.code === 'unknown-task');
      if (!isOver) throw thrown;
      return false;
    }
  }
}
