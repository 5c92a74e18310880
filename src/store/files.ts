/**
 * The door to the disk: the few things the store does with files, each with the promise it makes about a power cut.
 * Errors carry the operating system's `code` (`ENOSPC`, `EIO`, `EROFS`, ...).
 */

/** An open file, for writing at given places. */
export interface OpenFile {
  /** Writes all of `bytes` at `position`, growing the file where needed. Durable only after a later `sync`. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** The same, done on return; for records, which are small and wanted at once. */
  writeNow(bytes: Uint8Array, position: number): void;
  /** Up to `length` bytes from `position`; fewer at the end of the file. */
  read(position: number, length: number): Promise<Uint8Array>;
  /** Resolves when everything written before the call survives a power cut (`fdatasync`). */
  sync(): Promise<void>;
  /** The same, done on return; for the last flush of a host that is about to die. */
  syncNow(): void;
  /** Cuts the file to `size` bytes. */
  truncate(size: number): Promise<void>;
  close(): Promise<void>;
  closeNow(): void;
}

export interface FileFacts {
  readonly size: number;
  /** Wall-clock milliseconds of the last change. */
  readonly modifiedAt: number;
}

export interface Files {
  /** Makes a folder with its parents; quiet when it exists. */
  makeDirectory(path: string): Promise<void>;
  /** Names of the entries of a folder, in no order. */
  list(directory: string): Promise<readonly string[]>;
  /** Facts of a file, or undefined when there is none. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** Whether there is such an entry now. Synchronous, because it is asked before each acknowledgement. */
  exists(path: string): boolean;
  /** The whole file, or undefined when there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Makes a file that was not there; rejects with `EEXIST` when it was. Atomic. */
  create(path: string): Promise<OpenFile>;
  /** Opens a file for reading. */
  open(path: string): Promise<OpenFile>;
  /** Gives a file another name, replacing what had it. Atomic. */
  rename(from: string, to: string): Promise<void>;
  /** The same, done on return. */
  renameNow(from: string, to: string): void;
  /** Deletes a file; quiet when there is none. */
  unlink(path: string): Promise<void>;
  /** The same, done on return. */
  unlinkNow(path: string): void;
  /** Resolves when names made, renamed or deleted in the folder before the call survive a power cut. */
  syncDirectory(directory: string): Promise<void>;
}

/** The operating system's code of an error (`ENOSPC`, `EEXIST`, ...), or undefined. */
export function fileErrorCode(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
