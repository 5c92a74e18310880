/** What a store is opened with. */
import type { Clock, Log, StorePolicies, StoreRole, StoreWatch } from '../core/ports.ts';
import type { StatementOverrides } from './database.ts';
import type { Files } from './files.ts';
import type { ProcessProbe } from './ownerLock.ts';
import type { Checksum } from './record.ts';
import type { SqlEngine } from './sqlModule.ts';

export interface StoreOptions {
  /** Absolute path of the store's own folder; made when it is not there. */
  readonly directory: string;
  readonly files: Files;
  readonly clock: Clock;
  readonly policies: StorePolicies;
  readonly log: Log;
  /** Tells whether an earlier owner is gone. Without it every recorded owner that did not let go counts as alive. */
  readonly probe?: ProcessProbe;
  /** Name of this machine; the operating system's when absent. */
  readonly host?: string;
  /** Told what the store does; `held` of each look and each transaction. */
  readonly watch?: StoreWatch;
  /** Told when this process becomes the owner or stops being it. */
  readonly onRoleChange?: (role: StoreRole) => void;
}

/** Sizes and inner parts that tests replace; the product takes the defaults. */
export interface StoreSeams {
  readonly engine?: SqlEngine;
  readonly checksum?: Checksum;
  readonly statements?: StatementOverrides;
  /** Bytes of a journal segment. */
  readonly segmentBytes?: number;
  /** A snapshot is forced after so many commits, when they also take half as many bytes as the last snapshot. */
  readonly snapshotRecords?: number;
}

/** 4 MiB: filled in about 10 ms, and some 5,000 commits long. */
export const defaultSegmentBytes = 4 << 20;
export const defaultSnapshotRecords = 10_000;
/** With more commits or segments than this behind the last snapshot, opening takes a new one. */
export const openingBacklog = { records: 1_000, segments: 4 } as const;

/** Without a way to look at processes, none is provably gone. */
export const cautiousProbe: ProcessProbe = {
  self: () => ({ pid: 0, startedAt: 'unknown', bootId: 'unknown' }),
  isAlive: () => true,
};
