/**
 * What runs leave behind: folders with their output, deleted when they are old or take too much room, those of the
 * oldest runs first. A run of a task that is not finished is never touched.
 */
import { readdir, rm, rmdir, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Instant, Milliseconds, Task, TaskId } from '../core/model.ts';
import { isFinished } from '../core/model.ts';

export interface PruningLimits {
  /** Files of runs whose task was finished before go. Null for none. */
  readonly before: Instant | null;
  /** Bytes that all runs may take together. */
  readonly bytes: number;
}

interface RunFolder {
  readonly directory: string;
  readonly bytes: number;
  /** Since when it is of no use but for reading. */
  readonly since: Instant;
  /** Null when the store does not know its task. */
  readonly task: Task | null;
}

const day: Milliseconds = 24 * 60 * 60 * 1_000;

export function pruningLimits(days: number, bytes: number, now: Instant): PruningLimits {
  return { before: days === 0 ? null : now - days * day, bytes };
}

/**
 * @param runs absolute path of the folder `<task>/<claim>/` of all runs lie in
 * @param task a task of the store; what it does not know is finished and was put away
 * @returns how many run folders were deleted
 */
export async function pruneRuns(
  runs: string,
  task: (id: TaskId) => Promise<Task | undefined>,
  limits: PruningLimits,
  signal: AbortSignal,
): Promise<number> {
  const folders: RunFolder[] = [];
  for (const name of await entries(runs)) {
    if (signal.aborted) return 0;
    const found = await task(name as TaskId);
    for (const claim of await entries(path.join(runs, name))) {
      const directory = path.join(runs, name, claim);
      const { bytes, modifiedAt } = await measure(directory);
      folders.push({ directory, bytes, task: found ?? null, since: found?.finishedAt ?? modifiedAt });
    }
  }
  let total = folders.reduce((sum, { bytes }) => sum + bytes, 0);
  let pruned = 0;
  const prunable = folders.filter((folder) => folder.task === null || isFinished(folder.task.status));
  for (const { directory, bytes, since, task: owner } of prunable.sort((a, b) => a.since - b.since)) {
    if (signal.aborted) break;
    if (total <= limits.bytes && (limits.before === null || since >= limits.before)) break;
    // A task that was asked for again meanwhile runs under another claim, in another folder.
    await rm(directory, { recursive: true, force: true });
    if (owner === null) await rmdir(path.dirname(directory)).catch(() => undefined); // it has other runs
    total -= bytes;
    pruned += 1;
  }
  return pruned;
}

async function measure(directory: string): Promise<{ readonly bytes: number; readonly modifiedAt: Instant }> {
  let bytes = 0;
  let modifiedAt = 0;
  for (const name of await entries(directory)) {
    const facts = await stat(path.join(directory, name)).catch(() => undefined);
    bytes += facts?.size ?? 0;
    modifiedAt = Math.max(modifiedAt, facts?.mtimeMs ?? 0);
  }
  return { bytes, modifiedAt };
}

/** None for what is no folder, or gone. */
async function entries(directory: string): Promise<readonly string[]> {
  return await readdir(directory).catch(() => []);
}
