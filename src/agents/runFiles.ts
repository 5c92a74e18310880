/**
 * The files of one run. `started.json` is its fence: whoever makes it first, the supervisor or a recovery, decides
 * whether the program may ever start. `exit.json` appears only when nothing of the run is alive any more.
 */
import {
  closeSync,
  fsyncSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import type { ProcessIdentity } from '../core/model.ts';
import { parseIdentity } from './processIdentity.ts';

export const startedFile = 'started.json';
export const exitFile = 'exit.json';
/** What the program printed. */
export const outputFile = 'output.log';
/** The program's wishes for sub-tasks, and the answers. */
export const outboxFile = 'outbox.jsonl';
export const inboxFile = 'inbox.jsonl';

/** Environment entry that all processes of a run inherit; its value is the run's folder, which no other run has. */
export const runMark = 'PODIUM_RUN';

export type StartedRecord =
  /** A recovery was first: the program of this run never starts. */
  | { readonly kind: 'fenced' }
  | {
      readonly kind: 'claimed';
      readonly supervisor: ProcessIdentity;
      /** Null between the claim and the start of the program. */
      readonly program: ProcessIdentity | null;
    };

const ends = ['exited', 'not-started', 'cancelled', 'host-gone', 'terminated'] as const;
/**
 * Why a run ended: its program did by itself; its program could not be started; the host asked; the host went away;
 * someone ended the supervisor. Only the first two say anything about the program.
 */
export type RunEnd = (typeof ends)[number];

export interface ExitRecord {
  readonly end: RunEnd;
  /** Exit code of the program; null when a signal ended it or it never started. */
  readonly code: number | null;
  readonly signal: string | null;
  /** Why the program could not be started, with the system's code, e.g. `ENOENT`. */
  readonly error: { readonly code: string; readonly message: string } | null;
  /** Wall-clock milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** Bytes the program printed, and how many of them are neither in the log nor in `tail`. */
  readonly bytes: number;
  readonly dropped: number;
  /** The last 64 KB it printed. */
  readonly tail: string;
}

/**
 * Makes `started.json`, or returns false when there is one. Atomic, also for whoever reads it at that moment.
 * @throws the file system's error when it can neither be made nor was there
 */
export function claimRun(runDirectory: string, record: StartedRecord): boolean {
  const target = path.join(runDirectory, startedFile);
  const draft = `${target}.${process.pid}.temporary`;
  writeWhole(draft, record, 'w');
  try {
    linkSync(draft, target);
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
  } finally {
    unlinkSync(draft);
  }
  try {
    writeWhole(target, record, 'wx'); // a file system without hard links
    return true;
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') return false;
    throw thrown;
  }
}

/** Replaces a record, atomically and durably. */
export function writeRecord(runDirectory: string, name: string, record: StartedRecord | ExitRecord): void {
  const target = path.join(runDirectory, name);
  const draft = `${target}.${process.pid}.temporary`;
  writeWhole(draft, record, 'w');
  renameSync(draft, target);
  syncDirectory(runDirectory);
}

/** `started.json`, or undefined when there is none or it says nothing that can be understood. */
export function readStarted(runDirectory: string): StartedRecord | undefined {
  const { kind, supervisor, program } = readObject(runDirectory, startedFile) ?? {};
  if (kind === 'fenced') return { kind };
  const identity = parseIdentity(supervisor);
  if (kind !== 'claimed' || identity === undefined) return undefined;
  return { kind, supervisor: identity, program: parseIdentity(program) ?? null };
}

/** `exit.json`, or undefined when there is none that is whole. */
export function readExit(runDirectory: string): ExitRecord | undefined {
  return parseExit(readObject(runDirectory, exitFile));
}

/** Reads an exit record from outside; undefined when it is none. */
export function parseExit(value: unknown): ExitRecord | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const fields = value as Readonly<Record<string, unknown>>;
  const { code, signal, error, startedAt, endedAt, bytes, dropped, tail } = fields;
  const end = ends.find((one) => one === fields.end);
  if (end === undefined || !isCount(startedAt) || !isCount(endedAt) || !isCount(bytes) || !isCount(dropped))
    return undefined;
  return {
    end,
    code: typeof code === 'number' ? code : null,
    signal: typeof signal === 'string' ? signal : null,
    error: parseError(error),
    startedAt,
    endedAt,
    bytes,
    dropped,
    tail: typeof tail === 'string' ? tail : '',
  };
}

function parseError(value: unknown): ExitRecord['error'] {
  if (typeof value !== 'object' || value === null) return null;
  const { code, message } = value as Readonly<Record<string, unknown>>;
  return {
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function readObject(runDirectory: string, name: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path.join(runDirectory, name), 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    return value as Readonly<Record<string, unknown>>;
  } catch (thrown) {
    if (thrown instanceof SyntaxError || codeOf(thrown) === 'ENOENT') return undefined;
    throw thrown;
  }
}

function writeWhole(file: string, record: StartedRecord | ExitRecord, flags: 'w' | 'wx'): void {
  const descriptor = openSync(file, flags, 0o600);
  try {
    writeSync(descriptor, JSON.stringify(record));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Makes what was renamed in a folder survive a power cut; Windows does that by itself. */
function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error ? (thrown as NodeJS.ErrnoException).code : undefined;
}
