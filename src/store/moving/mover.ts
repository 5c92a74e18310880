/**
 * Brings the tasks of a folder from the store of another window into this one. In this order, so that a crash at any
 * moment leaves each task in exactly one store that may run it:
 *
 * 1. The source is opened as its owner; what it left running is ended or adopted. Nobody else can write there now.
 * 2. The tasks and their runs are put beside this store, durably. They do not count yet.
 * 3. One transaction of the source deletes the tasks and notes the move. From here on they count, here and only here.
 * 4. One transaction of this store takes them in; those it has it skips. Then what was put beside it is deleted.
 *
 * A move that stopped between 3 and 4 is finished by whoever owns this store next; one that stopped before never was.
 */
import { messageOf, PodiumError } from '../../core/errors.ts';
import type { TaskId, WorkspaceId } from '../../core/model.ts';
import type { Chance, Log, StoreRole } from '../../core/ports.ts';
import type { EmbeddedStore } from '../embeddedStore.ts';
import type { Arrival, Arrivals } from './arrivals.ts';

/** The store of another window, open. */
export interface Source extends AsyncDisposable {
  readonly role: StoreRole;
  readonly store: Pick<EmbeddedStore, 'exportWorkspace' | 'forgetTasks' | 'note' | 'putNote'>;
}

/** The folders of runs. */
export interface RunMoves {
  /** Puts the runs of tasks of a storage into another folder too. */
  duplicate(storage: string, ids: readonly TaskId[], into: string): Promise<void>;
  /** Moves them from there to where this window looks for them. */
  adopt(from: string): Promise<void>;
  /** Deletes those of a storage. */
  delete(storage: string, ids: readonly TaskId[]): Promise<void>;
}

export interface MoverPorts {
  readonly store: Pick<EmbeddedStore, 'role' | 'importWorkspace' | 'note' | 'putNote'>;
  readonly arrivals: Arrivals;
  readonly runs: RunMoves;
  /** Whether a storage still exists. */
  readonly exists: (storage: string) => boolean;
  /**
   * Opens the store in another storage: as its owner, with nothing running any more, or as a reader.
   * @throws PodiumError `store-newer`, `store-corrupt`; then nothing was changed
   */
  readonly openSource: (storage: string) => Promise<Source>;
  readonly chance: Pick<Chance, 'newId'>;
  readonly log: Log;
  /** Tasks of a workspace have arrived. */
  readonly onArrived: (workspaceId: WorkspaceId) => void;
}

export type Brought =
  | { readonly kind: 'brought'; readonly tasks: number }
  /** There are none any more. */
  | { readonly kind: 'nothing' }
  /** Another window works on them. */
  | { readonly kind: 'owned'; readonly by: string };

/** In the source: the tasks of this move are its no more. */
const movedNote = (move: string): string => `moved.${move}`;
/** In the store they came to: it has taken them in, whatever has become of them since. */
const arrivedNote = (move: string): string => `arrived.${move}`;

export class Mover {
  readonly #ports: MoverPorts;
  /** One move after the other. */
  #moving: Promise<unknown> = Promise.resolve();

  constructor(ports: MoverPorts) {
    this.#ports = ports;
  }

  /**
   * Brings all tasks of a workspace from another storage.
   * @throws PodiumError `read-only` in a window that does not own its store; `store-newer`, `store-corrupt` or
   *   `task-running` of the other, and then nothing was changed
   */
  async bring(workspaceId: WorkspaceId, storage: string): Promise<Brought> {
    return await this.#inTurn(async () => {
      this.#mustOwn();
      await using source = await this.#ports.openSource(storage);
      const finished = (await this.#finishFrom(source, storage)).get(workspaceId) ?? 0;
      if (source.role.kind === 'reader') return { kind: 'owned', by: source.role.ownedBy };
      const moved = await this.#move(source, workspaceId, storage);
      const tasks = finished + (moved.kind === 'brought' ? moved.tasks : 0);
      return tasks === 0 ? moved : { kind: 'brought', tasks };
    });
  }

  /** Finishes moves into this store that were cut short. Never rejects. */
  async resume(): Promise<void> {
    await this.#inTurn(async () => {
      const { store, arrivals, log, exists, openSource } = this.#ports;
      try {
        const { arrivals: all, unfinished, unreadable } = await arrivals.list();
        for (const move of unfinished) await arrivals.drop(move);
        if (unreadable.length > 0) {
          log.write('error', 'Tasks that were being brought here cannot be read.', { moves: unreadable });
        }
        const waiting: Arrival[] = [];
        for (const arrival of all) {
          if ((await store.note(arrivedNote(arrival.move))) === undefined) waiting.push(arrival);
          else await this.#arrive(arrival);
        }
        for (const storage of new Set(waiting.map(({ source }) => source))) {
          if (exists(storage)) {
            await using source = await openSource(storage);
            await this.#finishFrom(source, storage);
          } else {
            // Nobody else has them any more.
            for (const arrival of waiting) if (arrival.source === storage) await this.#arrive(arrival);
          }
        }
      } catch (thrown) {
        log.write('warn', `Tasks that were being brought here have to wait: ${messageOf(thrown)}`);
      }
    });
  }

  /**
   * Takes in what its source has noted as moved; what it has not never will be, once the source is ours.
   * @returns how many tasks of each workspace came
   */
  async #finishFrom(source: Source, storage: string): Promise<ReadonlyMap<WorkspaceId, number>> {
    const { arrivals } = this.#ports;
    const came = new Map<WorkspaceId, number>();
    for (const arrival of (await arrivals.list()).arrivals) {
      if (arrival.source !== storage) continue;
      const moved = await source.store.note(movedNote(arrival.move));
      if (moved === undefined) {
        if (source.role.kind === 'owner') await arrivals.drop(arrival.move);
        continue;
      }
      const tasks = await this.#arrive(arrival);
      const { id } = arrival.dump.workspace;
      came.set(id, (came.get(id) ?? 0) + tasks);
      if (source.role.kind === 'owner') await this.#tidy(source, arrival);
    }
    return came;
  }

  async #move(source: Source, workspaceId: WorkspaceId, storage: string): Promise<Brought> {
    const { arrivals, runs, chance } = this.#ports;
    const dump = await source.store.exportWorkspace(workspaceId);
    if (dump === undefined || dump.tasks.length === 0) return { kind: 'nothing' };
    const arrival: Arrival = { move: chance.newId(), source: storage, dump };
    const ids = idsOf(arrival);
    try {
      await runs.duplicate(storage, ids, arrivals.runsOf(arrival.move));
      await arrivals.prepare(arrival);
      this.#mustOwn();
      await source.store.forgetTasks(workspaceId, ids, movedNote(arrival.move), String(ids.length));
    } catch (thrown) {
      await this.#giveUp(source, arrival);
      throw thrown;
    }
    await this.#arrive(arrival);
    await this.#tidy(source, arrival);
    return { kind: 'brought', tasks: ids.length };
  }

  /** @returns how many of its tasks were not here */
  async #arrive({ move, dump }: Arrival): Promise<number> {
    const { store, arrivals, runs, log, onArrived } = this.#ports;
    const tasks = await store.importWorkspace(dump, arrivedNote(move));
    await runs.adopt(arrivals.runsOf(move));
    await arrivals.drop(move);
    await store.putNote(arrivedNote(move), null);
    log.write('info', 'The tasks of a folder were brought from the store of another window.', { tasks });
    onArrived(dump.workspace.id);
    return tasks;
  }

  /** Deletes what the source still keeps of a move that has ended. */
  async #tidy(source: Source, arrival: Arrival): Promise<void> {
    await source.store.putNote(movedNote(arrival.move), null);
    await this.#ports.runs.delete(arrival.source, idsOf(arrival));
  }

  /** Deletes what was prepared, if it is sure that the source has not let go of it. */
  async #giveUp(source: Source, { move }: Arrival): Promise<void> {
    const { arrivals, log } = this.#ports;
    try {
      if (source.role.kind !== 'owner' || (await source.store.note(movedNote(move))) !== undefined) return;
      await arrivals.drop(move);
    } catch (thrown) {
      log.write('warn', `What was prepared for a move is left for later: ${messageOf(thrown)}`);
    }
  }

  #mustOwn(): void {
    const { role } = this.#ports.store;
    if (role.kind === 'owner') return;
    throw new PodiumError('read-only', `The tasks are read-only here: ${role.ownedBy} works on them.`);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#moving.then(work);
    this.#moving = turn.catch(() => undefined); // Whoever asked hears of it.
    return await turn;
  }
}

function idsOf({ dump }: Arrival): readonly TaskId[] {
  return dump.tasks.map(({ id }) => id);
}
