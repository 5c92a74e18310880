/**
 * From the files to the database: the newest valid snapshot, then every commit that follows it without a gap, each
 * under the schema it was made with, then the migrations. Changes no file.
 *
 * A bad record ends the log. When a later record proves that it had been durable, that is damage: it is reported, and
 * the files from there on are set aside by whoever owns the store. Otherwise it is the torn tail of a write that was
 * never acknowledged, and is dropped.
 */
import path from 'node:path';
import { PodiumError } from '../core/errors.ts';
import { Database } from './database.ts';
import type { StatementOverrides } from './database.ts';
import { listStore } from './directory.ts';
import type { Listing, SegmentName, SnapshotName } from './directory.ts';
import { newerStore } from './migrations.ts';
import { decodeRecord, nextRecord } from './record.ts';
import type { LogRecord } from './record.ts';
import { schemaVersion } from './schema.ts';
import { readSnapshot } from './snapshots.ts';
import type { SnapshotFolder } from './snapshots.ts';
import type { SqlEngine } from './sqlModule.ts';

export interface RecoveryOptions extends SnapshotFolder {
  readonly engine: SqlEngine;
  readonly overrides: StatementOverrides;
  /** Nothing after this commit is taken: what follows was rejected. */
  readonly upTo?: number;
}

/** A segment as found: its name, and the commit after which it goes on. */
export interface FoundSegment extends SegmentName {
  readonly after: number;
}

export interface RecoveredStore {
  readonly database: Database;
  /** Sequence of the last commit in it. */
  readonly sequence: number;
  readonly migrated: boolean;
  /** The snapshot it began with: its last commit and size; zeros when there was none. */
  readonly snapshot: { readonly sequence: number; readonly bytes: number };
  /** Size of the commits after it. */
  readonly tailBytes: number;
  readonly segments: readonly FoundSegment[];
  /** Files that hold damage; nothing in them is needed for this state. */
  readonly damaged: readonly string[];
  /** What a person should know, one sentence each. */
  readonly notices: readonly string[];
  readonly listing: Listing;
}

/** Another process may delete files between the look at the folder and their reading; then look again. */
const tries = 5;

/**
 * Reads the store's folder.
 * @throws PodiumError `store-newer`, `store-corrupt`
 */
export async function recover(options: RecoveryOptions): Promise<RecoveredStore> {
  for (let left = tries; left > 0; left -= 1) {
    const recovered = await tryRecover(options);
    if (recovered !== 'vanished') return recovered;
  }
  throw new PodiumError('store-unavailable', `The files in ${options.directory} keep changing.`);
}

async function tryRecover(options: RecoveryOptions): Promise<RecoveredStore | 'vanished'> {
  const listing = await listStore(options.files, options.directory);
  const segments = await findSegments(options, listing.segments);
  if (segments === 'vanished') return 'vanished';
  const notices: string[] = [];
  const damaged: string[] = [];
  const base = await findBase(options, listing.snapshots, segments, notices, damaged);
  if (base === 'vanished') return 'vanished';
  if (base === undefined) throw corrupt(options.directory);
  const { database, ...snapshot } = base;
  const replayed = await replay(options, { database, segments, from: snapshot.sequence });
  if (replayed === 'vanished') {
    database.close();
    return 'vanished';
  }
  if (replayed.damage !== undefined) {
    notices.push(replayed.damage.notice);
    damaged.push(...replayed.damage.names);
  }
  return {
    database,
    sequence: replayed.sequence,
    migrated: database.migrate() && replayed.sequence > 0,
    snapshot,
    tailBytes: replayed.bytes,
    segments,
    damaged,
    notices,
    listing,
  };
}

/** Applies to a database what segments hold after the commit `from`. */
export async function replay(
  options: Pick<RecoveryOptions, 'files' | 'directory' | 'checksum' | 'upTo'>,
  state: {
    readonly database: Database;
    readonly segments: readonly FoundSegment[];
    readonly from: number;
  },
): Promise<
  | {
      readonly sequence: number;
      /** Size of the commits applied. */
      readonly bytes: number;
      readonly damage?: { readonly notice: string; readonly names: readonly string[] };
    }
  | 'vanished'
> {
  const { segments } = state;
  let sequence = state.from;
  let applied = 0;
  let schema: number | undefined;
  for (const [index, segment] of segments.entries()) {
    const rest = segments.slice(index + 1);
    const limit = Math.min(options.upTo ?? Infinity, ...rest.map(({ after }) => after));
    if (limit <= sequence && rest.length > 0) continue;
    const bytes = await options.files.read(path.join(options.directory, segment.name));
    if (bytes === undefined) return 'vanished';
    const log = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let broken = segment.after > sequence;
    let end = 0;
    for (const record of recordsIn(log, segment.generation, options.checksum)) {
      const size = record.end - end;
      end = record.end;
      if (record.schema > schemaVersion) throw newerStore(record.schema);
      if (record.opening || record.sequence <= sequence) continue;
      if (record.sequence > limit) break;
      if (record.sequence > sequence + 1) {
        broken ||= record.durable > sequence;
        break;
      }
      if (record.schema !== schema) state.database.migrate((schema = record.schema));
      state.database.replay(record.entries);
      sequence = record.sequence;
      applied += size;
    }
    if (broken) {
      const names = [segment, ...rest].map(({ name }) => name);
      const notice = `The journal of the tasks is damaged after change ${sequence}; what came later is lost and its files are kept aside (${names.join(', ')}).`;
      return { sequence, bytes: applied, damage: { notice, names } };
    }
  }
  return { sequence, bytes: applied };
}

/** All whole records of a segment in order, bad places left out. */
function* recordsIn(log: Buffer, generation: number, sum: SnapshotFolder['checksum']): Generator<LogRecord> {
  for (let offset = 0; ;) {
    const record = decodeRecord(log, offset, generation, sum) ?? nextRecord(log, offset, generation, sum);
    if (record === undefined) return;
    yield record;
    offset = record.end;
  }
}

export async function findSegments(
  { files, directory, checksum }: SnapshotFolder,
  names: readonly SegmentName[],
): Promise<readonly FoundSegment[] | 'vanished'> {
  const found: FoundSegment[] = [];
  for (const name of names) {
    const bytes = await files.read(path.join(directory, name.name));
    if (bytes === undefined) return 'vanished';
    const log = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const first = nextRecord(log, 0, name.generation, checksum);
    if (first === undefined) continue; // Nothing in it was ever durable.
    found.push({ ...name, after: first.opening ? first.sequence : first.sequence - 1 });
  }
  return found;
}

/** The newest snapshot that is whole and not of a line that was cut off; an empty database where there is none. */
async function findBase(
  options: RecoveryOptions,
  snapshots: readonly SnapshotName[],
  segments: readonly FoundSegment[],
  notices: string[],
  damaged: string[],
): Promise<
  { readonly database: Database; readonly sequence: number; readonly bytes: number } | 'vanished' | undefined
> {
  for (const { name, generation, sequence } of snapshots) {
    const cut = segments.some((segment) => segment.generation > generation && segment.after < sequence);
    if (cut) continue;
    const snapshot = await readSnapshot(options, name);
    if (snapshot === 'missing') return 'vanished';
    if (snapshot === undefined) {
      damaged.push(name);
      notices.push(`The snapshot ${name} of the tasks is damaged; an older one and the journal were used.`);
      continue;
    }
    if (snapshot.schema > schemaVersion) throw newerStore(snapshot.schema);
    return {
      database: new Database(options.engine(snapshot.body), options.overrides),
      sequence: snapshot.sequence,
      bytes: snapshot.body.length,
    };
  }
  const beginning = segments[0]?.after ?? 0;
  if (snapshots.length > 0 && (segments.length === 0 || beginning > 0)) return undefined;
  return { database: new Database(options.engine(null), options.overrides), sequence: 0, bytes: 0 };
}

function corrupt(directory: string): PodiumError {
  return new PodiumError(
    'store-corrupt',
    `The saved tasks in ${directory} are damaged and cannot be read. Nothing was changed: move the folder away to ` +
      'start with an empty one, or put back a copy of it.',
  );
}
