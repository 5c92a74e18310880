/** A text file written piece by piece, and there only when it is whole. */
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/**
 * Writes beside `file` first and gives it its name when all is written, so that an earlier file stays until then.
 * @param file absolute path
 * @throws the reason of `signal` when that is aborted; an error of the disk. Then nothing is left behind.
 */
export async function writeLines(
  file: string,
  lines: AsyncIterable<string>,
  signal: AbortSignal,
): Promise<void> {
  const temporary = `${file}.${process.pid}.temporary`;
  try {
    await pipeline(Readable.from(lines), createWriteStream(temporary), { signal });
    await rename(temporary, file);
  } finally {
    await rm(temporary, { force: true });
  }
}
