/**
 * Snapshots: the whole database in one file, written beside the others, verified by reading it again, and only then
 * counted on. Two generations are kept with the journal back to the older one, so that one damaged snapshot costs
 * nothing.
 */
import path from 'node:path';
import { PodiumError } from '../core/errors.ts';
import { listStore, snapshotName, temporaryName } from './directory.ts';
import type { SnapshotName } from './directory.ts';
import type { Files, OpenFile } from './files.ts';
import type { Checksum } from './record.ts';
import type { Segment } from './segments.ts';

export interface SnapshotHeader {
  readonly schema: number;
  readonly generation: number;
  /** Sequence of the last commit in it. */
  readonly sequence: number;
}

export interface SnapshotFolder {
  readonly files: Files;
  readonly directory: string;
  readonly checksum: Checksum;
}

/** Layout, little-endian: magic (8), checksum of the rest of the header (4), schema (4), generation (4), checksum of the body (4), sequence (8), length of the body (8). */
const headerBytes = 40;
const magic = Buffer.from('PODIUMDB', 'latin1');
/** Written and read in pieces of this size, so that no piece holds the thread. */
const pieceBytes = 1 << 20;
const keptSnapshots = 2;

/**
 * Writes a snapshot under its final name; durable when it resolves.
 * @param body the exported database
 * @param mayInstall called before the file gets its name: rejects to give it up
 */
export async function writeSnapshot(
  { files, directory, checksum }: SnapshotFolder,
  header: SnapshotHeader,
  body: Uint8Array,
  mayInstall: () => Promise<void>,
): Promise<void> {
  const target = path.join(directory, snapshotName(header.generation, header.sequence));
  const temporary = temporaryName(target);
  await files.unlink(temporary);
  const file = await files.create(temporary);
  try {
    let sum = 0;
    for (let at = 0; at < body.length; at += pieceBytes) {
      const piece = body.subarray(at, at + pieceBytes);
      sum = checksum(piece, sum);
      await file.write(piece, headerBytes + at);
    }
    await file.write(encodeHeader(header, body.length, sum, checksum), 0);
    await file.sync();
    if ((await verify(file, checksum)) === undefined) {
      throw new PodiumError('store-unavailable', 'A snapshot of the tasks was not written as it should be.');
    }
    await mayInstall();
    await files.rename(temporary, target);
    await files.syncDirectory(directory);
  } catch (thrown) {
    await files.unlink(temporary);
    throw thrown;
  } finally {
    await file.close();
  }
}

/** A snapshot and its database; undefined when it is damaged; `missing` when there is no such file any more. */
export async function readSnapshot(
  { files, directory, checksum }: SnapshotFolder,
  name: string,
): Promise<(SnapshotHeader & { readonly body: Uint8Array }) | undefined | 'missing'> {
  const bytes = await files.read(path.join(directory, name));
  if (bytes === undefined) return 'missing';
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = decodeHeader(buffer, checksum);
  const body = buffer.subarray(headerBytes);
  if (body.length !== header?.length) return undefined;
  return checksum(body) === header.sum ? { ...header, body } : undefined;
}

/**
 * Deletes the snapshots before the newest two, and the segments that hold nothing after the older of the two.
 * Snapshots of a line that was cut off when this generation began, at the commit `since`, go as well.
 * @param segments all that are made, oldest first
 * @returns the names of the deleted segments
 */
export async function pruneSnapshots(
  { files, directory }: SnapshotFolder,
  segments: readonly Pick<Segment, 'name' | 'after'>[],
  { generation, since }: { readonly generation: number; readonly since: number },
): Promise<ReadonlySet<string>> {
  const { snapshots } = await listStore(files, directory);
  const gone = new Set<string>();
  const isCut = (one: SnapshotName): boolean => one.generation < generation && one.sequence > since;
  const whole = snapshots.filter((one) => !isCut(one));
  const old = [...snapshots.filter(isCut), ...whole.slice(keptSnapshots)];
  for (const { name } of old) await files.unlink(path.join(directory, name));
  const oldestKept = whole[keptSnapshots - 1];
  if (oldestKept === undefined) return gone;
  for (const [index, { name }] of segments.entries()) {
    const next = segments[index + 1];
    if ((next?.after ?? Infinity) > oldestKept.sequence) break;
    await files.unlink(path.join(directory, name));
    gone.add(name);
  }
  return gone;
}

interface DecodedHeader extends SnapshotHeader {
  readonly length: number;
  readonly sum: number;
}

function encodeHeader(header: SnapshotHeader, length: number, sum: number, checksum: Checksum): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  magic.copy(bytes);
  bytes.writeUInt32LE(header.schema, 12);
  bytes.writeUInt32LE(header.generation, 16);
  bytes.writeUInt32LE(sum, 20);
  bytes.writeBigUInt64LE(BigInt(header.sequence), 24);
  bytes.writeBigUInt64LE(BigInt(length), 32);
  bytes.writeUInt32LE(checksum(bytes.subarray(12)), 8);
  return bytes;
}

function decodeHeader(bytes: Buffer, checksum: Checksum): DecodedHeader | undefined {
  if (bytes.length < headerBytes || !bytes.subarray(0, magic.length).equals(magic)) return undefined;
  if (checksum(bytes.subarray(12, headerBytes)) !== bytes.readUInt32LE(8)) return undefined;
  return {
    schema: bytes.readUInt32LE(12),
    generation: bytes.readUInt32LE(16),
    sum: bytes.readUInt32LE(20),
    sequence: Number(bytes.readBigUInt64LE(24)),
    length: Number(bytes.readBigUInt64LE(32)),
  };
}

/** Reads a snapshot piece by piece; its header when every byte is as it was written. */
async function verify(file: OpenFile, checksum: Checksum): Promise<DecodedHeader | undefined> {
  const header = decodeHeader(Buffer.from(await file.read(0, headerBytes)), checksum);
  if (header === undefined) return undefined;
  let sum = 0;
  let length = 0;
  for (;;) {
    const piece = await file.read(headerBytes + length, pieceBytes);
    if (piece.length === 0) break;
    sum = checksum(piece, sum);
    length += piece.length;
  }
  return sum === header.sum && length === header.length ? header : undefined;
}
