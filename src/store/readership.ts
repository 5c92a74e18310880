/** A reader's half of the store: a picture of what another process owns, renewed from its files. */
import path from 'node:path';
import type { Clock } from '../core/ports.ts';
import { listStore } from './directory.ts';
import { Ledger } from './ledger.ts';
import { findSegments, recover, replay } from './recovery.ts';
import type { RecoveredStore, RecoveryOptions } from './recovery.ts';
import type { StoreOptions } from './storeOptions.ts';

export class Readership {
  /** Who owns the store, in words. */
  readonly ownedBy: string;
  readonly #options: RecoveryOptions;
  readonly #clock: Clock;
  readonly #policies: StoreOptions['policies'];
  #ledger: Ledger;
  #sequence: number;
  #segments: ReadonlySet<string>;
  /** The state of the folder that was last read. */
  #seen: Fingerprint;

  private constructor(
    options: RecoveryOptions,
    policies: StoreOptions['policies'],
    ownedBy: string,
    recovered: RecoveredStore,
    seen: Fingerprint,
    clock: Clock,
  ) {
    this.#options = options;
    this.#clock = clock;
    this.#policies = policies;
    this.ownedBy = ownedBy;
    this.#ledger = new Ledger(recovered.database, policies);
    this.#sequence = recovered.sequence;
    this.#segments = namesOf(recovered.segments);
    this.#seen = seen;
  }

  get ledger(): Ledger {
    return this.#ledger;
  }

  /** @throws PodiumError `store-newer`, `store-corrupt` */
  static async begin(
    options: RecoveryOptions,
    policies: StoreOptions['policies'],
    ownedBy: string,
    clock: Clock,
  ): Promise<Readership> {
    const seen = await fingerprint(options, clock);
    return new Readership(options, policies, ownedBy, await recover(options), seen, clock);
  }

  /**
   * Reads what the owner has written since.
   * @returns whether anything had changed
   */
  async refresh(): Promise<boolean> {
    const seen = await fingerprint(this.#options, this.#clock);
    if (this.#seen.settled && seen.text === this.#seen.text) return false;
    const before = this.#sequence;
    const database = this.#ledger.database;
    if (!(await this.#follow())) {
      const recovered = await recover(this.#options);
      this.#ledger.database.close();
      this.#ledger = new Ledger(recovered.database, this.#policies);
      this.#sequence = recovered.sequence;
      this.#segments = namesOf(recovered.segments);
    }
    this.#seen = seen;
    return this.#sequence !== before || this.#ledger.database !== database;
  }

  /** Applies new commits to the picture; false when it has to be read from the beginning. */
  async #follow(): Promise<boolean> {
    const { segments: names } = await listStore(this.#options.files, this.#options.directory);
    const segments = await findSegments(this.#options, names);
    if (segments === 'vanished') return false;
    // A new segment that goes on from before our last commit says that some of ours were never acknowledged.
    if (segments.some(({ name, after }) => !this.#segments.has(name) && after < this.#sequence)) return false;
    const { database } = this.#ledger;
    const replayed = await replay(this.#options, { database, segments, from: this.#sequence });
    if (replayed === 'vanished') return false;
    if (replayed.sequence > this.#sequence) this.#ledger = new Ledger(database, this.#policies);
    this.#sequence = replayed.sequence;
    this.#segments = namesOf(segments);
    return replayed.damage === undefined;
  }
}

function namesOf(segments: readonly { readonly name: string }[]): ReadonlySet<string> {
  return new Set(segments.map(({ name }) => name));
}

interface Fingerprint {
  readonly text: string;
  /** Whether a later change is sure to give another text. */
  readonly settled: boolean;
}

/** Two changes within this time may leave a file with the same time of change. */
const timeGrain = 2_000;

async function fingerprint({ files, directory }: RecoveryOptions, clock: Clock): Promise<Fingerprint> {
  const now = clock.wallClock();
  const { segments, snapshots } = await listStore(files, directory);
  const facts = await Promise.all(
    [...segments, ...snapshots].map(async ({ name }) => ({
      name,
      ...(await files.facts(path.join(directory, name))),
    })),
  );
  return {
    text: JSON.stringify(facts),
    settled: facts.every(({ modifiedAt = now }) => modifiedAt < now - timeGrain),
  };
}
