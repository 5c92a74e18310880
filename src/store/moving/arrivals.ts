/**
 * Tasks that are on their way into a storage: `<storage>/arriving/<move>/`, with `arrival.json` written last and the
 * folders of their runs beside it. One counts once the store it comes from has noted the move.
 */
import path from 'node:path';
import { fileErrorCode } from '../files.ts';
import type { Files } from '../files.ts';
import { temporaryName } from '../directory.ts';
import { dumpText, parseDump } from './workspaceDump.ts';
import type { WorkspaceDump } from './workspaceDump.ts';

export interface Arrival {
  /** Name of the move. */
  readonly move: string;
  /** Absolute path of the storage it comes from. */
  readonly source: string;
  readonly dump: WorkspaceDump;
}

/** What is done with whole folders, by someone who knows disks. */
export interface FolderFiles {
  /** Deletes a folder with all that is in it; quiet when there is none. */
  deleteTree(directory: string): Promise<void>;
}

const fileName = 'arrival.json';
/** Moves have names of their own making; nothing else is read. */
const moveName = /^[\w-]{1,64}$/;

export class Arrivals {
  readonly #files: Files & FolderFiles;
  readonly #directory: string;

  /** @param storage absolute path of the storage they come to */
  constructor(files: Files & FolderFiles, storage: string) {
    this.#files = files;
    this.#directory = path.join(storage, 'arriving');
  }

  /** Where the runs of a move wait. */
  runsOf(move: string): string {
    return path.join(this.#directory, move, 'runs');
  }

  /** Resolves when the tasks would survive a power cut here. */
  async prepare({ move, source, dump }: Arrival): Promise<void> {
    const files = this.#files;
    const directory = path.join(this.#directory, move);
    await files.makeDirectory(directory);
    const target = path.join(directory, fileName);
    const file = await files.create(temporaryName(target));
    try {
      await file.write(Buffer.from(`${JSON.stringify({ source })}\n${dumpText(dump)}`), 0);
      await file.sync();
    } finally {
      await file.close();
    }
    await files.rename(temporaryName(target), target);
    for (const folder of [directory, this.#directory, path.dirname(this.#directory)]) {
      await files.syncDirectory(folder);
    }
  }

  /** What was prepared; the preparation of the `unfinished` ones was cut short, and the others are beyond reading. */
  async list(): Promise<{
    readonly arrivals: readonly Arrival[];
    readonly unfinished: readonly string[];
    readonly unreadable: readonly string[];
  }> {
    const arrivals: Arrival[] = [];
    const unfinished: string[] = [];
    const unreadable: string[] = [];
    for (const move of await this.#names()) {
      if (!moveName.test(move)) continue;
      const bytes = await this.#files.read(path.join(this.#directory, move, fileName));
      const arrival = bytes === undefined ? undefined : parseArrival(move, Buffer.from(bytes).toString());
      if (arrival !== undefined) arrivals.push(arrival);
      else if (bytes === undefined) unfinished.push(move);
      else unreadable.push(move);
    }
    return { arrivals, unfinished, unreadable };
  }

  /** It has arrived, or never will. */
  async drop(move: string): Promise<void> {
    const directory = path.join(this.#directory, move);
    await this.#files.unlink(path.join(directory, fileName));
    if (this.#files.exists(directory)) await this.#files.syncDirectory(directory);
    await this.#files.deleteTree(directory);
  }

  async #names(): Promise<readonly string[]> {
    try {
      return await this.#files.list(this.#directory);
    } catch (thrown) {
      if (fileErrorCode(thrown) === 'ENOENT') return [];
      throw thrown;
    }
  }
}

function parseArrival(move: string, text: string): Arrival | undefined {
  const end = text.indexOf('\n');
  const dump = parseDump(text.slice(end + 1));
  const source = sourceOf(text.slice(0, Math.max(0, end)));
  return dump === undefined || source === undefined ? undefined : { move, source, dump };
}

function sourceOf(line: string): string | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('source' in value)) return undefined;
    return typeof value.source === 'string' && path.isAbsolute(value.source) ? value.source : undefined;
  } catch {
    return undefined; // Not whole.
  }
}
