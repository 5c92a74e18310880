/** Reads the archive, latest first, one segment in memory at a time. Any process may, while the owner writes. */
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { parsePast } from '../../core/history/pastTask.ts';
import type { PastTask } from '../../core/history/pastTask.ts';
import type { Log, Store } from '../../core/ports.ts';
import { fileErrorCode } from '../files.ts';
import type { Files } from '../files.ts';
import { countedSize, listSegments, markNote, parseMark } from './segmentFiles.ts';
import type { SegmentFile, SegmentSize } from './segmentFiles.ts';

export interface ArchiveReaderPorts {
  readonly files: Files;
  /** Absolute path of the archive's folder; it need not exist. */
  readonly directory: string;
  readonly store: Pick<Store, 'note'>;
  readonly log: Log;
}

/** Characters looked at before the thread is given back: about 2 ms to parse. */
const stretch = 128 * 1024;
const newline = 0x0a;

export class ArchiveReader {
  readonly #ports: ArchiveReaderPorts;
  /** Segments with lines that say nothing, so that the log hears of each once. */
  readonly #reported = new Set<string>();

  constructor(ports: ArchiveReaderPorts) {
    this.#ports = ports;
  }

  /**
   * The tasks of the archive, the last to be put away first.
   * @param worthIt asked of each raw line before it is parsed
   */
  async *tasks(signal: AbortSignal, worthIt: (line: string) => boolean = all): AsyncGenerator<PastTask> {
    const mark = await this.#mark();
    const segments = [...(await this.#list())].reverse();
    for (const segment of segments) {
      signal.throwIfAborted();
      const text = await this.#text(segment, countedSize(segment, mark));
      yield* this.#parsed(segment.name, text, signal, worthIt);
    }
  }

  /** How many tasks the archive holds, by what was written down with them. */
  async count(): Promise<number> {
    const mark = await this.#mark();
    let count = 0;
    for (const segment of await this.#list()) {
      const size = countedSize(segment, mark);
      if (size !== 'all') count += size.tasks;
    }
    return count;
  }

  async *#parsed(
    name: string,
    text: string,
    signal: AbortSignal,
    worthIt: (line: string) => boolean,
  ): AsyncGenerator<PastTask> {
    let looked = 0;
    let wrong = 0;
    for (let end = text.length - 1; end > 0;) {
      const start = text.lastIndexOf('\n', end - 1) + 1;
      const line = text.slice(start, end);
      end = start - 1;
      looked += line.length;
      if (looked > stretch) {
        looked = 0;
        await setImmediate();
        signal.throwIfAborted();
      }
      if (!worthIt(line)) continue;
      const task = taskOf(line);
      if (task === undefined) wrong += 1;
      else yield task;
    }
    if (wrong > 0 && !this.#reported.has(name)) {
      this.#reported.add(name);
      this.#ports.log.write('warn', `The archive has lines that cannot be read; they are left out.`, {
        file: name,
        lines: wrong,
      });
    }
  }

  /** What counts of a segment, whole lines only; '' when it has been forgotten meanwhile. */
  async #text(segment: SegmentFile, size: SegmentSize | 'all'): Promise<string> {
    const bytes = (await this.#bytes(segment.name, size)) ?? (await this.#moved(segment));
    return new TextDecoder().decode(bytes.subarray(0, bytes.lastIndexOf(newline) + 1));
  }

  /** It was sealed since it was listed, or deleted. */
  async #moved({ generation, number }: SegmentFile): Promise<Uint8Array> {
    const now = (await this.#list()).find(
      (other) => other.generation === generation && other.number === number && other.sealed !== null,
    );
    const bytes = now === undefined ? undefined : await this.#bytes(now.name, now.sealed ?? 'all');
    return bytes ?? new Uint8Array();
  }

  async #bytes(name: string, size: SegmentSize | 'all'): Promise<Uint8Array | undefined> {
    const { files, directory } = this.#ports;
    const file = path.join(directory, name);
    if (size === 'all') return await files.read(file);
    if (size.bytes === 0) return new Uint8Array();
    try {
      const open = await files.open(file);
      try {
        return await open.read(0, size.bytes);
      } finally {
        await open.close();
      }
    } catch (thrown) {
      if (fileErrorCode(thrown) === 'ENOENT') return undefined;
      throw thrown;
    }
  }

  async #mark(): Promise<ReturnType<typeof parseMark>> {
    return parseMark(await this.#ports.store.note(markNote));
  }

  async #list(): Promise<readonly SegmentFile[]> {
    return await listSegments(this.#ports.files, this.#ports.directory);
  }
}

function all(): boolean {
  return true;
}

function taskOf(line: string): PastTask | undefined {
  try {
    return parsePast(JSON.parse(line));
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}
