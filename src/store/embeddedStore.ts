/** The store that lives inside the extension: the port's operations on a `LiveStore`. */
import { setImmediate } from 'node:timers/promises';
import type { Launch, Pause, ProcessIdentity, Task, TaskId, Workspace, WorkspaceId } from '../core/model.ts';
import type { Bucket } from '../core/arbitration/bucket.ts';
import type { Trip } from '../core/fuses/trip.ts';
import type { TreeStanding } from '../core/trees.ts';
import type {
  Admission,
  Agenda,
  Claim,
  ClaimRef,
  Decision,
  ScoreChange,
  DispatchPolicy,
  OrderPlace,
  PictureFilter,
  Settlement,
  Store,
  StorePicture,
  StoppedTree,
  StoreRole,
  StoreState,
  TaskDraft,
  TaskEdit,
  WorkspacePicture,
} from '../core/ports.ts';
import { insertTasks, refusalOf } from './admission.ts';
import type { ArchiveStore, Surplus } from './archive/archiveWriter.ts';
import type { FinishedCursor, HistoryStore } from './archive/storeHistory.ts';
import { releaseSurplus, surplusOf } from './archive/surplus.ts';
import { releaseBranch, treeStanding } from './branching.ts';
import { approvePlan, approveTasks } from './approving.ts';
import { claimTasks } from './claiming.ts';
import { changeTask, moveTask, pinToFront } from './editing.ts';
import { EmbeddedJudgements } from './judgements.ts';
import { EmbeddedTerms } from './terms.ts';
import { LiveStore } from './liveStore.ts';
import { exportSome, letGo } from './moving/exporting.ts';
import { fuseStateOf } from './moving/fuseState.ts';
import { importTasks } from './moving/importing.ts';
import type { DumpedTask, WorkspaceDump } from './moving/workspaceDump.ts';
import { boostTasks, placeTasks, shiftTasks, unpinTasks } from './ordering.ts';
import { clearSome, removeTasks } from './removing.ts';
import { bucketsIn, putBuckets } from './buckets.ts';
import { noteLaunch, noteProcess, settleClaim } from './settling.ts';
import { stopTree } from './stopping.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';
import { endTrips, noteTrip, pausesWorkspace } from './tripping.ts';
import type { StoreOptions, StoreSeams } from './storeOptions.ts';
import {
  agendaOf,
  decisionFor,
  readySignatures,
  runningSignatures,
  unfinishedTasks,
  workspacePicture,
} from './viewing.ts';

/**
 * Opens the store of a folder: as its owner, or as a reader while another process is that.
 * @param seams inner parts replaced by tests
 * @throws PodiumError `store-newer`, `store-corrupt`, `store-full`, `store-unavailable`; then nothing was changed
 */
export async function openStore(options: StoreOptions, seams: StoreSeams = {}): Promise<EmbeddedStore> {
  return new EmbeddedStore(await LiveStore.open(options, seams));
}

/** Tasks read in one piece on their way to another store: some milliseconds. */
const movedAtOnce = 200;

export class EmbeddedStore implements Store, ArchiveStore, HistoryStore {
  readonly judgements: EmbeddedJudgements;
  readonly terms: EmbeddedTerms;
  readonly #live: LiveStore;

  constructor(live: LiveStore) {
    this.#live = live;
    this.judgements = new EmbeddedJudgements(live);
    this.terms = new EmbeddedTerms(live);
  }

  get role(): StoreRole {
    return this.#live.role;
  }

  get state(): StoreState | null {
    return this.#live.state;
  }

  /** What a person should know about how the store was found, one sentence each; empty when all was well. */
  get notices(): readonly string[] {
    return this.#live.notices;
  }

  /** For idle moments and shutdown: saves the whole state, so that the next start has nothing to catch up. */
  async snapshot(): Promise<void> {
    await this.#live.snapshot();
  }

  /** Becomes the owner, whoever is it now; the other window becomes a reader. */
  async takeOver(): Promise<void> {
    await this.#live.takeOver();
  }

  /**
   * For a reader, now and then: becomes the owner when there is none any more, else reads what the owner has written.
   * @returns whether anything changed
   */
  async poll(): Promise<boolean> {
    return await this.#live.poll();
  }

  /** Flushes, closes and lets another process own the store. */
  async close(): Promise<void> {
    await this.#live.close();
  }

  /** The same, done on return, for a host that may give no more time. */
  closeSync(): void {
    this.#live.closeNow();
  }

  /** Lets go at once, without flushing: what a crash leaves. */
  abandon(): Promise<void> {
    this.#live.abandon();
    return Promise.resolve();
  }

  async addTasks(drafts: readonly TaskDraft[]): Promise<readonly Admission[]> {
    try {
      return await this.#live.write((ledger, { now }) => insertTasks(ledger, drafts, now), 'add');
    } catch (thrown) {
      const refusal = refusalOf(thrown);
      if (refusal === undefined) throw thrown;
      const { admission, trip } = refusal;
      if (trip !== undefined)
        await this.#live.write(
          (ledger, { now }) => noteTrip(ledger, trip.workspaceId, trip.draft, now),
          'trip',
        );
      return drafts.map(() => admission);
    }
  }

  async claimNext(policy: DispatchPolicy, limit: number, signal: AbortSignal): Promise<readonly Claim[]> {
    return await this.#live.write(
      (ledger, { now, generation }) =>
        signal.aborted ? [] : claimTasks(ledger, { policy, limit, now, generation }),
      'pass',
    );
  }

  async settle(ref: ClaimRef, settlement: Settlement): Promise<boolean> {
    return await this.#live.write((ledger, { now }) => settleClaim(ledger, ref, settlement, now), 'settle');
  }

  async recordLaunch(ref: ClaimRef, launch: Launch): Promise<boolean> {
    return await this.#live.write((ledger) => noteLaunch(ledger, ref, launch));
  }

  async recordProcess(ref: ClaimRef, process: ProcessIdentity): Promise<boolean> {
    return await this.#live.write((ledger) => noteProcess(ledger, ref, process));
  }

  async editTask(id: TaskId, edit: TaskEdit): Promise<void> {
    await this.#live.write((ledger, { now }) => changeTask(ledger, id, edit, now));
  }

  async transition(id: TaskId, event: 'cancel' | 'rerun'): Promise<void> {
    await this.#live.write((ledger, { now }) => moveTask(ledger, id, event, now));
  }

  async runNow(id: TaskId): Promise<void> {
    await this.#live.write((ledger, { now }) => pinToFront(ledger, id, now));
  }

  async place(ids: readonly TaskId[], place: OrderPlace): Promise<void> {
    await this.#live.write((ledger) => placeTasks(ledger, ids, place), 'order');
  }

  async shift(ids: readonly TaskId[], step: -1 | 1): Promise<void> {
    await this.#live.write((ledger) => shiftTasks(ledger, ids, step), 'order');
  }

  async unpin(ids: readonly TaskId[]): Promise<void> {
    await this.#live.write((ledger) => unpinTasks(ledger, ids), 'order');
  }

  async boost(ids: readonly TaskId[], points: number): Promise<void> {
    await this.#live.write((ledger, { now }) => boostTasks(ledger, ids, points, now), 'order');
  }

  async deleteTasks(ids: readonly TaskId[]): Promise<void> {
    await this.#live.write((ledger, { now }) => removeTasks(ledger, ids, now), 'delete');
  }

  async clearFinished(workspaceId: WorkspaceId): Promise<number> {
    let cleared = 0;
    for (;;) {
      const some = await this.#live.write((ledger, { now }) => clearSome(ledger, workspaceId, now), 'delete');
      if (some === 0) return cleared;
      cleared += some;
    }
  }

  async putWorkspace({ id, uri, name }: Pick<Workspace, 'id' | 'uri' | 'name'>): Promise<void> {
    await this.#live.write((ledger) => {
      const known = ledger.workspace(id);
      if (known?.workspace.uri === uri && known.workspace.name === name) return;
      ledger.changeWorkspaces((nextKey) => {
        ledger.database.write(writes.putWorkspace, known?.key ?? nextKey, id, uri, name);
      });
    });
  }

  async setGoal(workspaceId: WorkspaceId, goal: string): Promise<void> {
    await this.#live.write((ledger) => {
      const { key, workspace } = ledger.knownWorkspace(workspaceId);
      if (workspace.goal === goal) return;
      ledger.changeWorkspaces(() => {
        ledger.database.write(writes.setGoal, goal, key);
        ledger.database.write(writes.outdateWorkspace, key);
        if (ledger.judging) ledger.database.write(writes.awaitAllOpinions, key);
      });
      ledger.due.note(key, 0);
    }, 'goal');
  }

  async setPause(workspaceIds: readonly WorkspaceId[], pause: Pause | null): Promise<void> {
    await this.#live.write((ledger, { now }) => {
      const keys = workspaceIds.map((id) => ledger.knownWorkspace(id).key);
      if (pause === null)
        endTrips(ledger, (open) => keys.some((key) => pausesWorkspace(open, key)), 'user', now);
      const at = pause === null ? null : Math.round(pause.at);
      ledger.changeWorkspaces(() => {
        for (const key of keys)
          ledger.database.write(writes.setPause, at, pause?.by ?? null, pause?.reason ?? null, key);
      });
    });
  }

  async buckets(): Promise<ReadonlyMap<string, Bucket>> {
    return await this.#live.read((ledger) => bucketsIn(ledger));
  }

  async putBuckets(buckets: ReadonlyMap<string, Bucket>): Promise<void> {
    if (buckets.size > 0) await this.#live.write((ledger) => putBuckets(ledger, buckets));
  }

  onTrip(listener: (trip: Trip) => void): Disposable {
    this.#live.tripListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#live.tripListeners.delete(listener) };
  }

  onTripsEnded(listener: () => void): Disposable {
    this.#live.endListeners.add(listener);
    return { [Symbol.dispose]: () => void this.#live.endListeners.delete(listener) };
  }

  async trips(): Promise<readonly Trip[]> {
    return await this.#live.read((ledger) => ledger.trips.all.map(({ trip }) => trip));
  }

  async answerTrips(ids: readonly number[]): Promise<void> {
    await this.#live.write((ledger, { now }) => {
      endTrips(ledger, ({ trip }) => ids.includes(trip.id), 'user', now);
    });
  }

  async approvePlan(id: TaskId, tasks: number): Promise<void> {
    await this.#live.write((ledger, { now }) => approvePlan(ledger, id, tasks, now));
  }

  async stopTree(id: TaskId): Promise<StoppedTree> {
    return await this.#live.write((ledger, { now }) => stopTree(ledger, id, now), 'stop');
  }

  async approve(ids: readonly TaskId[]): Promise<void> {
    await this.#live.write((ledger, { now }) => approveTasks(ledger, ids, now));
  }

  async treeStanding(id: TaskId): Promise<TreeStanding> {
    return await this.#live.read((ledger) => treeStanding(ledger, id));
  }

  async releaseBranch(id: TaskId): Promise<number> {
    return await this.#live.write((ledger, { now }) => releaseBranch(ledger, id, now));
  }

  async note(name: string): Promise<string | undefined> {
    return await this.#live.read((ledger) => {
      const [value] = ledger.database.row(reads.note, name) ?? [];
      return typeof value === 'string' ? value : undefined;
    });
  }

  async putNote(name: string, text: string | null): Promise<void> {
    await this.#live.write((ledger) => {
      if (text === null) ledger.database.write(writes.dropNote, name);
      else ledger.database.write(writes.putNote, name, text);
    });
  }

  async surplus(workspaceId: WorkspaceId, keep: number): Promise<Surplus | undefined> {
    return await this.#live.read((ledger) => surplusOf(ledger, workspaceId, keep), 'archive');
  }

  async release(surplus: Surplus, noteName: string, note: string): Promise<boolean> {
    return await this.#live.write(
      (ledger, { now }) => releaseSurplus(ledger, surplus, { name: noteName, text: note }, now),
      'archive',
    );
  }

  async finishedAfter(
    workspaceId: WorkspaceId,
    { finishedAt, sequence }: FinishedCursor,
    limit: number,
  ): Promise<readonly Task[]> {
    return await this.#live.read((ledger) => {
      const row = ledger.workspace(workspaceId);
      if (row === undefined) return [];
      return ledger.tasks(ledger.database.rows(reads.finishedAfter, row.key, finishedAt, sequence, limit));
    });
  }

  /**
   * Everything of a workspace, for another store; undefined when it is not known here.
   * @throws PodiumError `task-running`
   */
  async exportWorkspace(id: WorkspaceId): Promise<WorkspaceDump | undefined> {
    const workspace = (await this.workspaces()).find((known) => known.id === id);
    if (workspace === undefined) return undefined;
    const tasks: DumpedTask[] = [];
    for (let next: number | null = 0; next !== null;) {
      const after: number = next;
      const some = await this.#live.read((ledger) => exportSome(ledger, id, after, movedAtOnce), 'move');
      tasks.push(...some.tasks);
      next = some.next;
      await setImmediate();
    }
    return {
      workspace,
      tasks,
      fuses: await this.#live.read((ledger) => fuseStateOf(ledger, ledger.knownWorkspace(id).key)),
    };
  }

  /**
   * Takes in what another store gave, and keeps a note of that; nothing when there is such a note already. Tasks that
   * are here stay as they are.
   * @returns how many were not here
   */
  async importWorkspace(dump: WorkspaceDump, noteName: string): Promise<number> {
    return await this.#live.write((ledger) => {
      if (ledger.database.row(reads.note, noteName) !== undefined) return 0;
      ledger.database.write(writes.putNote, noteName, String(dump.tasks.length));
      return importTasks(ledger, dump);
    }, 'move');
  }

  /**
   * Deletes tasks of a workspace that another store is about to have, and its pause, and keeps a note of it.
   * @throws PodiumError `task-running`
   */
  async forgetTasks(
    workspaceId: WorkspaceId,
    ids: readonly TaskId[],
    noteName: string,
    text: string,
  ): Promise<void> {
    await this.#live.write((ledger, { now }) => {
      letGo(ledger, workspaceId, ids, { name: noteName, text }, now);
    }, 'move');
  }

  async task(id: TaskId): Promise<Task | undefined> {
    return await this.#live.read((ledger) => ledger.task(id));
  }

  async unfinished(workspaceId: WorkspaceId, limit: number): Promise<readonly Task[]> {
    return await this.#live.read((ledger) => unfinishedTasks(ledger, workspaceId, limit));
  }

  async children(id: TaskId): Promise<readonly Task[]> {
    return await this.#live.read((ledger) => ledger.tasks(ledger.database.rows(reads.children, id)));
  }

  async workspaces(): Promise<readonly Workspace[]> {
    return await this.#live.read((ledger) => ledger.workspaces().map(({ workspace }) => workspace));
  }

  async orphans(): Promise<readonly Task[]> {
    const { role } = this;
    const generation = role.kind === 'owner' ? role.generation : null;
    return await this.#live.read((ledger) => ledger.tasks(ledger.database.rows(reads.orphans, generation)));
  }

  async reconcile(workspaceIds: readonly WorkspaceId[]): Promise<readonly Agenda[]> {
    return await this.#live.read(
      (ledger) =>
        workspaceIds.flatMap((id) => {
          const agenda = agendaOf(ledger, id);
          return agenda === undefined ? [] : [agenda];
        }),
      'reconcile',
    );
  }

  async decision(taskId: TaskId): Promise<Decision | undefined> {
    return await this.#live.read((ledger) => decisionFor(ledger, taskId));
  }

  async lastChange(taskId: TaskId): Promise<ScoreChange | undefined> {
    return await this.#live.read((ledger) => ledger.changes.of(taskId));
  }

  async picture(limit: number, finishedLimit: number, filter?: PictureFilter): Promise<StorePicture> {
    const rows = await this.#live.read((ledger) => ledger.workspaces());
    const workspaces: WorkspacePicture[] = [];
    for (const { workspace } of rows) {
      // Some hundred rows each: with many folders the thread is given back in between.
      if (workspaces.length > 0) await setImmediate();
      const picture = await this.#live.read((ledger) => {
        const row = ledger.workspace(workspace.id);
        return row === undefined ? undefined : workspacePicture(ledger, row, limit, finishedLimit, filter);
      }, 'picture');
      if (picture !== undefined) workspaces.push(picture);
    }
    const signatures = await this.#live.read(
      (ledger) => ({ running: runningSignatures(ledger), ready: readySignatures(ledger) }),
      'picture',
    );
    return { workspaces, ...signatures, trips: await this.trips() };
  }
}
