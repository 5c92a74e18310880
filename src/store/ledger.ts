/**
 * The living state of one opened store: the database and what is kept in memory beside it to make passes fast.
 * Everything in memory is derived; when in doubt the whole ledger is thrown away and made again from disk.
 */
import { PodiumError } from '../core/errors.ts';
import type { Instant, Task, TaskId, Workspace, WorkspaceId } from '../core/model.ts';
import type { StorePolicies } from '../core/ports.ts';
import type { Committed, Database, Row } from './database.ts';
import { DueTimes, never } from './dueTimes.ts';
import { LaneHeads } from './laneHeads.ts';
import { OpenTrips } from './openTrips.ts';
import { headOf, laneOf, numberOf, taskOf, workspaceOf } from './rows.ts';
import type { LaneRow, Names, TaskHead, WorkspaceRow } from './rows.ts';
import { ScoreChanges } from './scoreChanges.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

export class Ledger implements Names {
  readonly database: Database;
  readonly policies: StorePolicies;
  #workspaces = new Map<WorkspaceId, WorkspaceRow>();
  #workspacesByKey = new Map<number, WorkspaceRow>();
  #paused: ReadonlySet<WorkspaceId> = new Set();
  #lanes = new Map<number, LaneRow>();
  #lanesByName = new Map<string, LaneRow>();
  #heads: LaneHeads;
  #due: DueTimes;
  #trips: OpenTrips;
  /** What scores were before they last changed. */
  readonly changes = new ScoreChanges();
  #lastSequence = 0;
  #lastDecision = 0;
  #judging = false;

  constructor(database: Database, policies: StorePolicies) {
    this.database = database;
    this.policies = policies;
    this.#heads = this.#newHeads();
    this.#due = new DueTimes(database);
    this.#loadWorkspaces();
    this.#trips = new OpenTrips(database, (key) => this.workspaceId(key));
    this.#load();
  }

  get heads(): LaneHeads {
    return this.#heads;
  }

  get due(): DueTimes {
    return this.#due;
  }

  /** What fuses have said and nobody has answered. */
  get trips(): OpenTrips {
    return this.#trips;
  }

  /** Runs `work` as one transaction; when it throws, nothing of it remains, in memory neither. */
  transact<T>(work: () => T): Committed<T> {
    try {
      return this.database.transaction(work);
    } catch (thrown) {
      if (this.database.rolledBack > 0) this.#load();
      throw thrown;
    }
  }

  nextSequence(): number {
    return (this.#lastSequence += 1);
  }

  nextDecision(): number {
    return (this.#lastDecision += 1);
  }

  /** Sequence numbers of deleted tasks are not used again: remembers the highest there was. */
  keepSequence(): void {
    this.database.write(writes.putMeta, 'last_sequence', this.#lastSequence);
  }

  /** Whether tasks are judged: new and changed ones wait for an opinion. */
  get judging(): boolean {
    return this.#judging;
  }

  /** Within a transaction. */
  setJudging(on: boolean): void {
    this.database.write(writes.putMeta, 'judging', on ? 1 : 0);
    this.#judging = on;
  }

  /** Sequence of the newest task there ever was. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  workspaces(): readonly WorkspaceRow[] {
    return [...this.#workspaces.values()];
  }

  workspace(id: WorkspaceId): WorkspaceRow | undefined {
    return this.#workspaces.get(id);
  }

  /** @throws PodiumError `unknown-workspace` */
  knownWorkspace(id: WorkspaceId): WorkspaceRow {
    const found = this.#workspaces.get(id);
    if (found === undefined) throw new PodiumError('unknown-workspace', 'The folder is not known here.');
    return found;
  }

  workspaceByKey(key: number): Workspace {
    const found = this.#workspacesByKey.get(key);
    if (found === undefined) throw new PodiumError('store-corrupt', 'A task belongs to no folder.');
    return found.workspace;
  }

  workspaceId(key: number): WorkspaceId {
    return this.workspaceByKey(key).id;
  }

  signature(lane: number): string {
    return this.#laneByKey(lane).signature;
  }

  workspaceOfLane(lane: number): number {
    return this.#laneByKey(lane).workspace;
  }

  lanesOf(workspace: number): readonly LaneRow[] {
    return [...this.#lanes.values()].filter((lane) => lane.workspace === workspace);
  }

  /** The lane of a workspace and signature; made on first use, within a transaction. */
  lane(workspace: number, signature: string): LaneRow {
    const known = this.#lanesByName.get(laneName(workspace, signature));
    if (known !== undefined) return known;
    const lane = { key: this.#lanes.size + 1, workspace, signature };
    this.database.write(writes.insertLane, lane.key, workspace, signature);
    this.#addLane(lane);
    return lane;
  }

  /** The workspaces from which nothing is started. */
  get paused(): ReadonlySet<WorkspaceId> {
    return this.#paused;
  }

  /** Writes to the table of workspaces, then reads it anew. */
  changeWorkspaces(change: (nextKey: number) => void): void {
    change(this.#workspaces.size + 1);
    this.#loadWorkspaces();
  }

  task(id: TaskId): Task | undefined {
    return this.tasks(this.database.rows(reads.task, id))[0];
  }

  /** A judgement that does not count, for there is no judge, is not shown. */
  tasks(rows: readonly Row[]): Task[] {
    const tasks = rows.map((row) => taskOf(row, this));
    return this.#judging
      ? tasks
      : tasks.map((task) => (task.finishedAt === null ? { ...task, judgement: null } : task));
  }

  head(id: TaskId): TaskHead | undefined {
    const row = this.database.row(reads.head, id);
    return row === undefined ? undefined : headOf(row);
  }

  /** @throws PodiumError `unknown-task` */
  knownHead(id: TaskId): TaskHead {
    const head = this.head(id);
    if (head === undefined) throw new PodiumError('unknown-task', 'This task does not exist any more.');
    return head;
  }

  /** Brings instants of the future, from a clock that was ahead, back to `now`. Within a transaction. */
  clampInstants(now: Instant): void {
    if ((numberOf(this.database.row(reads.latestInstant)) ?? 0) > now) {
      this.database.write(writes.clampInstants, now);
      for (const { key } of this.#workspaces.values()) this.#due.note(key, 0);
    }
    if ((numberOf(this.database.row(reads.latestOfFuses)) ?? 0) > now) {
      this.database.write(writes.clampExecutions, now);
      this.database.write(writes.clampTrips, now);
      this.#trips = new OpenTrips(this.database, (key) => this.workspaceId(key));
      for (const { key } of this.#workspaces.values()) this.#due.note(key, 0);
    }
    const paused = this.workspaces().some(({ workspace }) => (workspace.pause?.at ?? 0) > now);
    if (paused) this.changeWorkspaces(() => this.database.write(writes.clampPauses, now));
  }

  #load(): void {
    const { database } = this;
    this.#loadWorkspaces();
    this.#lanes = new Map();
    this.#lanesByName = new Map();
    for (const row of database.rows(reads.lanes)) this.#addLane(laneOf(row));
    this.#lastSequence = Math.max(
      numberOf(database.row(reads.lastSequence)) ?? 0,
      numberOf(database.row(reads.meta, 'last_sequence')) ?? 0,
    );
    this.#lastDecision = numberOf(database.row(reads.lastDecision)) ?? 0;
    this.#judging = numberOf(database.row(reads.meta, 'judging')) === 1;
    this.#heads = this.#newHeads();
    this.#heads.touchAll(this.#lanes.values());
    this.#trips = new OpenTrips(database, (key) => this.workspaceId(key));
    this.#due = new DueTimes(database);
    for (const { key } of this.#workspaces.values()) {
      this.#due.read(key);
      this.#due.note(key, this.#trips.nextEnd(key) ?? never);
    }
  }

  #loadWorkspaces(): void {
    const rows = this.database.rows(reads.workspaces).map(workspaceOf);
    this.#workspaces = new Map(rows.map((row) => [row.workspace.id, row]));
    this.#workspacesByKey = new Map(rows.map((row) => [row.key, row]));
    this.#paused = new Set(rows.flatMap(({ workspace }) => (workspace.pause === null ? [] : [workspace.id])));
  }

  #newHeads(): LaneHeads {
    return new LaneHeads(this.database, (key) => {
      const { workspace, signature } = this.#laneByKey(key);
      return { workspaceId: this.workspaceId(workspace), signature };
    });
  }

  #addLane(lane: LaneRow): void {
    this.#lanes.set(lane.key, lane);
    this.#lanesByName.set(laneName(lane.workspace, lane.signature), lane);
  }

  #laneByKey(key: number): LaneRow {
    const lane = this.#lanes.get(key);
    if (lane === undefined) throw new PodiumError('store-corrupt', 'A task belongs to no lane.');
    return lane;
  }
}

function laneName(workspace: number, signature: string): string {
  return `${workspace}\n${signature}`;
}
