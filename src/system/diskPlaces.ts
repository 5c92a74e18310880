/** Where tasks run and keep their files: `<storage>/runs/<task>/<claim>/`. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Instant, Task, TaskId, WorkspaceId } from '../core/model.ts';
import type { HistorySettings } from '../core/history/history.ts';
import type { ClaimRef, Places } from '../core/ports.ts';
import { pruneRuns, pruningLimits } from './runPruning.ts';

/** Name of the folder of all runs in a storage. */
export const runsFolder = 'runs';

export class DiskPlaces implements Places {
  readonly #runs: string;
  #folders: ReadonlyMap<WorkspaceId, string> = new Map();

  /** @param storage absolute path of the folder the product keeps its data in */
  constructor(storage: string) {
    this.#runs = path.join(storage, runsFolder);
  }

  /** The open folders; those that are not named are closed. */
  setFolders(folders: ReadonlyMap<WorkspaceId, string>): void {
    this.#folders = folders;
  }

  folderOf(workspaceId: WorkspaceId): string | undefined {
    return this.#folders.get(workspaceId);
  }

  runDirectory({ taskId, claim }: ClaimRef): string {
    return path.join(this.#runs, taskId, String(claim));
  }

  async makeRunDirectory(ref: ClaimRef): Promise<string> {
    const directory = this.runDirectory(ref);
    await mkdir(directory, { recursive: true });
    return directory;
  }

  /** Deletes the files of runs whose task is not among those that `known` gives back. */
  async sweep(known: (ids: readonly TaskId[]) => Promise<ReadonlySet<TaskId>>): Promise<void> {
    const names = (await readdir(this.#runs).catch(() => [])) as TaskId[];
    const kept = names.length === 0 ? new Set<TaskId>() : await known(names);
    for (const name of names) {
      if (!kept.has(name)) await rm(path.join(this.#runs, name), { recursive: true, force: true });
    }
  }

  /** Deletes the files of finished runs that are too old or take too much room. */
  async prune(
    { logDays, logBytes }: HistorySettings,
    task: (id: TaskId) => Promise<Task | undefined>,
    now: Instant,
    signal: AbortSignal,
  ): Promise<void> {
    await pruneRuns(this.#runs, task, pruningLimits(logDays, logBytes, now), signal);
  }
}
