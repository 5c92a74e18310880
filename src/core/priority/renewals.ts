/**
 * Where nothing waits for a judgement, now and then someone has to look for what has grown old: not in every turn, for
 * a look costs milliseconds and turns are many.
 */
import type { Instant, Milliseconds, WorkspaceId } from '../model.ts';
import { inTurn } from './arrange.ts';
import { earliest } from './earliest.ts';

/** Every workspace is looked at so often, a few at a time. */
const lookEvery: Milliseconds = 30_000;
const workspacesAtOnce = 10;

export class Renewals {
  /** When something will be old or is looked for, as far as was seen in this turn. */
  #nextAt: Instant | null = null;
  #lookAt: Instant = 0;
  #last: WorkspaceId | undefined;

  /** Another judge, or the same under other conditions: everything may be old at once. */
  begin(): void {
    this.#lookAt = 0;
  }

  /** What was seen before may have changed. */
  newTurn(): void {
    this.#nextAt = null;
  }

  /** Those whose turn it is. The look is over with the last of them, unless there is something to ask about. */
  *look(workspaceIds: readonly WorkspaceId[], now: Instant): Generator<WorkspaceId> {
    if (workspaceIds.length === 0) return;
    if (now < this.#lookAt) {
      this.seen(this.#lookAt);
      return;
    }
    const all = workspaceIds.map((workspaceId) => ({ workspaceId }));
    for (const { workspaceId } of inTurn(all, this.#last).slice(0, workspacesAtOnce)) {
      this.#last = workspaceId;
      yield workspaceId;
    }
    this.#lookAt = now + lookEvery * Math.min(1, workspacesAtOnce / all.length);
  }

  /** @param instant when a judgement will be old that is not yet, or null */
  seen(instant: Instant | null): void {
    this.#nextAt = earliest(this.#nextAt, instant);
  }

  /** When to look next, or null. */
  get nextAt(): Instant | null {
    return this.#nextAt;
  }
}
