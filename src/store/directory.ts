/**
 * The names in the store's folder. `owner.<generation>` says who writes; `journal.<generation>.<number>` holds
 * commits; `snapshot.<generation>.<sequence>` holds a whole database; `spare.<generation>` is a journal segment made
 * ahead; what ends in `.temporary` was never finished and what ends in `.damaged` is kept for a person to look at.
 */
import path from 'node:path';
import type { Files } from './files.ts';

export interface SegmentName {
  readonly name: string;
  readonly generation: number;
  readonly number: number;
}

export interface SnapshotName {
  readonly name: string;
  readonly generation: number;
  /** Sequence of the last commit it contains. */
  readonly sequence: number;
}

export interface OwnerName {
  readonly name: string;
  readonly generation: number;
}

export interface Listing {
  /** Oldest first. */
  readonly owners: readonly OwnerName[];
  /** Oldest first. */
  readonly segments: readonly SegmentName[];
  /** Newest first. */
  readonly snapshots: readonly SnapshotName[];
  /** Spares and unfinished files. */
  readonly leftovers: readonly string[];
  /** The highest generation of any name; 0 in an empty folder. */
  readonly generation: number;
}

export const ownerName = (generation: number): string => `owner.${generation}`;
export const segmentName = (generation: number, number: number): string => `journal.${generation}.${number}`;
export const snapshotName = (generation: number, sequence: number): string =>
  `snapshot.${generation}.${sequence}`;
export const spareName = (generation: number): string => `spare.${generation}`;
export const temporaryName = (name: string): string => `${name}.temporary`;

const pattern = /^(owner|journal|snapshot|spare)\.(\d{1,15})(?:\.(\d{1,15}))?$/;

export async function listStore(files: Files, directory: string): Promise<Listing> {
  const owners: OwnerName[] = [];
  const segments: SegmentName[] = [];
  const snapshots: SnapshotName[] = [];
  const leftovers: string[] = [];
  let highest = 0;
  for (const name of await files.list(directory)) {
    const [, kind, first, second] = pattern.exec(name) ?? [];
    const generation = Number(first);
    if (kind === undefined) {
      if (name.endsWith('.temporary')) leftovers.push(name);
      continue;
    }
    highest = Math.max(highest, generation);
    if (kind === 'owner') owners.push({ name, generation });
    else if (kind === 'spare') leftovers.push(name);
    else if (second !== undefined && kind === 'journal')
      segments.push({ name, generation, number: Number(second) });
    else if (second !== undefined) snapshots.push({ name, generation, sequence: Number(second) });
  }
  return {
    owners: owners.sort((a, b) => a.generation - b.generation),
    segments: segments.sort((a, b) => a.generation - b.generation || a.number - b.number),
    snapshots: snapshots.sort((a, b) => b.generation - a.generation || b.sequence - a.sequence),
    leftovers,
    generation: highest,
  };
}

/**
 * The folder to use when an editor offers `.../<id>-1/<extension>` (or `<id>-1` itself) because a window that is just
 * closing still holds `<id>`: the one below the base folder, when that exists beside the fallback. Two windows then
 * meet at the owner lock instead of each having a store of its own.
 * @param offered absolute path
 */
export function baseStorageDirectory(offered: string, exists: (path: string) => boolean): string {
  for (const [folder, below] of [
    [offered, ''],
    [path.dirname(offered), path.basename(offered)],
  ] as const) {
    const base = /^(.+)-\d{1,3}$/.exec(path.basename(folder))?.[1];
    if (base === undefined) continue;
    const sibling = path.join(path.dirname(folder), base);
    if (exists(sibling)) return path.join(sibling, below);
  }
  return offered;
}
