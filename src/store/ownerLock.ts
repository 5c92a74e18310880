/**
 * One writer for each store. Whoever creates `owner.<generation>`, which can be created once, owns the store until a
 * higher generation exists. The fence: an owner looks for its successor after each sync, before it acknowledges.
 */
import path from 'node:path';
import { PodiumError } from '../core/errors.ts';
import type { ProcessIdentity } from '../core/model.ts';
import type { Clock } from '../core/ports.ts';
import { listStore, ownerName } from './directory.ts';
import type { OwnerName } from './directory.ts';
import { fileErrorCode } from './files.ts';
import type { Files } from './files.ts';

/** Tells processes of this machine apart, beyond the reuse of their ids. */
export interface ProcessProbe {
  self(): ProcessIdentity;
  /** False only when the process is provably gone. */
  isAlive(identity: ProcessIdentity): boolean | Promise<boolean>;
}

export interface LockOptions {
  readonly files: Files;
  readonly directory: string;
  readonly probe: ProcessProbe;
  readonly clock: Clock;
  /** Name of this machine. */
  readonly host: string;
}

export type Acquisition =
  | { readonly kind: 'owner'; readonly lock: OwnerLock }
  | { readonly kind: 'reader'; readonly ownedBy: string };

/** An owner's file that is not readable this long after it was made belongs to an owner that died making it. */
const unreadableGrace = 10_000;
/** Each try loses only to another process that makes progress. */
const tries = 20;

export class OwnerLock {
  readonly generation: number;
  readonly #files: Files;
  readonly #directory: string;

  constructor(files: Files, directory: string, generation: number) {
    this.#files = files;
    this.#directory = directory;
    this.generation = generation;
  }

  /**
   * Whether nobody has taken over. In this order: successors delete files from the lowest generation up, so when the
   * next one is gone already, this one went before.
   */
  held(): boolean {
    return (
      !this.#files.exists(this.#path(this.generation + 1)) && this.#files.exists(this.#path(this.generation))
    );
  }

  /** Deletes the files of earlier owners, oldest first. */
  async forgetEarlier(): Promise<void> {
    const { owners } = await listStore(this.#files, this.#directory);
    for (const { name, generation } of owners) {
      if (generation < this.generation) await this.#files.unlink(path.join(this.#directory, name));
    }
  }

  /** Gives the store up, so that the next one who asks gets it. */
  release(): void {
    this.#files.unlinkNow(this.#path(this.generation));
  }

  #path(generation: number): string {
    return path.join(this.#directory, ownerName(generation));
  }
}

/**
 * Tries to become the owner.
 * @param force even when the present owner is alive or cannot be judged: the user said so
 * @throws PodiumError or what the file system throws
 */
export async function acquire(options: LockOptions, force: boolean): Promise<Acquisition> {
  const { files, directory } = options;
  for (let left = tries; left > 0; left -= 1) {
    const listing = await listStore(files, directory);
    const present = listing.owners.at(-1);
    if (present !== undefined && !force) {
      const ownedBy = await livingOwner(options, present);
      if (ownedBy !== undefined) return { kind: 'reader', ownedBy };
    }
    const generation = listing.generation + 1;
    if (!(await writeOwner(options, generation))) continue;
    const lock = new OwnerLock(files, directory, generation);
    // The look at the folder may have been an old one.
    if ((await listStore(files, directory)).generation === generation) return { kind: 'owner', lock };
    lock.release();
  }
  throw new PodiumError('store-unavailable', 'Other windows keep opening the same tasks. Try again.');
}

/** Who owns the store, in words; undefined when that process is provably gone. */
async function livingOwner(options: LockOptions, owner: OwnerName): Promise<string | undefined> {
  const { files, directory, probe, clock, host } = options;
  const file = path.join(directory, owner.name);
  const bytes = await files.read(file);
  if (bytes === undefined) return undefined;
  const record = parseOwner(bytes);
  if (record === undefined) {
    const made = (await files.facts(file))?.modifiedAt ?? 0;
    return clock.wallClock() - made > unreadableGrace ? undefined : 'a window that is just opening';
  }
  if (record.host !== host) return `a window on ${record.host}`;
  if (!(await probe.isAlive(record.process))) return undefined;
  return `another window (process ${record.process.pid})`;
}

interface OwnerRecord {
  readonly host: string;
  readonly process: ProcessIdentity;
}

function parseOwner(bytes: Uint8Array): OwnerRecord | undefined {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined; // Half written; the caller looks at its age.
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { host, pid, startedAt, bootId } = value as Record<string, unknown>;
  if (typeof host !== 'string' || typeof pid !== 'number') return undefined;
  if (typeof startedAt !== 'string' || typeof bootId !== 'string') return undefined;
  return { host, process: { pid, startedAt, bootId } };
}

/** @returns false when another process was first */
async function writeOwner(options: LockOptions, generation: number): Promise<boolean> {
  const { files, directory, probe, host } = options;
  const name = path.join(directory, ownerName(generation));
  let file;
  try {
    file = await files.create(name);
  } catch (thrown) {
    if (fileErrorCode(thrown) === 'EEXIST') return false;
    throw thrown;
  }
  try {
    await file.write(Buffer.from(JSON.stringify({ host, ...probe.self() })), 0);
    await file.sync();
  } catch (thrown) {
    await file.close();
    await files.unlink(name);
    throw thrown;
  }
  await file.close();
  await files.syncDirectory(directory);
  return true;
}
