/**
 * The journal: commits become durable here, in order. Group commit: what arrives while a sync is under way shares the
 * next one, and no timer waits for company. The first failure ends a journal for good: a descriptor whose sync failed
 * is never trusted again (Rebello et al., "Can Applications Recover from fsync Failures?", USENIX ATC 2020).
 */
import { PodiumError } from '../core/errors.ts';
import type { Milliseconds } from '../core/model.ts';
import type { Clock } from '../core/ports.ts';
import type { Entry } from './database.ts';
import { encodeRecord } from './record.ts';
import type { Checksum } from './record.ts';
import type { SegmentStore, Segment } from './segments.ts';

export interface JournalOptions {
  readonly segments: SegmentStore;
  readonly generation: number;
  readonly schema: number;
  readonly checksum: Checksum;
  /** Sequence of the last commit before this journal. */
  readonly sequence: number;
  /** The fence: whether this owner still owns the store; asked after each sync, before anything is acknowledged. */
  readonly held: () => boolean;
  readonly clock: Clock;
  /** Told of each sync how long it took. */
  readonly onSync: (took: Milliseconds) => void;
  /** Told of the first failure; what was not acknowledged is rejected after it resolves. */
  readonly onFailure: (thrown: unknown) => Promise<void>;
}

/** Commits that become durable together. */
interface Group {
  readonly commits: { readonly sequence: number; readonly entries: readonly Entry[] }[];
  readonly done: PromiseWithResolvers<undefined>;
}

export class Journal {
  readonly #options: JournalOptions;
  #segment: Segment | undefined;
  #pending: Group | undefined;
  /** Being written; not yet acknowledged. */
  #inFlight: Group | undefined;
  /** Where the group in flight was written to, once it was. */
  #written: Segment | undefined;
  #flushing = false;
  #last: number;
  #durable: number;
  #bytes = 0;
  #ended: PodiumError | undefined;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#last = options.sequence;
    this.#durable = options.sequence;
  }

  /** Sequence of the last commit appended. */
  get last(): number {
    return this.#last;
  }

  /** Sequence of the last commit that is durable. */
  get durable(): number {
    return this.#durable;
  }

  /** Bytes written so far; for deciding when a snapshot is due. */
  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Opens the first segment now. When it resolves, nothing that earlier segments hold beyond this journal's start
   * counts any more.
   */
  async begin(): Promise<void> {
    const group: Group = { commits: [], done: Promise.withResolvers<undefined>() };
    group.done.promise.catch(() => undefined);
    this.#pending ??= group;
    const { done } = this.#pending;
    this.#start();
    await done.promise;
  }

  /** Takes a commit; returns its sequence. It is durable when `whenDurable` of that resolves. */
  append(entries: readonly Entry[]): number {
    if (this.#ended !== undefined) throw this.#ended;
    const sequence = (this.#last += 1);
    if (this.#pending === undefined) {
      this.#pending = { commits: [], done: Promise.withResolvers<undefined>() };
      this.#pending.done.promise.catch(() => undefined); // Each waiter hears of it; nobody has to wait.
    }
    this.#pending.commits.push({ sequence, entries });
    this.#start();
    return sequence;
  }

  /** Resolves when the commit with this sequence and all before it are durable; rejects when they will not be. */
  whenDurable(sequence: number): Promise<void> {
    if (sequence <= this.#durable) return Promise.resolve();
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    const inFlight = this.#inFlight?.commits.at(-1)?.sequence ?? 0;
    const group = sequence <= inFlight ? this.#inFlight : this.#pending;
    return group?.done.promise ?? Promise.resolve();
  }

  /** Flushes what is left and gives the segment back. */
  async close(): Promise<void> {
    try {
      await this.whenDurable(this.#last);
    } finally {
      this.#ended ??= new PodiumError('closed', 'The task store is closed.');
      await this.#segment?.finish();
      await this.#options.segments.dropSpare();
    }
  }

  /** Flushes what is left and gives the segment back, all before it returns. Quiet when nothing can be done. */
  closeNow(): void {
    if (this.#ended !== undefined) return;
    const left = [this.#inFlight, this.#pending].filter((group) => group !== undefined);
    const target = this.#written ?? this.#segment;
    this.#ended = new PodiumError('closed', 'The task store is closed.');
    if (target === undefined) return;
    for (const group of left) {
      if (group !== this.#inFlight || this.#written === undefined) target.append(this.#encode(group));
    }
    if (left.length > 0) target.syncNow();
    if (this.#options.held()) this.#durable = this.#last;
    for (const group of left) {
      if (this.#durable === this.#last) group.done.resolve(undefined);
      else group.done.reject(this.#ended);
    }
    target.closeNow();
  }

  /** Lets go at once, as a crash would: nothing more is written, and nobody is told. */
  abandon(): void {
    this.#ended ??= new PodiumError('closed', 'The task store was abandoned.');
    this.#pending = undefined;
    this.#segment?.abandon();
  }

  #start(): void {
    if (this.#flushing) return;
    this.#flushing = true;
    // After the callers that are about to append in this very turn.
    queueMicrotask(() => void this.#flush());
  }

  async #flush(): Promise<void> {
    while (this.#pending !== undefined) {
      const group = this.#pending;
      this.#pending = undefined;
      this.#inFlight = group;
      try {
        await this.#write(group);
      } catch (thrown) {
        await this.#fail(thrown, group);
        return;
      }
      if (this.#ended !== undefined) return; // Closed in the middle of it.
      this.#durable = group.commits.at(-1)?.sequence ?? this.#durable;
      this.#inFlight = undefined;
      this.#written = undefined;
      group.done.resolve(undefined);
    }
    this.#flushing = false;
  }

  async #write(group: Group): Promise<void> {
    const bytes = this.#encode(group);
    const { segments, held, clock, onSync } = this.#options;
    const began = clock.monotonic();
    if (this.#segment?.hasRoom(bytes.length) === true) {
      this.#segment.append(bytes);
      this.#written = this.#segment;
      await this.#segment.sync();
      if (this.#segment.halfFull) segments.prepareSpare();
    } else {
      const next = await segments.next(this.#durable);
      if (this.#ended !== undefined) throw this.#ended;
      next.append(Buffer.concat([this.#opening(), bytes]));
      this.#written = next;
      await next.install();
      const full = this.#segment;
      this.#segment = next;
      await full?.finish();
    }
    onSync(clock.monotonic() - began);
    this.#bytes += bytes.length;
    if (!held()) throw new PodiumError('read-only', 'Another window has taken over the tasks.');
  }

  async #fail(thrown: unknown, group: Group): Promise<void> {
    if (this.#ended !== undefined) return; // Closed in the middle of it; `closeNow` has seen to the rest.
    const error = storeError(thrown);
    this.#ended = error;
    this.#last = this.#durable;
    this.#erase();
    try {
      await this.#options.onFailure(error);
    } finally {
      this.#segment?.abandon();
      group.done.reject(error);
      this.#pending?.done.reject(error);
    }
  }

  /** Not when another process has taken over: it may have taken what was written for its own. */
  #erase(): void {
    try {
      if (this.#options.held()) this.#written?.erase();
    } catch {
      // The disk takes nothing at all; a new segment will have to say where the journal goes on.
    }
  }

  #opening(): Buffer {
    return this.#record(this.#durable, null);
  }

  #encode(group: Group): Buffer {
    return Buffer.concat(group.commits.map(({ sequence, entries }) => this.#record(sequence, entries)));
  }

  #record(sequence: number, entries: readonly Entry[] | null): Buffer {
    const { generation, schema, checksum } = this.#options;
    return encodeRecord({ generation, sequence, durable: this.#durable, schema }, entries, checksum);
  }
}

/** What went wrong with a file, in the words of a person. */
export function storeError(thrown: unknown): PodiumError {
  if (thrown instanceof PodiumError) return thrown;
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const message = 'The disk with the task store is full. Nothing was changed; make room and try again.';
    return new PodiumError('store-full', message, { cause: thrown });
  }
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  const message = `The task store cannot be written (${detail}). Nothing was changed.`;
  return new PodiumError('store-unavailable', message, { cause: thrown });
}
