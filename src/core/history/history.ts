/** What was finished: the latest tasks, which the tree shows too, and behind them the archive. */
import type { TaskId } from '../model.ts';
import type { PastTask } from './pastTask.ts';

/** How much of the past is kept, and where. */
export interface HistorySettings {
  /** Finished tasks that stay in the tree, for each workspace; the oldest beyond go to the archive. */
  readonly keepFinished: number;
  /** Days after which the archive forgets; 0 for never. */
  readonly archiveDays: number;
  /** Days for which the files of finished runs are kept; 0 for ever. */
  readonly logDays: number;
  /** Bytes that the files of all runs may take before those of the oldest finished ones go. */
  readonly logBytes: number;
}

export const defaultHistory: HistorySettings = {
  keepFinished: 1_000,
  archiveDays: 0,
  logDays: 30,
  logBytes: 1_000 * 1024 * 1024,
};

export interface HistoryHit {
  readonly task: PastTask;
  /** Whether it has left the tree. */
  readonly archived: boolean;
  /** Where the words were found, when not in the title. */
  readonly excerpt: string;
}

/** In any window, also one that only watches. Reads reject with the reason of `signal` when that is aborted. */
export interface History {
  /**
   * Finished tasks in which every one of `words` occurs, in title, description, result, error or agent; all for no
   * words. What is still in the tree comes first, then the archive, each newest first.
   */
  search(words: string, signal: AbortSignal): AsyncIterable<HistoryHit>;
  /** Everything finished, newest first; holds a small part of it at a time. */
  all(signal: AbortSignal): AsyncIterable<PastTask>;
  /** One task of the archive or a finished one of the tree. */
  find(id: TaskId): Promise<PastTask | undefined>;
  /** The same for several, for the price of one; those that are not found are left out. */
  findMany(ids: readonly TaskId[]): Promise<ReadonlyMap<TaskId, PastTask>>;
}
