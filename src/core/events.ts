/** What the house tells its screens and logs; sent only after what happened is durable. */
import type { Trip } from './fuses/trip.ts';
import type { AgentId, Milliseconds, Status, TaskId, WorkspaceId } from './model.ts';

interface AboutTask {
  readonly taskId: TaskId;
  readonly workspaceId: WorkspaceId;
  readonly title: string;
  readonly agentId: AgentId;
}

export type PodiumEvent =
  | ({ readonly type: 'added'; readonly by: 'user' | 'agent'; readonly score: number } & AboutTask)
  | ({
      readonly type: 'started';
      readonly claim: number;
      readonly attempt: number;
      readonly score: number;
      /** From ready to claimed. */
      readonly waited: Milliseconds;
    } & AboutTask)
  /** A run ended; `status` is what the task became: a terminal state, pending again, or needs_input. */
  | ({
      readonly type: 'settled';
      readonly claim: number;
      readonly status: Status;
      /** It failed and is going to be repeated. */
      readonly retries: boolean;
      readonly duration: Milliseconds;
      readonly message: string;
    } & AboutTask)
  /** A model has judged tasks of this workspace, and their order may be another. */
  | { readonly type: 'judged'; readonly workspaceId: WorkspaceId }
  /** A fuse has blown: once for each tree and cause while nobody has answered. */
  | { readonly type: 'tripped'; readonly trip: Trip }
  /** What judges tasks does something else than before: it asks, it waits, it cannot go on. */
  | { readonly type: 'judging' }
  /** Something else changed that a screen may show. */
  | { readonly type: 'changed'; readonly workspaceId: WorkspaceId | null }
  /** Nothing runs and nothing can start until something new happens. */
  | { readonly type: 'idle' };

export type Listener = (event: PodiumEvent) => void;

/** A list of listeners; one that throws does not keep the others from hearing. */
export class EventHub {
  readonly #listeners = new Set<Listener>();
  readonly #onError: (thrown: unknown) => void;

  /** @param onError told what a listener threw */
  constructor(onError: (thrown: unknown) => void) {
    this.#onError = onError;
  }

  subscribe(listener: Listener): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  emit(event: PodiumEvent): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(event);
      } catch (thrown) {
        this.#onError(thrown);
      }
    }
  }
}
