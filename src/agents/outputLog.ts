/**
 * What a program prints, kept in bounded space: the beginning in a file, the end in memory, and a count of what lies
 * between. Characters that arrive in pieces are put together before anything is cut.
 */
import { writeSync } from 'node:fs';

export type OutputStream = 'stdout' | 'stderr';

export interface OutputSummary {
  /** Bytes printed. */
  readonly bytes: number;
  /** Bytes that are neither in the file nor in the tail. */
  readonly dropped: number;
  /** The last 64 KB. */
  readonly tail: string;
  /** Why the file is not complete, e.g. a full disk; null when it is. */
  readonly problem: string | null;
}

export const tailLimit = 64 * 1024;

/** The last bytes of a stream, in a ring. */
class Tail {
  readonly #ring = Buffer.alloc(tailLimit);
  #seen = 0;

  push(bytes: Buffer): void {
    const kept = bytes.subarray(Math.max(0, bytes.length - tailLimit));
    const start = (this.#seen + bytes.length - kept.length) % tailLimit;
    const first = kept.subarray(0, tailLimit - start);
    first.copy(this.#ring, start);
    kept.copy(this.#ring, 0, first.length);
    this.#seen += bytes.length;
  }

  /** The last `length` bytes of what was pushed, oldest first, from the next whole character on. */
  read(length: number): Buffer {
    const available = Math.min(length, this.#seen, tailLimit);
    const end = this.#seen % tailLimit;
    const whole =
      this.#seen < tailLimit
        ? this.#ring.subarray(0, this.#seen)
        : Buffer.concat([this.#ring.subarray(end), this.#ring.subarray(0, end)]);
    const bytes = whole.subarray(whole.length - available);
    return available < this.#seen ? bytes.subarray(continuationBytes(bytes)) : bytes;
  }
}

export class OutputLog {
  readonly #descriptor: number;
  readonly #limit: number;
  readonly #tail = new Tail();
  readonly #unfinished: Record<OutputStream, Buffer> = { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) };
  #bytes = 0;
  #head = 0;
  #full = false;
  #problem: string | null = null;

  /**
   * @param descriptor a file open for appending; closing it is the caller's business
   * @param limit bytes of output the file takes from the beginning
   */
  constructor(descriptor: number, limit: number) {
    this.#descriptor = descriptor;
    this.#limit = limit;
  }

  /** Blocks until the file has taken its part, so that a fast program is held back instead of filling the memory. */
  write(stream: OutputStream, chunk: Buffer): void {
    const joined =
      this.#unfinished[stream].length > 0 ? Buffer.concat([this.#unfinished[stream], chunk]) : chunk;
    const whole = joined.length - unfinishedBytes(joined);
    this.#unfinished[stream] = Buffer.from(joined.subarray(whole));
    this.#keep(joined.subarray(0, whole));
  }

  /** Writes the end of the output behind its beginning and sums up. */
  finish(): OutputSummary {
    for (const stream of ['stdout', 'stderr'] as const) this.#keep(this.#unfinished[stream]);
    const end = this.#tail.read(this.#bytes - this.#head);
    const dropped = this.#bytes - this.#head - end.length;
    if (dropped > 0) this.#append(Buffer.from(`\n[Podium: ${dropped} bytes were left out here.]\n`));
    this.#append(end);
    return {
      bytes: this.#bytes,
      dropped,
      tail: this.#tail.read(tailLimit).toString('utf8'),
      problem: this.#problem,
    };
  }

  #keep(bytes: Buffer): void {
    this.#bytes += bytes.length;
    this.#tail.push(bytes);
    if (this.#full) return;
    const room = this.#limit - this.#head;
    let head = bytes;
    if (bytes.length > room) {
      this.#full = true;
      head = bytes.subarray(0, room - unfinishedBytes(bytes.subarray(0, room)));
    }
    this.#head += head.length;
    this.#append(head);
  }

  #append(bytes: Buffer): void {
    if (this.#problem !== null) return;
    try {
      for (let written = 0; written < bytes.length;) {
        written += writeSync(this.#descriptor, bytes, written);
      }
    } catch (thrown) {
      this.#problem = thrown instanceof Error ? thrown.message : String(thrown);
    }
  }
}

/** How many bytes at the end of `bytes` begin a UTF-8 character that does not end there. */
function unfinishedBytes(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (isContinuation(byte)) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/** How many bytes at the beginning of `bytes` belong to a character that began before. */
function continuationBytes(bytes: Buffer): number {
  let count = 0;
  while (count < Math.min(3, bytes.length) && isContinuation(bytes[count] ?? 0)) count += 1;
  return count;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
