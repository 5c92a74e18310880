/** One tree of tasks that agents have made: how it stands with its budgets, and what a person does about a part of it. */
import type { FuseId } from './fuses/trip.ts';
import type { Milliseconds, TaskId } from './model.ts';
import type { Store } from './ports.ts';

export interface TreeStanding {
  /** How often a person has answered each of its fuses: an answer adds a limit once more. Absent for never. */
  readonly answers: Readonly<Partial<Record<FuseId, number>>>;
  /** What its runs have used, as its budgets count it. */
  readonly used: { readonly tokens: number; readonly costMicros: number; readonly time: Milliseconds };
}

export interface TreeControl {
  /** The tree a task belongs to. @throws PodiumError `unknown-task` */
  standing(id: TaskId): Promise<TreeStanding>;
  /**
   * Lets what waits of a task and what is under it run, although a fuse holds the tree or a person was to be asked:
   * those tasks are approved. What is made later, and the rest of the tree, waits as before.
   * @returns how many that are
   * @throws PodiumError `unknown-task`
   */
  resumeBranch(id: TaskId): Promise<number>;
}

interface TreePorts {
  readonly store: Pick<Store, 'treeStanding' | 'releaseBranch'>;
  readonly changed: () => void;
}

export class HandOnTrees implements TreeControl {
  readonly #ports: TreePorts;

  constructor(ports: TreePorts) {
    this.#ports = ports;
  }

  async standing(id: TaskId): Promise<TreeStanding> {
    return await this.#ports.store.treeStanding(id);
  }

  async resumeBranch(id: TaskId): Promise<number> {
    const released = await this.#ports.store.releaseBranch(id);
    this.#ports.changed();
    return released;
  }
}
