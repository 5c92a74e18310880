/** Keeps the past of a store in order while the house is quiet, and gives it to read. */
import { setImmediate } from 'node:timers/promises';
import type { History, HistorySettings } from '../../core/history/history.ts';
import { Housekeeper } from '../../core/history/housekeeper.ts';
import type { Milliseconds, TaskId } from '../../core/model.ts';
import type { Clock, Log } from '../../core/ports.ts';
import type { EmbeddedStore } from '../embeddedStore.ts';
import type { Files } from '../files.ts';
import { ArchiveReader } from './archiveReader.ts';
import { ArchiveWriter } from './archiveWriter.ts';
import { StoreHistory } from './storeHistory.ts';

/** What runs have left on the disk. */
export interface RunFiles {
  /** Deletes the files of tasks that `known` does not give back. */
  sweep(known: (ids: readonly TaskId[]) => Promise<ReadonlySet<TaskId>>): Promise<void>;
  /** Deletes files of finished runs that are too old or take too much room. */
  prune(settings: HistorySettings, signal: AbortSignal): Promise<void>;
}

export interface ArchivingPorts {
  readonly store: EmbeddedStore;
  readonly files: Files;
  /** Absolute path of the archive's folder. */
  readonly directory: string;
  readonly runs: RunFiles;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: () => HistorySettings;
  /** Tasks have left the tree. */
  readonly onArchived: () => void;
}

/** Ages are in days and folders are many, so looking at them more often would be of no use. */
const fileInterval: Milliseconds = 60 * 60 * 1_000;

export class Archiving {
  readonly #ports: ArchivingPorts;
  readonly #writer: ArchiveWriter;
  readonly #history: StoreHistory;
  readonly #housekeeper: Housekeeper;
  /** Monotonic; the first time is the first quiet moment. */
  #filesDue: Milliseconds = -Infinity;

  constructor(ports: ArchivingPorts) {
    this.#ports = ports;
    const { store, files, directory, clock, log } = ports;
    this.#writer = new ArchiveWriter({ files, directory, store, clock });
    this.#history = new StoreHistory(store, new ArchiveReader({ files, directory, store, log }));
    this.#housekeeper = new Housekeeper({ clock, log, tidy: (signal) => this.#tidy(signal) });
  }

  get history(): History {
    return this.#history;
  }

  /** Something happened. */
  changed(): void {
    this.#housekeeper.changed();
  }

  /** The settings are others; they count from the next quiet moment on. */
  settingsChanged(): void {
    this.#filesDue = -Infinity;
    this.#housekeeper.changed();
  }

  /** Resolves when nothing is written any more; reading goes on as long as the store is open. */
  async close(): Promise<void> {
    await this.#housekeeper.close();
    await this.#writer.close();
  }

  async #tidy(signal: AbortSignal): Promise<void> {
    const { store, runs, clock, settings } = this.#ports;
    if (store.role.kind !== 'owner') {
      await this.#writer.close();
      return;
    }
    await this.#archive(signal);
    if (signal.aborted || clock.monotonic() < this.#filesDue) return;
    this.#filesDue = clock.monotonic() + fileInterval;
    const { archiveDays } = settings();
    if (archiveDays > 0) await this.#writer.forget(archiveDays);
    await runs.sweep((ids) => this.#history.known(ids));
    await runs.prune(settings(), signal);
  }

  async #archive(signal: AbortSignal): Promise<void> {
    const { store, settings, onArchived, log } = this.#ports;
    let put = 0;
    try {
      for (const { id } of await store.workspaces()) {
        for (let some = -1; some !== 0 && !signal.aborted; put += some) {
          some = await this.#writer.put(id, settings().keepFinished);
          await setImmediate();
        }
      }
    } finally {
      if (put > 0) {
        log.write('info', 'Finished tasks were put into the archive.', { tasks: put });
        onArchived();
      }
    }
  }
}
