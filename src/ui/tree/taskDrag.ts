/** Drag and drop of the tree, as the editor wants it. */
import { DataTransferItem } from 'vscode';
import type { DataTransfer, TreeDragAndDropController } from 'vscode';
import type { Control, SnapshotWish } from '../../core/control.ts';
import { taskMime } from '../commandIds.ts';
import type { Messages } from '../messages.ts';
import type { NodeKey } from './nodeKey.ts';

export class TaskDrag implements TreeDragAndDropController<NodeKey> {
  readonly dragMimeTypes = [taskMime];
  readonly dropMimeTypes = [taskMime];
  readonly #control: () => Control | undefined;
  readonly #wish: () => SnapshotWish | undefined;
  readonly #messages: Messages;

  /**
   * @param control of the house, while it is open
   * @param wish which tasks the tree shows
   */
  constructor(control: () => Control | undefined, wish: () => SnapshotWish | undefined, messages: Messages) {
    this.#control = control;
    this.#wish = wish;
    this.#messages = messages;
  }

  handleDrag(source: readonly NodeKey[], transfer: DataTransfer): void {
    transfer.set(taskMime, new DataTransferItem([...source]));
  }

  async handleDrop(target: NodeKey | undefined, transfer: DataTransfer): Promise<void> {
    const control = this.#control();
    const dragged: unknown = transfer.get(taskMime)?.value;
    if (control === undefined) return; // There are no rows then.
    try {
      if (!Array.isArray(dragged)) {
        this.#messages.info('Only tasks of this window can be dropped here.');
        return;
      }
      const { dropPlace } = await import('./dropPlace.ts');
      const drop = dropPlace(await control.snapshot(this.#wish()), dragged, target);
      if (drop.kind === 'refused') this.#messages.info(drop.message);
      else if (drop.kind === 'move') await control.move(drop.ids, drop.place);
    } catch (thrown) {
      this.#messages.error(thrown);
    }
  }
}
