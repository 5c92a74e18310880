/** The look of the tree in this workspace, kept over a reload by the editor. */
import { EventEmitter } from 'vscode';
import type { Event, Memento } from 'vscode';
import { parseLook } from './treeLook.ts';
import type { TreeLook } from './treeLook.ts';

const key = 'treeLook';

export class Looks implements Disposable {
  readonly #memento: Memento;
  readonly #changed = new EventEmitter<TreeLook>();
  #current: TreeLook;

  constructor(memento: Memento) {
    this.#memento = memento;
    this.#current = parseLook(memento.get(key));
  }

  get current(): TreeLook {
    return this.#current;
  }

  get onDidChange(): Event<TreeLook> {
    return this.#changed.event;
  }

  async change(change: Partial<TreeLook>): Promise<void> {
    this.#current = { ...this.#current, ...change };
    this.#changed.fire(this.#current);
    await this.#memento.update(key, this.#current);
  }

  [Symbol.dispose](): void {
    this.#changed.dispose();
  }
}
