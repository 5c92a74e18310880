/**
 * A store's life: who owns it, what happens when its journal fails or another window takes over, and how it ends.
 * Operations come in through `write` and `read`; neither knows what they do.
 */
import { messageOf, PodiumError } from '../core/errors.ts';
import type { Trip } from '../core/fuses/trip.ts';
import type { Instant } from '../core/model.ts';
import type { StoreRole, StoreState } from '../core/ports.ts';
import { Entrance } from './entrance.ts';
import type { Ledger } from './ledger.ts';
import type { Acquisition } from './ownerLock.ts';
import type { Ownership } from './ownership.ts';
import type { Readership } from './readership.ts';
import type { StoreOptions, StoreSeams } from './storeOptions.ts';

type Phase =
  | { readonly kind: 'owner'; readonly owner: Ownership }
  /** The journal failed and the state could not be read again; the next operation tries once more. */
  | { readonly kind: 'broken'; readonly owner: Ownership }
  | { readonly kind: 'reader'; readonly reader: Readership }
  | { readonly kind: 'closed' };

/** What a transaction is told besides the ledger. */
export interface WriteContext {
  readonly now: Instant;
  readonly generation: number;
}

/** A read that lost its state to a failed journal is done again on the state that came back; not for ever. */
const readTries = 3;

export class LiveStore {
  readonly #options: StoreOptions;
  readonly #entrance: Entrance;
  /** Told of every fuse that has blown, once that is durable. */
  readonly tripListeners = new Set<(trip: Trip) => void>();
  /** Told when trips have ended, once that is durable. */
  readonly endListeners = new Set<() => void>();
  readonly #notices: string[] = [];
  #phase: Phase = { kind: 'closed' };
  /** The state is being read again after a failure. */
  #mending: Promise<void> | undefined;
  /** A change of owner under way; one at a time. */
  #moving: Promise<unknown> = Promise.resolve();

  private constructor(options: StoreOptions, entrance: Entrance) {
    this.#options = options;
    this.#entrance = entrance;
  }

  static async open(options: StoreOptions, seams: StoreSeams): Promise<LiveStore> {
    const store = new LiveStore(options, await Entrance.open(options, seams));
    await store.#enter(await store.#entrance.ask(false));
    return store;
  }

  get role(): StoreRole {
    const phase = this.#phase;
    switch (phase.kind) {
      case 'owner':
      case 'broken':
        return { kind: 'owner', generation: phase.owner.lock.generation };
      case 'reader':
        return { kind: 'reader', ownedBy: phase.reader.ownedBy };
      case 'closed':
        return { kind: 'reader', ownedBy: 'nobody: it is closed' };
    }
  }

  /** What an owner knows of itself; null for everyone else. */
  get state(): StoreState | null {
    return this.#phase.kind === 'owner' ? this.#phase.owner.state : null;
  }

  get notices(): readonly string[] {
    return this.#notices;
  }

  /**
   * Runs `work` as one transaction; resolves with what it gave when that is durable.
   * @param name what it is, for those who watch how long it holds the thread
   */
  async write<T>(work: (ledger: Ledger, context: WriteContext) => T, name = 'change'): Promise<T> {
    const owner =
      this.#mending === undefined && this.#phase.kind === 'owner' ? this.#phase.owner : await this.#owner();
    const context = { now: this.#options.clock.wallClock(), generation: owner.lock.generation };
    const { value, entries } = this.#timed(name, () =>
      owner.ledger.transact(() => work(owner.ledger, context)),
    );
    const trips = owner.ledger.trips.takeFresh();
    const ended = owner.ledger.trips.takeEnded();
    const { journal } = owner;
    if (entries.length > 0) this.#options.watch?.committed();
    await journal.whenDurable(entries.length === 0 ? journal.last : journal.append(entries));
    for (const trip of trips) for (const listener of this.tripListeners) listener(trip);
    if (ended) for (const listener of this.endListeners) listener();
    if (owner.snapshotDue) void this.#takeForcedSnapshot(owner);
    return value;
  }

  /** Looks at the present state; resolves when all of that is durable. */
  async read<T>(look: (ledger: Ledger) => T, name = 'look'): Promise<T> {
    for (let left = readTries; ; left -= 1) {
      if (this.#phase.kind === 'reader') return look(this.#phase.reader.ledger);
      const owner = await this.#owner();
      const value = this.#timed(name, () => look(owner.ledger));
      try {
        await owner.journal.whenDurable(owner.journal.last);
        return value;
      } catch (thrown) {
        if (left <= 1 || this.#phase.kind === 'closed') throw thrown;
        await this.#mending;
      }
    }
  }

  #timed<T>(name: string, work: () => T): T {
    const { clock, watch } = this.#options;
    if (watch === undefined) return work();
    const began = clock.monotonic();
    try {
      return work();
    } finally {
      watch.held(name, clock.monotonic() - began);
    }
  }

  /** Takes a snapshot when anything was written since the last one; quiet for a reader. */
  async snapshot(): Promise<void> {
    if (this.#phase.kind === 'owner') await this.#phase.owner.snapshot();
  }

  /** Becomes the owner, whoever is it now. Resolves when the store is open for writing. */
  async takeOver(): Promise<void> {
    await this.#move(async () => {
      if (this.#phase.kind === 'reader') await this.#enter(await this.#entrance.ask(true));
    });
  }

  /**
   * For a reader: becomes the owner when there is none any more, and otherwise reads what the owner has written.
   * @returns whether anything changed
   */
  async poll(): Promise<boolean> {
    return await this.#move(async () => {
      if (this.#phase.kind !== 'reader') return false;
      const { reader } = this.#phase;
      const acquired = await this.#entrance.ask(false);
      if (acquired.kind === 'reader' && acquired.ownedBy === reader.ownedBy) return await reader.refresh();
      await this.#enter(acquired);
      return true;
    });
  }

  async close(): Promise<void> {
    await this.#move(async () => {
      await this.#mending;
      const phase = this.#phase;
      this.#leaveReader();
      this.#phase = { kind: 'closed' };
      if (phase.kind !== 'owner' && phase.kind !== 'broken') return;
      const { owner } = phase;
      await owner.rest();
      try {
        await owner.journal.close();
      } finally {
        owner.end();
      }
    });
  }

  /** Flushes and closes before it returns; for a host that gives no more time. */
  closeNow(): void {
    const phase = this.#phase;
    this.#phase = { kind: 'closed' };
    if (phase.kind !== 'owner' && phase.kind !== 'broken') return;
    try {
      phase.owner.journal.closeNow();
    } finally {
      phase.owner.end();
    }
  }

  /** Lets go at once: nothing more is written or acknowledged, as in a crash, but the next opener need not ask. */
  abandon(): void {
    const phase = this.#phase;
    this.#phase = { kind: 'closed' };
    if (phase.kind !== 'owner' && phase.kind !== 'broken') return;
    phase.owner.journal.abandon();
    phase.owner.end();
  }

  async #owner(): Promise<Ownership> {
    await this.#mending;
    if (this.#phase.kind === 'broken') await this.#mend(this.#phase.owner);
    const phase = this.#phase;
    switch (phase.kind) {
      case 'owner':
        return phase.owner;
      case 'reader':
        throw new PodiumError(
          'read-only',
          `The tasks are read-only here: ${phase.reader.ownedBy} works on them.`,
        );
      case 'broken':
        throw new PodiumError(
          'store-unavailable',
          'The saved tasks cannot be read. They will be tried again.',
        );
      case 'closed':
        throw new PodiumError('closed', 'The task store is closed.');
    }
  }

  /** One change of owner after the other. */
  async #move<T>(change: () => Promise<T>): Promise<T> {
    const moving = this.#moving.then(change);
    this.#moving = moving.catch(() => undefined); // Whoever asked for the change hears of it.
    return await moving;
  }

  async #enter(acquired: Acquisition): Promise<void> {
    if (acquired.kind === 'owner') {
      const owner = await this.#entrance.own(acquired.lock, (failed, thrown) => this.#failed(failed, thrown));
      this.#leaveReader();
      this.#phase = { kind: 'owner', owner };
      this.#report(owner.notices);
      await this.#start(owner);
    } else {
      const reader = await this.#entrance.read(acquired.ownedBy);
      this.#leaveReader();
      this.#phase = { kind: 'reader', reader };
    }
    this.#options.onRoleChange?.(this.role);
  }

  /** First writes of a new owner. A disk that takes none is no reason not to show what there is. */
  async #start(owner: Ownership): Promise<void> {
    try {
      await owner.start(this.#options.clock.wallClock());
    } catch (thrown) {
      this.#options.log.write('error', `The task store cannot be written now: ${messageOf(thrown)}`);
    }
  }

  #leaveReader(): void {
    if (this.#phase.kind === 'reader') this.#phase.reader.ledger.database.close();
  }

  /** The journal of an owner failed: gives up what was not acknowledged and goes on from what was. Never rejects. */
  async #failed(owner: Ownership, thrown: unknown): Promise<void> {
    if (this.#phase.kind !== 'owner' || this.#phase.owner !== owner) return;
    this.#options.log.write('error', `Changes were not saved: ${messageOf(thrown)}`);
    const fenced = thrown instanceof PodiumError && thrown.code === 'read-only';
    if (fenced) {
      await this.#step(() => this.#becomeReader(owner));
      return;
    }
    const again = await this.#mend(owner);
    // With a new segment on disk, what was rejected cannot come back after a crash. A disk that has never taken
    // anything from this journal would only fail again.
    if (owner.journal.bytes === 0) return;
    await again?.journal.begin().catch((begin: unknown) => {
      this.#options.log.write('error', `The task store cannot be written now: ${messageOf(begin)}`);
    });
  }

  async #mend(owner: Ownership): Promise<Ownership | undefined> {
    this.#phase = { kind: 'broken', owner };
    let again: Ownership | undefined;
    await this.#step(async () => {
      again = await owner.again();
      this.#phase = { kind: 'owner', owner: again };
      this.#report(again.notices);
    });
    return again;
  }

  async #becomeReader(owner: Ownership): Promise<void> {
    this.#phase = { kind: 'broken', owner };
    await this.#enter(await this.#entrance.ask(false));
    owner.ledger.database.close();
  }

  /** Runs a step during which operations wait; its failure is logged and leaves the store broken. */
  async #step(step: () => Promise<void>): Promise<void> {
    const running = step().catch((thrown: unknown) => {
      this.#options.log.write('error', `The saved tasks cannot be read: ${messageOf(thrown)}`);
    });
    this.#mending = running;
    await running;
    if (this.#mending === running) this.#mending = undefined;
  }

  async #takeForcedSnapshot(owner: Ownership): Promise<void> {
    try {
      await owner.snapshot();
    } catch (thrown) {
      this.#options.log.write('warn', `A snapshot of the tasks failed: ${messageOf(thrown)}`);
    }
  }

  #report(notices: readonly string[]): void {
    this.#notices.push(...notices);
    for (const notice of notices) this.#options.log.write('error', notice);
  }
}
