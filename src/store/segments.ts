/**
 * The files a journal writes to: each filled with zeros beforehand, so that a commit changes no length and no
 * allocation and costs one `fdatasync`. The next one is made ahead, under another name.
 */
import path from 'node:path';
import { segmentName, spareName } from './directory.ts';
import type { Files, OpenFile } from './files.ts';

interface SegmentOptions {
  readonly files: Files;
  readonly directory: string;
  readonly generation: number;
  /** Bytes of a segment; a larger group of commits makes a larger one. */
  readonly capacity: number;
}

/** Zeros are written in pieces of this size. */
const zeros = new Uint8Array(1 << 20);

/** One file of the journal, open for appending. */
export class Segment {
  readonly name: string;
  /** Sequence of the last commit before it. */
  readonly after: number;
  readonly #file: OpenFile;
  readonly #options: SegmentOptions;
  readonly #spare: string;
  #used = 0;
  /** Up to here a sync has succeeded. */
  #synced = 0;
  #installed = false;
  #open = true;

  constructor(file: OpenFile, spare: string, name: string, after: number, options: SegmentOptions) {
    this.#file = file;
    this.#spare = spare;
    this.name = name;
    this.after = after;
    this.#options = options;
  }

  hasRoom(bytes: number): boolean {
    return this.#used + bytes <= this.#options.capacity;
  }

  get halfFull(): boolean {
    return this.#used * 2 > this.#options.capacity;
  }

  append(bytes: Uint8Array): void {
    this.#file.writeNow(bytes, this.#used);
    this.#used += bytes.length;
  }

  async sync(): Promise<void> {
    const reached = this.#used;
    await this.#file.sync();
    this.#synced = reached;
  }

  /**
   * Overwrites what a failed sync has left in doubt, so that a process that reads the file next does not find it.
   * Only a new segment makes that certain; this is for the time until there is one.
   */
  erase(): void {
    this.#file.writeNow(new Uint8Array(this.#used - this.#synced), this.#synced);
  }

  /** Makes the file, with what was appended, a part of the journal. */
  async install(): Promise<void> {
    const { files, directory } = this.#options;
    const reached = this.#used;
    await this.#file.sync();
    if (!this.#open) return;
    this.#installed = true;
    await files.rename(this.#spare, path.join(directory, this.name));
    await files.syncDirectory(directory);
    this.#synced = reached;
  }

  syncNow(): void {
    this.#file.syncNow();
    if (!this.#installed)
      this.#options.files.renameNow(this.#spare, path.join(this.#options.directory, this.name));
    this.#installed = true;
  }

  /** Nothing more will be appended: gives the unused rest back to the disk. */
  async finish(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    try {
      await this.#file.truncate(this.#used);
    } finally {
      await this.#file.close();
    }
  }

  /** Closes after a failure, as it is. */
  abandon(): void {
    if (!this.#open) return;
    this.#open = false;
    void this.#file.close().catch(() => undefined); // Its contents are not trusted any more.
  }

  closeNow(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#file.closeNow();
  }
}

/** Makes segments, one after the other. */
export class SegmentStore {
  readonly #options: SegmentOptions;
  readonly #made: Pick<Segment, 'name' | 'after'>[];
  #number: number;
  #spare: Promise<OpenFile> | undefined;

  /**
   * @param made the segments there are, oldest first
   * @param number of the first segment to make
   */
  constructor(options: SegmentOptions, made: readonly Pick<Segment, 'name' | 'after'>[], number: number) {
    this.#options = options;
    this.#made = [...made];
    this.#number = number;
  }

  /** Number of the next segment. */
  get number(): number {
    return this.#number;
  }

  /** All segments that may be needed, oldest first. */
  get made(): readonly Pick<Segment, 'name' | 'after'>[] {
    return this.#made;
  }

  /** Forgets segments that were deleted. */
  forget(names: ReadonlySet<string>): void {
    this.#made.splice(0, this.#made.length, ...this.#made.filter(({ name }) => !names.has(name)));
  }

  /** A new, empty segment that goes on after the commit `after`; not a part of the journal until installed. */
  async next(after: number): Promise<Segment> {
    this.prepareSpare();
    const making = this.#spare;
    this.#spare = undefined;
    if (making === undefined) throw new Error('unreachable: a spare was just asked for');
    // It may have been tried long ago, when there was no room; once more, then.
    const file = await making.catch(() => this.#make());
    const name = segmentName(this.#options.generation, this.#number);
    this.#number += 1;
    const segment = new Segment(file, this.#spareName, name, after, this.#options);
    this.#made.push({ name, after });
    return segment;
  }

  /** Starts making a segment ahead, unless there is one. A failure shows when it is needed. */
  prepareSpare(): void {
    if (this.#spare !== undefined) return;
    this.#spare = this.#make();
    this.#spare.catch(() => undefined);
  }

  async dropSpare(): Promise<void> {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare === undefined) return;
    try {
      await (await spare).close();
    } finally {
      await this.#options.files.unlink(this.#spareName);
    }
  }

  get #spareName(): string {
    return path.join(this.#options.directory, spareName(this.#options.generation));
  }

  async #make(): Promise<OpenFile> {
    const { files, capacity } = this.#options;
    await files.unlink(this.#spareName);
    const file = await files.create(this.#spareName);
    try {
      for (let at = 0; at < capacity; at += zeros.length) {
        await file.write(zeros.subarray(0, Math.min(zeros.length, capacity - at)), at);
      }
      await file.sync();
      return file;
    } catch (thrown) {
      await file.close();
      await files.unlink(this.#spareName);
      throw thrown;
    }
  }
}
