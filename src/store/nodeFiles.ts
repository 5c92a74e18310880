/** The files of this machine. */
import * as fs from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { fileErrorCode } from './files.ts';
import type { Files, OpenFile } from './files.ts';

// Plain descriptors instead of file handles: a handle cannot be closed synchronously, and a shutdown has to.
const openDescriptor = promisify(fs.open);
const closeDescriptor = promisify(fs.close);
const readDescriptor = promisify(fs.read);
const writeDescriptor = promisify(fs.write);
const truncateDescriptor = promisify(fs.ftruncate);
const syncDescriptor = promisify(fs.fdatasync);

class NodeFile implements OpenFile {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    this.#descriptor = descriptor;
  }

  async write(bytes: Uint8Array, position: number): Promise<void> {
    for (let done = 0; done < bytes.length;) {
      const left = bytes.length - done;
      done += (await writeDescriptor(this.#descriptor, bytes, done, left, position + done)).bytesWritten;
    }
  }

  writeNow(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;) {
      done += fs.writeSync(this.#descriptor, bytes, done, bytes.length - done, position + done);
    }
  }

  async read(position: number, length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let done = 0;
    while (done < length) {
      const { bytesRead } = await readDescriptor(
        this.#descriptor,
        bytes,
        done,
        length - done,
        position + done,
      );
      if (bytesRead === 0) break;
      done += bytesRead;
    }
    return bytes.subarray(0, done);
  }

  sync(): Promise<void> {
    return syncDescriptor(this.#descriptor);
  }

  syncNow(): void {
    fs.fdatasyncSync(this.#descriptor);
  }

  truncate(size: number): Promise<void> {
    return truncateDescriptor(this.#descriptor, size);
  }

  close(): Promise<void> {
    return closeDescriptor(this.#descriptor);
  }

  closeNow(): void {
    fs.closeSync(this.#descriptor);
  }
}

/** Folders cannot be opened, or not be synced, on some systems; there the file system orders names by itself. */
const unsyncable = new Set(['EISDIR', 'EPERM', 'EINVAL', 'ENOTSUP', 'EACCES']);

export const nodeFiles: Files = {
  async makeDirectory(path) {
    await mkdir(path, { recursive: true });
  },
  list: (directory) => readdir(directory),
  async facts(path) {
    const facts = await orUndefined(stat(path));
    return facts === undefined ? undefined : { size: facts.size, modifiedAt: facts.mtimeMs };
  },
  exists: (path) => fs.existsSync(path),
  read: (path) => orUndefined(readFile(path)),
  create: async (path) => new NodeFile(await openDescriptor(path, 'wx+')),
  open: async (path) => new NodeFile(await openDescriptor(path, 'r')),
  rename,
  renameNow: (from, to) => fs.renameSync(from, to),
  async unlink(path) {
    await rm(path, { force: true });
  },
  unlinkNow(path) {
    try {
      fs.unlinkSync(path);
    } catch (thrown) {
      if (fileErrorCode(thrown) !== 'ENOENT') throw thrown;
    }
  },
  async syncDirectory(directory) {
    try {
      const descriptor = await openDescriptor(directory, 'r');
      try {
        await promisify(fs.fsync)(descriptor);
      } finally {
        await closeDescriptor(descriptor);
      }
    } catch (thrown) {
      if (process.platform !== 'win32' || !unsyncable.has(fileErrorCode(thrown) ?? '')) throw thrown;
    }
  },
};

async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (thrown) {
    if (fileErrorCode(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}
