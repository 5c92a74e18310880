/**
 * One commit as it lies in a journal segment. A segment begins with an *opening* record, which says after which
 * commit it goes on: whatever earlier segments hold beyond that was never acknowledged and does not count.
 *
 * Layout, little-endian, 8-byte aligned: checksum of all that follows (4), length of the payload (4), magic (2),
 * schema (2), generation (4), sequence (8), highest sequence known durable when this was written (8), payload, spaces.
 * The payload is JSON. The last number tells damage from a torn tail: a bad record that a later one names as
 * durable was once whole.
 */
import { crc32 } from 'node:zlib';
import type { Entry } from './database.ts';

export interface LogRecord {
  readonly sequence: number;
  /** Highest sequence that was durable when this record was written. */
  readonly durable: number;
  /** Version of the schema it was made under. */
  readonly schema: number;
  /** Whether it is an opening record; otherwise it is a commit. */
  readonly opening: boolean;
  /** Empty for an opening record. */
  readonly entries: readonly Entry[];
  /** Where the next record begins. */
  readonly end: number;
}

/** CRC-32 of bytes, going on from `seed`. */
export type Checksum = (bytes: Uint8Array, seed?: number) => number;

export const checksum: Checksum = (bytes, seed = 0) => crc32(bytes, seed);

const headerBytes = 32;
const alignment = 8;
/** `PJ`; so that a search for records need not compute a checksum at every place. */
const magic = 0x4a_50;
/** Payload of an opening record. */
const openingPayload = '"opening"';

/** @param entries of a commit; null makes an opening record */
export function encodeRecord(
  record: Pick<LogRecord, 'sequence' | 'durable' | 'schema'> & { readonly generation: number },
  entries: readonly Entry[] | null,
  sum: Checksum,
): Buffer {
  const payload = entries === null ? openingPayload : JSON.stringify(entries);
  const unpadded = headerBytes + Buffer.byteLength(payload);
  const total = Math.ceil(unpadded / alignment) * alignment;
  const bytes = Buffer.allocUnsafe(total);
  bytes.writeUInt32LE(total - headerBytes, 4);
  bytes.writeUInt16LE(magic, 8);
  bytes.writeUInt16LE(record.schema, 10);
  bytes.writeUInt32LE(record.generation, 12);
  bytes.writeBigUInt64LE(BigInt(record.sequence), 16);
  bytes.writeBigUInt64LE(BigInt(record.durable), 24);
  bytes.write(payload, headerBytes);
  bytes.fill(' ', unpadded);
  bytes.writeUInt32LE(sum(bytes.subarray(4)), 0);
  return bytes;
}

/** The record at `offset`, or undefined when what lies there is not a whole record of this generation. */
export function decodeRecord(
  bytes: Buffer,
  offset: number,
  generation: number,
  sum: Checksum,
): LogRecord | undefined {
  if (offset + headerBytes > bytes.length) return undefined;
  if (bytes.readUInt16LE(offset + 8) !== magic || bytes.readUInt32LE(offset + 12) !== generation)
    return undefined;
  const length = bytes.readUInt32LE(offset + 4);
  const end = offset + headerBytes + length;
  if (length === 0 || end > bytes.length) return undefined;
  if (sum(bytes.subarray(offset + 4, end)) !== bytes.readUInt32LE(offset)) return undefined;
  const payload = parsePayload(bytes.toString('utf8', offset + headerBytes, end));
  if (payload === undefined) return undefined;
  return {
    sequence: Number(bytes.readBigUInt64LE(offset + 16)),
    durable: Number(bytes.readBigUInt64LE(offset + 24)),
    schema: bytes.readUInt16LE(offset + 10),
    ...payload,
    end,
  };
}

/** The first whole record at `offset` or after it, or undefined when there is none: what follows a bad place. */
export function nextRecord(
  bytes: Buffer,
  offset: number,
  generation: number,
  sum: Checksum,
): LogRecord | undefined {
  if (isZero(bytes.subarray(offset))) return undefined;
  for (let place = offset; place + headerBytes <= bytes.length; place += alignment) {
    if (bytes.readUInt16LE(place + 8) !== magic) continue;
    const record = decodeRecord(bytes, place, generation, sum);
    if (record !== undefined) return record;
  }
  return undefined;
}

const zeros = Buffer.alloc(65_536);

function isZero(bytes: Buffer): boolean {
  for (let at = 0; at < bytes.length; at += zeros.length) {
    const part = bytes.subarray(at, at + zeros.length);
    if (part.compare(zeros, 0, part.length) !== 0) return false;
  }
  return true;
}

function parsePayload(text: string): Pick<LogRecord, 'opening' | 'entries'> | undefined {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    return undefined; // Not a record, then; the caller says what that means.
  }
  if (payload === 'opening') return { opening: true, entries: [] };
  return Array.isArray(payload) && payload.every(isEntry) ? { opening: false, entries: payload } : undefined;
}

function isEntry(value: unknown): value is Entry {
  if (!Array.isArray(value) || typeof value[0] !== 'number') return false;
  return value.every((part) => part === null || typeof part === 'string' || typeof part === 'number');
}
