/** What scores were before they last changed, as long as the store is open; it is shown, and nothing depends on it. */
import type { TaskId } from '../core/model.ts';
import type { ScoreChange } from '../core/ports.ts';

/** Tasks of which it is known; the one that changed longest ago goes first. */
const limit = 5_000;

export class ScoreChanges {
  readonly #changes = new Map<string, ScoreChange>();

  note(task: string, change: ScoreChange): void {
    this.#changes.delete(task);
    this.#changes.set(task, change);
    const [oldest] = this.#changes.keys();
    if (this.#changes.size > limit && oldest !== undefined) this.#changes.delete(oldest);
  }

  of(task: TaskId): ScoreChange | undefined {
    return this.#changes.get(task);
  }
}
