/** The folders of runs, on their way from the storage of one window to that of another. */
import { copyFile, link, mkdir, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { TaskId } from '../core/model.ts';
import { runsFolder } from './diskPlaces.ts';

/** Puts the runs of tasks into another folder too: as further names of the same files where the disk can do that. */
export async function duplicateRuns(storage: string, ids: readonly TaskId[], into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  const there = new Set(await entriesOf(path.join(storage, runsFolder)));
  for (const id of ids) {
    if (there.has(id)) await duplicate(path.join(storage, runsFolder, id), path.join(into, id));
  }
}

/** Moves runs to where a window looks for them; of one that is there already, that one stays. */
export async function adoptRuns(from: string, storage: string): Promise<void> {
  const runs = path.join(storage, runsFolder);
  await mkdir(runs, { recursive: true });
  for (const id of await entriesOf(from)) await adopt(path.join(from, id), path.join(runs, id));
}

export async function deleteRuns(storage: string, ids: readonly TaskId[]): Promise<void> {
  for (const id of ids) await rm(path.join(storage, runsFolder, id), { recursive: true, force: true });
}

async function adopt(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (thrown) {
    if (!isTaken(thrown)) throw thrown;
    // The task has been here before: its runs lie beside each other, one for each claim.
    const here = new Set(await entriesOf(to));
    for (const claim of await entriesOf(from)) {
      if (!here.has(claim)) await rename(path.join(from, claim), path.join(to, claim));
    }
  }
}

async function duplicate(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [one, other] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (entry.isDirectory()) await duplicate(one, other);
    else if (entry.isFile()) await link(one, other).catch(() => copyFile(one, other));
  }
}

async function entriesOf(directory: string): Promise<readonly string[]> {
  return await readdir(directory).catch(() => []);
}

function isTaken(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  return code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'EPERM';
}
