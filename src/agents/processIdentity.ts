/** Who a process is, beyond the reuse of process ids: pid, start time and the boot they belong to. */
import type { ProcessIdentity } from '../core/model.ts';
import { processInfo, readBootId } from './processTable.ts';

/** Tells processes apart; the store's owner lock asks it. */
export interface ProcessProbe {
  /** The process that asks. */
  self(): ProcessIdentity;
  /** Whether exactly this process still runs; one that has ended but was not yet noticed by its parent does not. */
  isAlive(identity: ProcessIdentity): Promise<boolean>;
}

let bootId: string | undefined;
let own: ProcessIdentity | undefined;

/** Changes on every boot of the machine; empty where the system does not tell. */
export function currentBootId(): string {
  if (bootId !== undefined) return bootId;
  try {
    bootId = readBootId();
  } catch {
    bootId = '';
  }
  return bootId;
}

/** The process that holds this pid, also when it has just ended; undefined when none does. Blocks, see `processInfo`. */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const info = processInfo(pid);
  return info === undefined ? undefined : { pid, startedAt: info.startedAt, bootId: currentBootId() };
}

/** Whether exactly this process runs now. Blocks, see `processInfo`. */
export function isAlive(identity: ProcessIdentity): boolean {
  if (identity.bootId !== currentBootId()) return false;
  const info = processInfo(identity.pid);
  return info?.startedAt === identity.startedAt && !info.zombie;
}

export function ownIdentity(): ProcessIdentity {
  own ??= identityOf(process.pid) ?? { pid: process.pid, startedAt: '', bootId: currentBootId() };
  return own;
}

/** Reads an identity from outside, e.g. from a file; undefined when it is none. */
export function parseIdentity(value: unknown): ProcessIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, startedAt, bootId: boot } = value as Partial<Record<keyof ProcessIdentity, unknown>>;
  // 0 and 1 would make a signal go to a whole group or to every process: never accept them.
  if (typeof pid !== 'number' || !Number.isSafeInteger(pid) || pid <= 1) return undefined;
  if (typeof startedAt !== 'string' || typeof boot !== 'string') return undefined;
  return { pid, startedAt, bootId: boot };
}

export const processProbe: ProcessProbe = {
  self: ownIdentity,
  isAlive: (identity) => Promise.resolve(isAlive(identity)),
};
