/**
 * The names in the archive's folder. `finished.<generation>.<number>.jsonl` is being written by the owner of that
 * generation; `finished.<generation>.<number>.<bytes>.<tasks>.jsonl` is sealed: that many of its bytes count, and they
 * hold so many tasks. What a segment being written holds that counts is said by the mark in the database.
 */
import type { Files } from '../files.ts';
import { fileErrorCode } from '../files.ts';

export interface SegmentFile {
  readonly name: string;
  readonly generation: number;
  readonly number: number;
  /** Null while it is being written. */
  readonly sealed: SegmentSize | null;
}

export interface SegmentSize {
  readonly bytes: number;
  readonly tasks: number;
}

/** How much of the segment that is being written counts; changes with the transaction that deletes its tasks. */
export interface ArchiveMark extends SegmentSize {
  readonly name: string;
}

/** The note of the store that holds the mark. */
export const markNote = 'archive';

const pattern = /^finished\.(\d{1,15})\.(\d{1,15})(?:\.(\d{1,15})\.(\d{1,15}))?\.jsonl$/;

export const openName = (generation: number, number: number): string =>
  `finished.${generation}.${number}.jsonl`;

export const sealedName = ({ generation, number }: SegmentFile, { bytes, tasks }: SegmentSize): string =>
  `finished.${generation}.${number}.${bytes}.${tasks}.jsonl`;

/** Oldest first; none when there is no such folder. */
export async function listSegments(files: Files, directory: string): Promise<readonly SegmentFile[]> {
  const names = await files.list(directory).catch((thrown: unknown) => {
    if (fileErrorCode(thrown) === 'ENOENT') return [];
    throw thrown;
  });
  return names
    .flatMap((name) => {
      const [match, generation, number, bytes, tasks] = pattern.exec(name) ?? [];
      if (match === undefined) return [];
      const sealed = bytes === undefined ? null : { bytes: Number(bytes), tasks: Number(tasks) };
      return [{ name, generation: Number(generation), number: Number(number), sealed }];
    })
    .sort((a, b) => a.generation - b.generation || a.number - b.number);
}

/** Undefined when there is no mark, or none that can be read. */
export function parseMark(text: string | undefined): ArchiveMark | undefined {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { name, bytes, tasks } = value as Readonly<Record<string, unknown>>;
    if (typeof name !== 'string' || !isCount(bytes) || !isCount(tasks)) return undefined;
    return { name, bytes, tasks };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/**
 * How much of a segment counts: nothing when it was never marked, because its tasks are still in the database. Without
 * any mark the database is another one than that of the archive, and everything counts.
 */
export function countedSize(segment: SegmentFile, mark: ArchiveMark | undefined): SegmentSize | 'all' {
  if (segment.sealed !== null) return segment.sealed;
  if (mark === undefined) return 'all';
  return mark.name === segment.name ? mark : { bytes: 0, tasks: 0 };
}
