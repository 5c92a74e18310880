/**
 * Where the tasks of each folder are kept: `<directory>/<folder>/<store>.json`, one file for each store that has some,
 * written by the window that owns that store. So a window that opens a folder finds what another one has of it.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Instant, WorkspaceId } from '../core/model.ts';

export interface FolderRecord {
  readonly workspaceId: WorkspaceId;
  /** Absolute path of the folder in which a window keeps its data. */
  readonly storage: string;
  readonly at: Instant;
  readonly unfinished: number;
  readonly finished: number;
}

const recordVersion = 1;
const neverFile = 'never';
const ending = '.json';
/** A record is a path and some numbers. */
const longestRecord = 16_384;

export class FolderRegistry {
  readonly #directory: string;
  /** What was last written, so that nothing is written twice. */
  readonly #written = new Map<string, string>();

  /** @param directory absolute path; made when it is not there */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Keeps a record of a store, or forgets it when that has no tasks of the folder. */
  async note(record: FolderRecord): Promise<void> {
    const { workspaceId, storage, unfinished, finished } = record;
    const file = this.#file(workspaceId, storage);
    const facts = `${unfinished} ${finished}`;
    if (this.#written.get(file) === facts) return;
    if (unfinished + finished === 0) {
      await rm(file, { force: true });
    } else {
      await mkdir(path.dirname(file), { recursive: true });
      const temporary = `${file}.${process.pid}.temporary`;
      await writeFile(temporary, JSON.stringify({ version: recordVersion, ...record }));
      await rename(temporary, file);
    }
    this.#written.set(file, facts);
  }

  /** Forgets what a store was said to have of a folder. */
  async forget(workspaceId: WorkspaceId, storage: string): Promise<void> {
    const file = this.#file(workspaceId, storage);
    this.#written.delete(file);
    await rm(file, { force: true });
  }

  /** The stores but for `storage` that have tasks of a folder, the latest first. Those that are gone are forgotten. */
  async elsewhere(workspaceId: WorkspaceId, storage: string): Promise<readonly FolderRecord[]> {
    const records: FolderRecord[] = [];
    for (const name of await this.#names(workspaceId)) {
      if (!name.endsWith(ending)) continue;
      const file = path.join(this.#directory, workspaceId, name);
      const record = parseRecord(await readFile(file, 'utf8').catch(() => ''));
      if (record?.workspaceId !== workspaceId || this.#file(workspaceId, record.storage) !== file) continue;
      if (record.storage === storage) continue;
      if (existsSync(path.join(record.storage, 'store'))) records.push(record);
      else await rm(file, { force: true });
    }
    return records.sort((a, b) => b.at - a.at);
  }

  /** The tasks of a folder are never offered again. */
  async never(workspaceId: WorkspaceId): Promise<void> {
    await mkdir(path.join(this.#directory, workspaceId), { recursive: true });
    await writeFile(path.join(this.#directory, workspaceId, neverFile), '');
  }

  async isNever(workspaceId: WorkspaceId): Promise<boolean> {
    return (await this.#names(workspaceId)).includes(neverFile);
  }

  async #names(workspaceId: WorkspaceId): Promise<readonly string[]> {
    return await readdir(path.join(this.#directory, workspaceId)).catch(() => []);
  }

  #file(workspaceId: WorkspaceId, storage: string): string {
    const name = createHash('sha256').update(storage).digest('hex').slice(0, 16);
    return path.join(this.#directory, workspaceId, `${name}${ending}`);
  }
}

/** Undefined for what is no record of this version. */
function parseRecord(text: string): FolderRecord | undefined {
  if (text.length > longestRecord) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Nobody reads it, so it is as good as none.
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { version, workspaceId, storage, at, unfinished, finished } = value as Readonly<
    Record<string, unknown>
  >;
  if (version !== recordVersion || typeof workspaceId !== 'string') return undefined;
  if (typeof storage !== 'string' || !path.isAbsolute(storage)) return undefined;
  if (!isCount(at) || !isCount(unfinished) || !isCount(finished)) return undefined;
  return { workspaceId: workspaceId as WorkspaceId, storage, at, unfinished, finished };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
