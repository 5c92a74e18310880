/** The past of a store: the finished tasks of its database, then its archive. */
import { matcher } from '../../core/history/match.ts';
import type { History, HistoryHit } from '../../core/history/history.ts';
import { pastOf } from '../../core/history/pastTask.ts';
import type { PastTask } from '../../core/history/pastTask.ts';
import type { Instant, Task, TaskId, WorkspaceId } from '../../core/model.ts';
import type { Store } from '../../core/ports.ts';
import { never } from '../dueTimes.ts';
import type { ArchiveReader } from './archiveReader.ts';

/** Where a page of finished tasks begins: after this one. */
export interface FinishedCursor {
  readonly finishedAt: Instant;
  readonly sequence: number;
}

export interface HistoryStore extends Pick<Store, 'task' | 'workspaces'> {
  /** Finished tasks of a workspace, newest first, after `cursor`. */
  finishedAfter(workspaceId: WorkspaceId, cursor: FinishedCursor, limit: number): Promise<readonly Task[]>;
}

/** Tasks read at once; their texts may be long. */
const page = 20;
/** The id of a line, which only numbers come before; one with signs that are escaped is found by parsing. */
const firstId = /^[^"]*(?:"\w+":-?[\d.]+,)*"id":"([^"\\]+)"/;
const beginning: FinishedCursor = { finishedAt: never, sequence: Number.MAX_SAFE_INTEGER };

export class StoreHistory implements History {
  readonly #store: HistoryStore;
  readonly #archive: Pick<ArchiveReader, 'tasks'>;

  constructor(store: HistoryStore, archive: Pick<ArchiveReader, 'tasks'>) {
    this.#store = store;
    this.#archive = archive;
  }

  async *search(words: string, signal: AbortSignal): AsyncGenerator<HistoryHit> {
    const match = matcher(words);
    for await (const { task, archived } of this.#everything(signal)) {
      const excerpt = match(task);
      if (excerpt !== undefined) yield { task, archived, excerpt };
    }
  }

  async *all(signal: AbortSignal): AsyncGenerator<PastTask> {
    for await (const { task } of this.#everything(signal)) yield task;
  }

  async find(id: TaskId): Promise<PastTask | undefined> {
    return (await this.findMany([id])).get(id);
  }

  async findMany(ids: readonly TaskId[]): Promise<ReadonlyMap<TaskId, PastTask>> {
    const found = new Map<TaskId, PastTask>();
    const missing = new Set<TaskId>();
    for (const id of ids) {
      const live = await this.#store.task(id);
      if (live === undefined) missing.add(id);
      const past = live === undefined ? undefined : pastOf(live, await this.#nameOf(live.workspaceId));
      if (past !== undefined) found.set(id, past);
    }
    for await (const task of this.#archived(missing)) found.set(task.id, task);
    return found;
  }

  /** Those of `ids` that are in the database or the archive. */
  async known(ids: readonly TaskId[]): Promise<ReadonlySet<TaskId>> {
    const known = new Set<TaskId>();
    const missing = new Set<TaskId>();
    for (const id of ids) ((await this.#store.task(id)) === undefined ? missing : known).add(id);
    for await (const { id } of this.#archived(missing)) known.add(id);
    return known;
  }

  /** Those of the archive with these ids; reads no further than to the last of them. */
  async *#archived(ids: ReadonlySet<TaskId>): AsyncGenerator<PastTask> {
    const missing = new Set(ids);
    if (missing.size === 0) return;
    const worthIt = (line: string): boolean => {
      const id = firstId.exec(line)?.[1];
      return id === undefined || missing.has(id as TaskId);
    };
    for await (const task of this.#archive.tasks(new AbortController().signal, worthIt)) {
      if (missing.delete(task.id)) yield task;
      if (missing.size === 0) return;
    }
  }

  async *#everything(
    signal: AbortSignal,
  ): AsyncGenerator<{ readonly task: PastTask; readonly archived: boolean }> {
    // What is put away meanwhile is met again in the archive. As many as the tree keeps.
    const seen = new Set<TaskId>();
    for await (const task of this.#finished(signal)) {
      seen.add(task.id);
      yield { task, archived: false };
    }
    for await (const task of this.#archive.tasks(signal)) {
      // What is in the database counts, whatever the archive of an older or another state of it says.
      if (seen.has(task.id) || (await this.#store.task(task.id)) !== undefined) continue;
      yield { task, archived: true };
    }
  }

  /** Finished tasks of all workspaces, newest first, some of each in memory. */
  async *#finished(signal: AbortSignal): AsyncGenerator<PastTask> {
    const queues = (await this.#store.workspaces()).map(
      ({ id, name }) => new FinishedQueue(this.#store, id, name),
    );
    for (;;) {
      let first: FinishedQueue | undefined;
      for (const queue of queues) {
        signal.throwIfAborted();
        await queue.fill();
        if (queue.latest > (first?.latest ?? -Infinity)) first = queue;
      }
      const task = first?.take();
      if (first === undefined) return;
      if (task !== undefined) yield task;
    }
  }

  async #nameOf(id: WorkspaceId): Promise<string> {
    return (await this.#store.workspaces()).find((workspace) => workspace.id === id)?.name ?? '';
  }
}

/** The finished tasks of one workspace, page by page. */
class FinishedQueue {
  readonly #store: HistoryStore;
  readonly #workspaceId: WorkspaceId;
  readonly #name: string;
  #cursor = beginning;
  #tasks: Task[] = [];
  #ended = false;

  constructor(store: HistoryStore, workspaceId: WorkspaceId, name: string) {
    this.#store = store;
    this.#workspaceId = workspaceId;
    this.#name = name;
  }

  /** When the next one was finished; minus infinity when there is none. After `fill`. */
  get latest(): Instant {
    return this.#tasks[0]?.finishedAt ?? -Infinity;
  }

  async fill(): Promise<void> {
    if (this.#tasks.length > 0 || this.#ended) return;
    this.#tasks = [...(await this.#store.finishedAfter(this.#workspaceId, this.#cursor, page))];
    this.#ended = this.#tasks.length < page;
  }

  take(): PastTask | undefined {
    const task = this.#tasks.shift();
    if (task === undefined) return undefined;
    this.#cursor = { finishedAt: task.finishedAt ?? 0, sequence: task.sequence };
    return pastOf(task, this.#name);
  }
}
