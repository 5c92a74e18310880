/**
 * Puts finished tasks away: their lines are on disk first, then one transaction deletes them from the database and
 * moves the mark behind the lines. Lines behind the mark do not count, so a crash at any moment leaves each task in
 * exactly one place. Only the owner of the store writes, and only into segments of its own generation.
 */
import path from 'node:path';
import { pastOf } from '../../core/history/pastTask.ts';
import { PodiumError } from '../../core/errors.ts';
import type { Instant, Milliseconds, Task, WorkspaceId } from '../../core/model.ts';
import type { Clock, Store } from '../../core/ports.ts';
import type { Files, OpenFile } from '../files.ts';
import { countedSize, listSegments, markNote, openName, parseMark, sealedName } from './segmentFiles.ts';
import type { ArchiveMark } from './segmentFiles.ts';

/** Finished tasks of a workspace that may leave the database together. */
export interface Surplus {
  readonly workspaceId: WorkspaceId;
  readonly workspaceName: string;
  /** How many more than wanted there were. */
  readonly excess: number;
  /** Not empty. */
  readonly tasks: readonly Task[];
}

/** What the archive asks of the store besides its notes. */
export interface ArchiveStore extends Pick<Store, 'role' | 'note' | 'putNote'> {
  /** The oldest finished trees beyond `keep` that nothing needs any more, a portion of them; undefined for none. */
  surplus(workspaceId: WorkspaceId, keep: number): Promise<Surplus | undefined>;
  /** Deletes the tasks and keeps the note, in one; false, changing nothing, when the tasks are not as they were. */
  release(surplus: Surplus, noteName: string, note: string): Promise<boolean>;
}

export interface ArchiveWriterPorts {
  readonly files: Files;
  /** Absolute path of the archive's folder; made when it is not there. */
  readonly directory: string;
  readonly store: ArchiveStore;
  readonly clock: Clock;
  /** Bytes after which another segment is begun; tests use fewer. */
  readonly segmentBytes?: number;
}

/** 1 MiB: read and searched as a whole in some 10 ms. */
const defaultSegmentBytes = 1 << 20;
const day: Milliseconds = 24 * 60 * 60 * 1_000;
/** A segment is forgotten as a whole, so it holds what was put away within a day. */
const longestSegment: Milliseconds = day;

interface Segment extends ArchiveMark {
  readonly file: OpenFile;
  readonly since: Instant;
}

export class ArchiveWriter {
  readonly #ports: ArchiveWriterPorts;
  #segment: Segment | undefined;
  /** Number of the last segment of this writer. */
  #number = 0;

  constructor(ports: ArchiveWriterPorts) {
    this.#ports = ports;
  }

  /**
   * Puts away one portion of what a workspace has finished beyond `keep`.
   * @returns how many tasks went; 0 when there is nothing to do now
   * @throws PodiumError what the store throws; an error of the disk. Then every task is where it was.
   */
  async put(workspaceId: WorkspaceId, keep: number): Promise<number> {
    const { store } = this.#ports;
    const surplus = await store.surplus(workspaceId, keep);
    if (surplus === undefined) return 0;
    const segment = await this.#roomySegment();
    const lines = new TextEncoder().encode(linesOf(surplus, this.#ports.clock.wallClock()));
    const grown = {
      name: segment.name,
      bytes: segment.bytes + lines.length,
      tasks: segment.tasks + surplus.tasks.length,
    };
    try {
      await segment.file.write(lines, segment.bytes);
      await segment.file.sync();
      if (!(await store.release(surplus, markNote, JSON.stringify(grown)))) {
        await segment.file.truncate(segment.bytes);
        return 0;
      }
    } catch (thrown) {
      // What lies behind the mark is cut off when the segment is sealed.
      await this.close();
      throw thrown;
    }
    this.#segment = { ...segment, ...grown };
    return surplus.tasks.length;
  }

  /** Forgets segments to which nothing was added for so many days. */
  async forget(days: number): Promise<void> {
    const { files, directory, clock } = this.#ports;
    if (this.#segment !== undefined && this.#isOld(this.#segment)) await this.close();
    if (this.#segment === undefined) await this.#seal();
    for (const { name, sealed } of await listSegments(files, directory)) {
      if (sealed === null) continue;
      const file = path.join(directory, name);
      const facts = await files.facts(file);
      if (facts !== undefined && facts.modifiedAt < clock.wallClock() - days * day) await files.unlink(file);
    }
  }

  /** Lets go of the files; what comes later begins another segment. */
  async close(): Promise<void> {
    const { file } = this.#segment ?? {};
    this.#segment = undefined;
    await file?.close();
  }

  async #roomySegment(): Promise<Segment> {
    const { segmentBytes = defaultSegmentBytes } = this.#ports;
    const segment = this.#segment;
    if (segment !== undefined && segment.bytes < segmentBytes && !this.#isOld(segment)) return segment;
    await this.close();
    this.#segment = await this.#begin();
    return this.#segment;
  }

  #isOld({ since }: Segment): boolean {
    return this.#ports.clock.wallClock() - since > longestSegment;
  }

  /** The mark is moved to a new segment before that exists, so that no segment is ever without one. */
  async #begin(): Promise<Segment> {
    const { files, directory, store, clock } = this.#ports;
    const generation = this.#generation();
    await files.makeDirectory(directory);
    await files.syncDirectory(path.dirname(directory));
    await this.#seal();
    const numbers = (await listSegments(files, directory))
      .filter((segment) => segment.generation === generation)
      .map(({ number }) => number);
    this.#number = Math.max(this.#number, ...numbers) + 1;
    const mark = { name: openName(generation, this.#number), bytes: 0, tasks: 0 };
    await store.putNote(markNote, JSON.stringify(mark));
    const file = await files.create(path.join(directory, mark.name));
    await files.syncDirectory(directory);
    return { ...mark, file, since: clock.wallClock() };
  }

  /** Gives what earlier writers left its final name, or deletes it when none of it counts. */
  async #seal(): Promise<void> {
    const { files, directory, store } = this.#ports;
    const generation = this.#generation();
    const mark = parseMark(await store.note(markNote));
    let changed = false;
    for (const segment of await listSegments(files, directory)) {
      if (segment.sealed !== null || segment.generation > generation) continue;
      const file = path.join(directory, segment.name);
      const counted = countedSize(segment, mark);
      const size = counted === 'all' ? await this.#wholeSize(file) : counted;
      changed = true;
      if (size.bytes === 0) await files.unlink(file);
      else await files.rename(file, path.join(directory, sealedName(segment, size)));
    }
    if (changed) await files.syncDirectory(directory);
  }

  async #wholeSize(file: string): Promise<{ readonly bytes: number; readonly tasks: number }> {
    const bytes = (await this.#ports.files.read(file)) ?? new Uint8Array();
    const end = bytes.lastIndexOf(newline) + 1;
    return { bytes: end, tasks: bytes.subarray(0, end).filter((byte) => byte === newline).length };
  }

  /** @throws PodiumError `read-only` */
  #generation(): number {
    const { role } = this.#ports.store;
    if (role.kind === 'owner') return role.generation;
    throw new PodiumError('read-only', 'Only the window that owns the tasks writes their archive.');
  }
}

const newline = 0x0a;

/** Version of the lines; readers take what they know of any. */
const lineVersion = 1;

function linesOf({ tasks, workspaceName }: Surplus, at: Instant): string {
  return tasks
    .map((task) => `${JSON.stringify({ v: lineVersion, at, ...pastOf(task, workspaceName) })}\n`)
    .join('');
}
