/** The end of a file that may be huge and may still be growing. */
import { open } from 'node:fs/promises';

export interface Tail {
  readonly text: string;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Bytes before `text`. */
  readonly skipped: number;
}

/**
 * Reads at most the last `limit` bytes, from the start of a line where there is one.
 * @returns undefined when the file does not exist
 */
export async function readTail(file: string, limit: number): Promise<Tail | undefined> {
  let handle;
  try {
    handle = await open(file, 'r');
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
  try {
    const { size } = await handle.stat();
    const from = Math.max(0, size - limit);
    const buffer = Buffer.alloc(size - from);
    let filled = 0;
    while (filled < buffer.length) {
      const { bytesRead } = await handle.read(buffer, filled, buffer.length - filled, from + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    const start = from === 0 ? 0 : lineStart(buffer.subarray(0, filled));
    return { text: buffer.toString('utf8', start, filled), size, skipped: from + start };
  } finally {
    await handle.close();
  }
}

const newline = 0x0a;

/** After the first line end, or at least at the start of a character. */
function lineStart(bytes: Buffer): number {
  const end = bytes.indexOf(newline);
  if (end >= 0 && end < bytes.length - 1) return end + 1;
  let start = 0;
  while (start < Math.min(4, bytes.length) && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
  return start;
}

function isMissing(thrown: unknown): boolean {
  return (
    thrown instanceof Error && 'code' in thrown && (thrown.code === 'ENOENT' || thrown.code === 'ENOTDIR')
  );
}
