/** Whether the queue of tasks that wait for a judgement is too long: told of once, until it has become short again. */

/** The chapter's "queue has 47 pending items": so many were waiting when its loop had become a crawl. */
export const longBacklog = 47;
/** About half, so that a queue around the limit is not told of again and again. */
export const shortBacklog = 23;

export class Backlog {
  #isLong = false;

  get isLong(): boolean {
    return this.#isLong;
  }

  /** So many wait now. @returns whether the queue has just become too long */
  note(waiting: number): boolean {
    const wasLong = this.#isLong;
    this.#isLong = waiting >= (wasLong ? shortBacklog : longBacklog);
    return this.#isLong && !wasLong;
  }
}
