/**
 * The tasks of this window's folders that lie in the storage of another window: the editor gives each set of folders a
 * storage of its own, so a folder that is opened in other company seems to have lost them. Says where they are, brings
 * them when it is told to, and keeps the register of where this store's own tasks are.
 */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { messageOf } from './core/errors.ts';
import type { Milliseconds, WorkspaceId } from './core/model.ts';
import type { Chance, Clock, Log } from './core/ports.ts';
import type { EmbeddedStore } from './store/embeddedStore.ts';
import { Arrivals } from './store/moving/arrivals.ts';
import { Mover } from './store/moving/mover.ts';
import type { Brought, Source } from './store/moving/mover.ts';
import { nodeFiles } from './store/nodeFiles.ts';
import type { FolderRecord, FolderRegistry } from './system/folderRegistry.ts';
import { adoptRuns, deleteRuns, duplicateRuns } from './system/runMoves.ts';

/** Tasks of an open folder that another store has. */
export type Offer = Pick<FolderRecord, 'workspaceId' | 'storage' | 'unfinished' | 'finished'>;

export interface ElsewherePorts {
  /** Absolute path of this window's storage. */
  readonly storage: string;
  readonly store: EmbeddedStore;
  /** Absent while this store is only a source. */
  readonly registry: FolderRegistry | undefined;
  readonly openSource: (storage: string) => Promise<Source>;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly onArrived: (workspaceId: WorkspaceId) => void;
  /** The offers are others. */
  readonly onOffers: () => void;
}

/** At most so often the register is written while tasks change. */
const noteInterval: Milliseconds = 2_000;
/** A window that is just closing gives its store up within this time. */
const closingPatience: Milliseconds = 6_000;
const closingInterval: Milliseconds = 500;

export class Elsewhere {
  readonly #ports: ElsewherePorts;
  readonly #mover: Mover;
  #folders: readonly WorkspaceId[] = [];
  #offers: readonly Offer[] = [];
  #timer: Disposable | undefined;
  #again = false;
  #opened = false;
  #closed = false;

  constructor(ports: ElsewherePorts) {
    this.#ports = ports;
    const { storage, store, openSource, chance, log, onArrived } = ports;
    this.#mover = new Mover({
      store,
      arrivals: new Arrivals(
        { ...nodeFiles, deleteTree: (directory) => rm(directory, { recursive: true, force: true }) },
        storage,
      ),
      runs: {
        duplicate: duplicateRuns,
        adopt: (from) => adoptRuns(from, storage),
        delete: deleteRuns,
      },
      exists: existsSync,
      openSource,
      chance,
      log,
      onArrived,
    });
  }

  /** What may be brought here; none in a window that only reads. */
  get offers(): readonly Offer[] {
    return this.#offers;
  }

  /** Finishes what was cut short, then looks what other stores have of these folders; a reader does neither. */
  async open(folders: readonly WorkspaceId[]): Promise<void> {
    this.#folders = folders;
    if (this.#ports.store.role.kind === 'owner') await this.#mover.resume();
    this.#opened = true;
    await this.#noteAll();
    await this.look();
  }

  /** Looks again. @param also offers of folders for which the user wanted none */
  async look(also: 'never' | 'wanted' = 'wanted'): Promise<readonly Offer[]> {
    const { registry, store, storage, log, onOffers } = this.#ports;
    if (registry === undefined) return [];
    const found: Offer[] = [];
    const shown: Offer[] = [];
    try {
      for (const id of store.role.kind === 'owner' ? this.#folders : []) {
        const records = await registry.elsewhere(id, storage);
        found.push(...records);
        if (!(await registry.isNever(id))) shown.push(...records);
      }
    } catch (thrown) {
      log.write('warn', `The register of folders could not be read: ${messageOf(thrown)}`);
    }
    const before = JSON.stringify(this.#offers);
    this.#offers = shown;
    if (JSON.stringify(shown) !== before) onOffers();
    return also === 'never' ? found : shown;
  }

  /**
   * Brings what other stores have of a folder; waits some seconds for a window that is just closing.
   * @throws PodiumError see `Mover.bring`
   */
  async bring({ workspaceId, storage }: Pick<Offer, 'workspaceId' | 'storage'>): Promise<Brought> {
    const { clock, registry } = this.#ports;
    const since = clock.monotonic();
    // So that a window that comes after a crash of this one knows where to look.
    await this.#note(workspaceId);
    let brought = await this.#mover.bring(workspaceId, storage);
    while (brought.kind === 'owned' && clock.monotonic() - since < closingPatience && !this.#closed) {
      await this.#pause();
      brought = await this.#mover.bring(workspaceId, storage);
    }
    if (brought.kind !== 'owned') await registry?.forget(workspaceId, storage);
    await this.#noteAll();
    await this.look();
    return brought;
  }

  /** No window offers tasks of this folder by itself any more. */
  async never(workspaceId: WorkspaceId): Promise<void> {
    await this.#ports.registry?.never(workspaceId);
    await this.look();
  }

  /** Something happened to the tasks: at once or soon the register says how many there are. */
  changed(): void {
    if (this.#ports.registry === undefined || !this.#opened || this.#closed) return;
    if (this.#timer !== undefined) {
      this.#again = true;
      return;
    }
    this.#again = false;
    this.#timer = this.#ports.clock.setTimer(noteInterval, () => {
      this.#timer = undefined;
      if (this.#again) this.changed();
    });
    void this.#noteAll();
  }

  /** Before the store is closed. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.[Symbol.dispose]();
    await this.#noteAll();
  }

  /** Never rejects: a register that cannot be written costs an offer, and no task. */
  async #noteAll(): Promise<void> {
    const { registry, store, storage, clock, log } = this.#ports;
    if (registry === undefined || store.role.kind !== 'owner') return;
    try {
      for (const { workspace, counts } of (await store.picture(0, 0)).workspaces) {
        const finished = counts.completed + counts.failed + counts.cancelled;
        const all = Object.values<number>({ ...counts }).reduce((sum, count) => sum + count, 0);
        await registry.note({
          workspaceId: workspace.id,
          storage,
          at: clock.wallClock(),
          unfinished: all - finished,
          finished,
        });
      }
    } catch (thrown) {
      log.write('warn', `The register of folders could not be written: ${messageOf(thrown)}`);
    }
  }

  async #pause(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    using _timer = this.#ports.clock.setTimer(closingInterval, () => resolve(undefined));
    await promise;
  }

  /** This store is going to have tasks of the folder. */
  async #note(workspaceId: WorkspaceId): Promise<void> {
    const { registry, storage, clock } = this.#ports;
    await registry?.note({ workspaceId, storage, at: clock.wallClock(), unfinished: 1, finished: 0 });
  }
}
