/** An owner's half of the store: recovered state, a journal that goes on from it, and snapshots. */
import path from 'node:path';
import { messageOf } from '../core/errors.ts';
import type { Instant } from '../core/model.ts';
import type { Clock, Log, StoreState, StoreWatch } from '../core/ports.ts';
import { Journal } from './journal.ts';
import { Ledger } from './ledger.ts';
import type { OwnerLock } from './ownerLock.ts';
import { recover } from './recovery.ts';
import type { RecoveredStore, RecoveryOptions } from './recovery.ts';
import { schemaVersion } from './schema.ts';
import { SegmentStore } from './segments.ts';
import { pruneSnapshots, writeSnapshot } from './snapshots.ts';
import { openingBacklog } from './storeOptions.ts';
import type { StoreOptions } from './storeOptions.ts';

export interface OwnershipOptions {
  readonly recovery: RecoveryOptions;
  readonly policies: StoreOptions['policies'];
  readonly lock: OwnerLock;
  readonly clock: Clock;
  readonly log: Log;
  readonly watch: StoreWatch | undefined;
  readonly segmentBytes: number;
  readonly snapshotRecords: number;
  /** Told of the first failure of the journal; see `JournalOptions`. */
  readonly onFailure: (failed: Ownership, thrown: unknown) => Promise<void>;
}

export class Ownership {
  readonly lock: OwnerLock;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly #options: OwnershipOptions;
  readonly #recovered: RecoveredStore;
  readonly #segments: SegmentStore;
  /** Commit after which this owner's generation begins. */
  readonly #since: number;
  #snapshot: { readonly sequence: number; readonly bytes: number; readonly journalBytes: number };
  /** Bytes of commits that were already behind the snapshot when this began. */
  #tailBytes: number;
  /** What is on disk is of an old schema or beside damage, so that a snapshot is worth it even without commits. */
  #outdated: boolean;
  /** After a snapshot that failed, not before this commit again. */
  #notBefore = 0;
  #taking: Promise<void> | undefined;

  private constructor(options: OwnershipOptions, recovered: RecoveredStore, since: number, number: number) {
    const { recovery, lock, policies, segmentBytes } = options;
    this.#options = options;
    this.#recovered = recovered;
    this.#since = since;
    this.lock = lock;
    this.ledger = new Ledger(recovered.database, policies);
    this.#snapshot = { ...recovered.snapshot, journalBytes: 0 };
    this.#tailBytes = recovered.tailBytes;
    this.#outdated = recovered.migrated || recovered.damaged.length > 0;
    this.#segments = new SegmentStore(
      {
        files: recovery.files,
        directory: recovery.directory,
        generation: lock.generation,
        capacity: segmentBytes,
      },
      recovered.segments,
      number,
    );
    this.journal = new Journal({
      segments: this.#segments,
      generation: lock.generation,
      schema: schemaVersion,
      checksum: recovery.checksum,
      sequence: recovered.sequence,
      held: () => lock.held(),
      clock: options.clock,
      onSync: (took) => options.watch?.synced(took),
      onFailure: (thrown) => options.onFailure(this, thrown),
    });
  }

  get state(): StoreState {
    const { sequence, bytes, journalBytes } = this.#snapshot;
    return {
      tail: {
        records: this.journal.last - sequence,
        bytes: this.journal.bytes - journalBytes + this.#tailBytes,
      },
      snapshotBytes: bytes === 0 ? null : bytes,
      databaseBytes: this.ledger.database.size,
    };
  }

  /** What a person should know about the recovery. */
  get notices(): readonly string[] {
    return this.#recovered.notices;
  }

  /**
   * Takes the store as the last owner left it.
   * @throws PodiumError `store-newer`, `store-corrupt`; then no file was changed
   */
  static async begin(options: OwnershipOptions): Promise<Ownership> {
    const recovered = await recover(options.recovery);
    return new Ownership(options, recovered, recovered.sequence, 1);
  }

  /** The same owner goes on after a failure, from what was durable. */
  async again(): Promise<Ownership> {
    const upTo = this.journal.durable;
    const recovered = await recover({ ...this.#options.recovery, upTo });
    this.ledger.database.close();
    return new Ownership(this.#options, recovered, this.#since, this.#segments.number);
  }

  /** First writes: opens the journal, so that nothing a former owner may still write counts, and tidies up. */
  async start(now: Instant): Promise<void> {
    await this.journal.begin();
    const { entries } = this.ledger.transact(() => this.ledger.clampInstants(now));
    if (entries.length > 0) await this.journal.whenDurable(this.journal.append(entries));
    await this.#tidy();
  }

  /** Keeps damaged files aside, and deletes what earlier owners left unfinished. */
  async #tidy(): Promise<void> {
    const { files, directory } = this.#options.recovery;
    for (const name of this.#recovered.damaged) {
      await files.rename(path.join(directory, name), path.join(directory, `${name}.damaged`));
    }
    for (const name of this.#recovered.listing.leftovers) await files.unlink(path.join(directory, name));
    await this.lock.forgetEarlier();
    if (this.#needsSnapshot()) await this.snapshot();
  }

  /** Whether so much has been written since the last snapshot that another is forced. */
  get snapshotDue(): boolean {
    const records = this.journal.last - this.#snapshot.sequence;
    if (records < this.#options.snapshotRecords || this.#taking !== undefined) return false;
    if (this.journal.last < this.#notBefore) return false;
    return this.journal.bytes - this.#snapshot.journalBytes >= this.#snapshot.bytes / 2;
  }

  /** Takes a snapshot when anything was written since the last; calls during one share it. */
  async snapshot(): Promise<void> {
    this.#taking ??= this.#takeSnapshot();
    try {
      await this.#taking;
    } catch (thrown) {
      this.#notBefore = this.journal.last + this.#options.snapshotRecords / 10;
      throw thrown;
    } finally {
      this.#taking = undefined;
    }
  }

  /** Waits for a snapshot under way, whatever becomes of it. */
  async rest(): Promise<void> {
    await this.#taking?.catch((thrown: unknown) => {
      this.#options.log.write('warn', `A snapshot was given up: ${messageOf(thrown)}`);
    });
  }

  /** Gives back the memory and the store, so that the next who asks gets it. */
  end(): void {
    this.ledger.database.close();
    this.lock.release();
  }

  async #takeSnapshot(): Promise<void> {
    const { journal, lock, ledger } = this;
    const folder = this.#options.recovery;
    const sequence = journal.last;
    const journalBytes = journal.bytes;
    if (sequence === this.#snapshot.sequence && !this.#outdated) return;
    const { clock, watch } = this.#options;
    const began = clock.monotonic();
    const body = ledger.database.export();
    watch?.held('snapshot', clock.monotonic() - began);
    const header = { schema: schemaVersion, generation: lock.generation, sequence };
    // Only what is durable may be in it, and only an owner may put it there.
    await writeSnapshot(folder, header, body, async () => {
      await journal.whenDurable(sequence);
      await journal.begin();
    });
    this.#snapshot = { sequence, bytes: body.length, journalBytes };
    this.#tailBytes = 0;
    watch?.snapshotTaken(clock.monotonic() - began);
    this.#outdated = false;
    if (!lock.held()) return;
    const gone = await pruneSnapshots(folder, this.#segments.made, {
      generation: lock.generation,
      since: this.#since,
    });
    this.#segments.forget(gone);
  }

  #needsSnapshot(): boolean {
    const { snapshot, segments, sequence } = this.#recovered;
    if (this.#outdated) return true;
    const { records, segments: many } = openingBacklog;
    return sequence - snapshot.sequence > records || segments.length > many;
  }
}
