/** The file that keeps what was measured: replaced as a whole, and not worth waiting for a disk. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { PastPlace } from '../core/ports.ts';

export class PastFile implements PastPlace {
  readonly #file: string;

  /** @param file absolute path */
  constructor(file: string) {
    this.#file = file;
  }

  async read(): Promise<string | undefined> {
    try {
      return await readFile(this.#file, 'utf8');
    } catch (thrown) {
      if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return undefined;
      throw thrown;
    }
  }

  async write(text: string, mayReplace: () => boolean): Promise<void> {
    const temporary = `${this.#file}.${process.pid}.temporary`;
    try {
      await writeFile(temporary, text);
      if (mayReplace()) await rename(temporary, this.#file);
    } finally {
      await rm(temporary, { force: true });
    }
  }
}
