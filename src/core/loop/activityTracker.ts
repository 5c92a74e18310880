/** How busy each workspace is: a count of its events that halves with time. */
import type { Milliseconds, WorkspaceId } from '../model.ts';

/** An event counts half after this time. */
const halfLife: Milliseconds = 60_000;

interface Activity {
  readonly level: number;
  readonly at: Milliseconds;
}

export class ActivityTracker {
  readonly #activities = new Map<WorkspaceId, Activity>();

  /** Counts one event (a creation, a start, an end, an edit) at the monotonic instant `now`. */
  record(workspaceId: WorkspaceId, now: Milliseconds): void {
    this.#activities.set(workspaceId, { level: this.level(workspaceId, now) + 1, at: now });
  }

  /** The decayed count, 0 or more; 0 for a workspace nothing was recorded of. */
  level(workspaceId: WorkspaceId, now: Milliseconds): number {
    const activity = this.#activities.get(workspaceId);
    if (activity === undefined) return 0;
    return activity.level * 2 ** (-Math.max(0, now - activity.at) / halfLife);
  }

  forget(workspaceId: WorkspaceId): void {
    this.#activities.delete(workspaceId);
  }
}
