/** How a process comes into a store: as its owner or as a reader, with everything either needs. */
import { hostname } from 'node:os';
import { storeError } from './journal.ts';
import { acquire } from './ownerLock.ts';
import type { Acquisition, OwnerLock } from './ownerLock.ts';
import { Ownership } from './ownership.ts';
import type { OwnershipOptions } from './ownership.ts';
import { Readership } from './readership.ts';
import { checksum } from './record.ts';
import type { RecoveryOptions } from './recovery.ts';
import { cautiousProbe, defaultSegmentBytes, defaultSnapshotRecords } from './storeOptions.ts';
import type { StoreOptions, StoreSeams } from './storeOptions.ts';

export class Entrance {
  readonly #options: StoreOptions;
  readonly #seams: StoreSeams;
  readonly #recovery: RecoveryOptions;

  private constructor(options: StoreOptions, seams: StoreSeams, recovery: RecoveryOptions) {
    this.#options = options;
    this.#seams = seams;
    this.#recovery = recovery;
  }

  static async open(options: StoreOptions, seams: StoreSeams): Promise<Entrance> {
    const { files, directory } = options;
    return new Entrance(options, seams, {
      files,
      directory,
      engine: seams.engine ?? (await (await import('./sqlModule.ts')).openSqlEngine()),
      overrides: seams.statements ?? new Map<never, string>(),
      checksum: seams.checksum ?? checksum,
    });
  }

  /**
   * Asks for the store.
   * @param force take it from a living owner
   * @throws PodiumError `store-full`, `store-unavailable`
   */
  async ask(force: boolean): Promise<Acquisition> {
    const { files, directory, clock, probe = cautiousProbe, host = hostname() } = this.#options;
    try {
      await files.makeDirectory(directory);
      return await acquire({ files, directory, clock, probe, host }, force);
    } catch (thrown) {
      throw storeError(thrown);
    }
  }

  /** Reads the store as its owner; gives it up again when it cannot be read. @throws PodiumError */
  async own(lock: OwnerLock, onFailure: OwnershipOptions['onFailure']): Promise<Ownership> {
    try {
      return await Ownership.begin({
        recovery: this.#recovery,
        policies: this.#options.policies,
        lock,
        clock: this.#options.clock,
        log: this.#options.log,
        watch: this.#options.watch,
        segmentBytes: this.#seams.segmentBytes ?? defaultSegmentBytes,
        snapshotRecords: this.#seams.snapshotRecords ?? defaultSnapshotRecords,
        onFailure,
      });
    } catch (thrown) {
      lock.release();
      throw storeError(thrown);
    }
  }

  /** Reads the store beside its owner. @throws PodiumError */
  async read(ownedBy: string): Promise<Readership> {
    const { policies, clock } = this.#options;
    return await Readership.begin(this.#recovery, policies, ownedBy, clock);
  }
}
