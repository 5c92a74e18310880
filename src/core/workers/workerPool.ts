/** The workers: a bounded number of runs at a time, each with one abort signal. It holds only what runs. */
import PQueue from 'p-queue';
import type { TaskId } from '../model.ts';

/** Why a run is being ended from outside. */
export type StopReason = 'cancel' | 'timeout' | 'shutdown';

export interface Run {
  readonly taskId: TaskId;
  readonly claim: number;
  /** Asks the run to end; the first reason counts. */
  stop(reason: StopReason): void;
  /** The first reason it was asked to end for. */
  readonly stopped: StopReason | undefined;
  /** Resolves when nothing of the run is left and its end is durable. Never rejects. */
  readonly done: Promise<void>;
}

export type Job = (signal: AbortSignal, run: Run) => Promise<void>;

export class WorkerPool {
  readonly #queue: PQueue;
  readonly #runs = new Map<TaskId, Run>();
  #held = 0;
  readonly #onError: (thrown: unknown) => void;

  /**
   * @param size workers, 1 or more
   * @param onError told what a job threw; a job is expected not to
   */
  constructor(size: number, onError: (thrown: unknown) => void) {
    this.#queue = new PQueue({ concurrency: size });
    this.#onError = onError;
  }

  get size(): number {
    return this.#queue.concurrency;
  }

  /** Workers with work, those held included. */
  get busy(): number {
    return this.#runs.size + this.#held;
  }

  /** Workers without work; 0 while more run than a shrunken pool has. */
  get free(): number {
    return Math.max(0, this.size - this.busy);
  }

  /** Keeps a worker from being given work: what ran on it before this house opened may still be alive. */
  hold(): Disposable {
    this.#held += 1;
    const bag = new DisposableStack();
    bag.defer(() => void (this.#held -= 1));
    return bag;
  }

  /** Takes effect at once for new runs; nothing that runs is ended. */
  resize(size: number): void {
    this.#queue.concurrency = size;
  }

  get(taskId: TaskId): Run | undefined {
    return this.#runs.get(taskId);
  }

  all(): readonly Run[] {
    return [...this.#runs.values()];
  }

  /**
   * Starts a job on a free worker.
   * @throws RangeError when there is none, or the task is running already: both would be a defect of the caller.
   */
  start(taskId: TaskId, claim: number, job: Job): Run {
    if (this.free === 0) throw new RangeError('No worker is free.');
    if (this.#runs.has(taskId)) throw new RangeError(`Task ${taskId} is running already.`);
    const controller = new AbortController();
    let stopped: StopReason | undefined;
    const finished = Promise.withResolvers<undefined>();
    const run: Run = {
      taskId,
      claim,
      stop: (reason) => {
        stopped ??= reason;
        controller.abort(reason);
      },
      get stopped() {
        return stopped;
      },
      done: finished.promise,
    };
    this.#runs.set(taskId, run);
    void this.#queue
      .add(() => job(controller.signal, run))
      .catch(this.#onError)
      .finally(() => {
        this.#runs.delete(taskId);
        finished.resolve(undefined);
      });
    return run;
  }
}
