/**
 * The desk of the conductor: every verb a person has, wired to gate, store, loop and pool. The one implementation of
 * `Control`.
 */
import { Arbitration } from './arbitration/arbitration.ts';
import type { ArbitrationPorts } from './arbitration/arbitration.ts';
import { trustResource } from './arbitration/requirements.ts';
import type { ResourceControl } from './arbitration/resourceControl.ts';
import { withIds } from './batchOrder.ts';
import { Conductor } from './conductor.ts';
import type { BatchRequest, Control, SnapshotWish, TaskChange, TaskRequest } from './control.ts';
import { messageOf, PodiumError } from './errors.ts';
import { EventHub } from './events.ts';
import type { Listener } from './events.ts';
import { descendantsOf } from './family.ts';
import { HandOnFuses } from './fuses/fuseControl.ts';
import type { FuseControl } from './fuses/fuseControl.ts';
import { defaultFuses } from './fuses/fuseSettings.ts';
import type { FuseSettings } from './fuses/fuseSettings.ts';
import { Gate } from './fuses/gate.ts';
import type { Trip } from './fuses/trip.ts';
import type { History } from './history/history.ts';
import { EventLoop } from './loop/eventLoop.ts';
import type { LoopState } from './loop/eventLoop.ts';
import type { Meter } from './metrics/meter.ts';
import type { MetricRange, MetricsSeries } from './metrics/metrics.ts';
import { portrayed } from './metrics/portrait.ts';
import { sumCounts } from './metrics/snapshot.ts';
import type { RecoveryReport, Snapshot } from './metrics/snapshot.ts';
import type { ReadyLane } from './priority/judgementStore.ts';
import type { Meanings } from './priority/meanings.ts';
import type { Refiner } from './priority/refiner.ts';
import type { Hindrance, RefinerHouse } from './priority/refinerPorts.ts';
import type { Task, TaskId, Workspace, WorkspaceId } from './model.ts';
import type {
  AgentDescription,
  Agents,
  Chance,
  Clock,
  Counts,
  Log,
  OrderPlace,
  Places,
  Store,
} from './ports.ts';
import { findOrphans, recoverOrphans } from './recovery.ts';
import { dropReport, extendReport, readReport } from './recoveryReport.ts';
import type { RetryPolicy } from './workers/retryPolicy.ts';
import { HandOnTrees } from './trees.ts';
import type { TreeControl } from './trees.ts';
import { WorkerPool } from './workers/workerPool.ts';

export interface DeskPorts extends ArbitrationPorts {
  readonly store: Store;
  /** What has left the store; without it a task there is as unknown as any. */
  readonly past?: Pick<History, 'findMany'>;
  /** Asks the store to become owner; see `Control.takeOver`. */
  readonly takeOver: () => Promise<void>;
  readonly agents: Agents;
  readonly places: Places;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly meter: Meter;
  readonly trusted: () => boolean;
  readonly workers: number;
  readonly retry: () => RetryPolicy;
  /** The limits of the fuses; those of the house when absent. */
  readonly fuses?: () => FuseSettings;
  /** What tells loops and duplicates among the tasks of agents. */
  readonly meanings?: Pick<Meanings, 'load' | 'keysOf'>;
  /** Makes what refines the order in the background; without it tasks keep their provisional scores. */
  readonly refine?: (house: RefinerHouse) => Refiner;
}

/** Offered as prerequisites. */
const offered = 1_000;

export class Desk implements Control {
  readonly #ports: DeskPorts;
  readonly #events: EventHub;
  readonly #gate: Gate;
  readonly #pool: WorkerPool;
  readonly #loop: EventLoop;
  readonly #conductor: Conductor;
  readonly #refiner: Refiner | undefined;
  readonly fuses: FuseControl;
  readonly trees: TreeControl;
  readonly #arbitration: Arbitration;
  #recovery: RecoveryReport | null = null;
  #started = false;
  /** Whether nothing was started since it was last said that nothing is left to do. */
  #idle = true;

  constructor(ports: DeskPorts) {
    this.#ports = ports;
    const { store, past, agents, places, clock, chance, log, retry, meter } = ports;
    const report = (thrown: unknown): void => log.write('error', `Unexpected: ${messageOf(thrown)}`);
    this.#events = new EventHub(report);
    this.#events.subscribe((event) => meter.listen(event));
    this.#events.subscribe((event) => {
      if (event.type === 'started') this.#idle = false;
      if (event.type !== 'judged' && event.type !== 'judging') this.#refiner?.wake();
    });
    this.#arbitration = new Arbitration(ports, () => this.#changed(null));
    const { demands } = this.#arbitration;
    this.#gate = new Gate({ store, past, agents, clock, chance, meanings: ports.meanings, demands });
    this.#pool = new WorkerPool(ports.workers, report);
    this.#loop = new EventLoop({ clock, log, scan: (ids) => this.#scan(ids), watch: meter });
    this.#conductor = new Conductor({
      store,
      agents,
      gate: this.#gate,
      pool: this.#pool,
      policy: this.#arbitration.order,
      places,
      clock,
      chance,
      events: this.#events,
      log,
      retry,
      resources: this.#arbitration.desk,
      wake: (workspaceId) => this.#loop.wake(workspaceId),
    });
    this.fuses = new HandOnFuses({
      store,
      settings: ports.fuses ?? (() => defaultFuses),
      stop: (id) => this.#conductor.stopRun(id, 'cancel'),
      cancelledWaiting: () => meter.cancelledWaiting(),
      changed: () => this.#changed(null),
    });
    this.trees = new HandOnTrees({ store, changed: () => this.#changed(null) });
    store.onTrip((trip) => this.#tripped(trip));
    store.onTripsEnded(() => this.#events.emit({ type: 'changed', workspaceId: null }));
    this.#refiner = ports.refine?.({
      freeWorkers: () => this.#pool.free,
      hindrance: (lane, running) => this.#hindrance(lane, running),
      lease: (model) => this.#arbitration.leaseForJudging(model),
      isOpen: (workspaceId) => places.folderOf(workspaceId) !== undefined,
      onJudged: (workspaceId) => {
        this.#events.emit({ type: 'judged', workspaceId });
        this.#loop.wake(workspaceId);
      },
      onState: () => this.#events.emit({ type: 'judging' }),
      watch: {
        called: (took) => meter.called(took),
        waiting: (tasks) => {
          if (!meter.unjudged(tasks)) return;
          log.write(
            'warn',
            `${tasks} tasks wait for a judgement. They start in the order they have meanwhile.`,
          );
        },
      },
    });
  }

  /** What keeps ready tasks from starting, apart from workers. */
  #hindrance({ workspaceId, signature }: ReadyLane, running: readonly string[]): Hindrance {
    const { arbitrator, fairShare } = this.#arbitration;
    const lack = arbitrator.lackOf(signature, running, this.#ports.clock.wallClock());
    if (lack !== null) return lack.resource === trustResource ? 'trust' : 'shared';
    const most = this.#ports.sharing?.(workspaceId).concurrency ?? 0;
    return most > 0 && fairShare.runningIn(workspaceId) >= most ? 'shared' : null;
  }

  get resources(): ResourceControl {
    return this.#arbitration.desk;
  }

  get loopState(): LoopState {
    return this.#loop.state;
  }

  /** Makes the open folders known, recovers what was cut, and starts the loop. As a reader it only watches. */
  async start(workspaces: readonly Pick<Workspace, 'id' | 'uri' | 'name'>[]): Promise<void> {
    const { store } = this.#ports;
    if (store.role.kind !== 'owner' || this.#started) return;
    this.#started = true;
    for (const workspace of workspaces) await store.putWorkspace(workspace);
    await this.#arbitration.load();
    await this.#arbitration.demands.renewAll();
    // Before anything starts: what the last owner left running takes up workers until it is gone.
    const orphans = await findOrphans({ store, pool: this.#pool });
    this.#loop.start((await store.workspaces()).map((workspace) => workspace.id));
    const ports = { ...this.#ports, resources: this.#arbitration.desk };
    await extendReport(store, await recoverOrphans(orphans, ports, this.#conductor));
    this.#recovery = await readReport(store);
    await this.#refiner?.start();
    this.#changed(null);
  }

  /** Stops the loop and ends every run; resolves when their ends are recorded. */
  async stop(): Promise<void> {
    this.#loop.stop();
    await this.#refiner?.stop();
    const cut = await this.#conductor.stop();
    await this.#arbitration.desk.settled();
    try {
      await extendReport(this.#ports.store, cut);
    } catch (thrown) {
      this.#ports.log.write('warn', `What was interrupted could not be noted: ${messageOf(thrown)}`);
    }
  }

  /** Another window owns the store now: ends every run and only watches, until `start` is called again. */
  async stepDown(): Promise<void> {
    this.#loop.stop();
    this.#started = false;
    await this.#refiner?.stop();
    await this.#conductor.endRuns();
    this.#ports.meter.forget();
    this.#events.emit({ type: 'changed', workspaceId: null });
  }

  /** New size of the pool, live. */
  resize(workers: number): void {
    this.#pool.resize(workers);
    this.#changed(null);
  }

  /** Trust was granted, a folder opened, tasks came: what was waiting for it may start. */
  conditionsChanged(workspaceId: WorkspaceId | null = null): void {
    this.#changed(workspaceId);
  }

  /** Another model, key or permission. */
  async modelsChanged(): Promise<void> {
    await this.#refiner?.modelsChanged();
    this.#changed(null);
  }

  /** The agents were configured anew: waiting tasks need what their agents need now. */
  async agentsChanged(): Promise<void> {
    await this.#arbitration.demands.renewAll();
    this.#changed(null);
  }

  /** The report of the recovery was read; it is shown no more. */
  async dismissRecovery(): Promise<void> {
    await dropReport(this.#ports.store);
    this.#recovery = null;
    this.#changed(null);
  }

  async addTask(request: TaskRequest): Promise<TaskId> {
    const [id] = await this.#add([request], this.#gate.reserveIds(1));
    if (id === undefined) throw new PodiumError('store-unavailable', 'The store gave no answer.');
    return id;
  }

  async addBatch(requests: readonly BatchRequest[]): Promise<readonly TaskId[]> {
    const ids = this.#gate.reserveIds(requests.length);
    return await this.#add(withIds(requests, ids), ids);
  }

  async editTask(id: TaskId, change: TaskChange): Promise<void> {
    const task = await this.#get(id);
    await this.#gate.change(task, change);
    this.#changed(task.workspaceId);
  }

  async deleteTasks(ids: readonly TaskId[]): Promise<void> {
    await this.#ports.store.deleteTasks(ids);
    this.#changed(null);
  }

  async clearFinished(workspaceId: WorkspaceId): Promise<number> {
    const cleared = await this.#ports.store.clearFinished(workspaceId);
    this.#changed(workspaceId);
    return cleared;
  }

  async runNow(id: TaskId): Promise<void> {
    const task = await this.#get(id);
    await this.#ports.store.runNow(id);
    this.#changed(task.workspaceId);
  }

  async pin(ids: readonly TaskId[]): Promise<void> {
    const tasks = await Promise.all(ids.map((id) => this.#get(id)));
    const unpinned = tasks.filter(({ pin }) => pin === null);
    for (const [workspaceId, own] of Map.groupBy(unpinned, (task) => task.workspaceId)) {
      const order = own.map(({ id }) => id);
      await this.#ports.store.place(order, 'last');
      this.#changed(workspaceId);
    }
  }

  async unpin(ids: readonly TaskId[]): Promise<void> {
    await this.#ports.store.unpin(ids);
    this.#changed(null);
  }

  async move(ids: readonly TaskId[], place: OrderPlace): Promise<void> {
    await this.#ports.store.place(ids, place);
    this.#changed(null);
  }

  async moveBy(ids: readonly TaskId[], step: -1 | 1): Promise<void> {
    await this.#ports.store.shift(ids, step);
    this.#changed(null);
  }

  async boost(ids: readonly TaskId[], points: number): Promise<void> {
    await this.#ports.store.boost(ids, points);
    this.#changed(null);
  }

  async cancel(id: TaskId): Promise<void> {
    if (await this.#conductor.stopRun(id, 'cancel')) return;
    const task = await this.#get(id);
    await this.#ports.store.transition(id, 'cancel');
    this.#ports.meter.cancelledWaiting();
    this.#changed(task.workspaceId);
  }

  async retry(id: TaskId): Promise<void> {
    const task = await this.#get(id);
    await this.#ports.store.transition(id, 'rerun');
    this.#changed(task.workspaceId);
  }

  async pause(workspaceIds: readonly WorkspaceId[] | 'all', reason: string): Promise<void> {
    const ids = await this.#resolve(workspaceIds);
    await this.#ports.store.setPause(ids, { at: this.#ports.clock.wallClock(), by: 'user', reason });
    this.#changed(null);
  }

  async resume(workspaceIds: readonly WorkspaceId[] | 'all'): Promise<void> {
    const { store } = this.#ports;
    await store.setPause(await this.#resolve(workspaceIds), null);
    // All means all: also the trees that a fuse holds.
    if (workspaceIds === 'all') {
      const trips = await store.trips();
      await store.answerTrips(trips.filter(({ holds }) => holds).map(({ id }) => id));
    }
    this.#changed(null);
  }

  async setGoal(workspaceId: WorkspaceId, goal: string): Promise<void> {
    await this.#ports.store.setGoal(workspaceId, goal.trim());
    this.#changed(workspaceId);
  }

  async judgeAgain(
    workspaceId: WorkspaceId,
    signal: AbortSignal,
    onProgress: (waiting: number) => void,
  ): Promise<void> {
    const trouble =
      this.#refiner === undefined
        ? 'No model is set up.'
        : await this.#refiner.judgeAgain(workspaceId, signal, onProgress);
    if (trouble !== null) throw new PodiumError('model-unavailable', trouble);
  }

  async takeOver(): Promise<void> {
    await this.#ports.takeOver();
  }

  agents(): readonly AgentDescription[] {
    return this.#ports.agents.list();
  }

  async task(id: TaskId): Promise<Task | undefined> {
    return await this.#ports.store.task(id);
  }

  async unfinished(workspaceId: WorkspaceId): Promise<readonly Task[]> {
    return await this.#ports.store.unfinished(workspaceId, offered);
  }

  async descendants(ids: readonly TaskId[]): Promise<readonly TaskId[]> {
    return await descendantsOf(this.#ports.store, ids);
  }

  readonly decision: Control['decision'] = async (id) => await this.#ports.store.decision(id);
  readonly lastChange: Control['lastChange'] = async (id) => await this.#ports.store.lastChange(id);

  async snapshot(wish: SnapshotWish = {}): Promise<Snapshot> {
    if (this.#ports.store.role.kind === 'reader') await this.#arbitration.load();
    return await portrayed(wish, {
      ...this.#ports,
      pool: this.#pool,
      loop: this.#loop,
      recovery: this.#recovery,
      refiner: this.#refiner?.figures ?? null,
      arbitration: this.#arbitration,
      counted: (workspaceId, counts) => this.#counted(workspaceId, counts),
    });
  }

  history(range: MetricRange): MetricsSeries {
    return this.#ports.meter.history(range);
  }

  hold<Result>(name: string, work: () => Result): Result {
    return this.#ports.meter.hold(name, work);
  }

  subscribe(listener: Listener): Disposable {
    return this.#events.subscribe(listener);
  }

  async #add(requests: readonly TaskRequest[], ids: readonly TaskId[]): Promise<readonly TaskId[]> {
    const added = await this.#gate.addForUser(requests, ids);
    added.forEach(({ id: taskId, score, title }, index) => {
      const request = requests[index];
      if (request === undefined) return;
      const { workspaceId, agentId } = request;
      this.#events.emit({ type: 'added', by: 'user', taskId, workspaceId, title, agentId, score });
    });
    for (const workspaceId of new Set(requests.map((request) => request.workspaceId)))
      this.#loop.wake(workspaceId);
    return added.map(({ id }) => id);
  }

  /** The loop's scan; afterwards, when nothing runs any more and nothing can start, says so once. */
  async #scan(workspaceIds: readonly WorkspaceId[]): ReturnType<Conductor['scan']> {
    const agendas = await this.#conductor.scan(workspaceIds);
    for (const { workspaceId, counts } of agendas) this.#counted(workspaceId, counts);
    this.#ports.meter.read(this.#pool.size, this.#ports.store.state);
    if (this.#pool.busy === 0 && !this.#idle) {
      const { workspaces } = await this.#ports.store.picture(0, 0);
      const totals = sumCounts(workspaces.map((picture) => picture.counts));
      this.#idle = totals.ready + totals.scheduled + totals.running === 0;
      if (this.#idle) this.#events.emit({ type: 'idle' });
    }
    return agendas;
  }

  /** A person is told once, while nobody has answered; the log has it every time. */
  #tripped(trip: Trip): void {
    const { fuse, rootId, at, resumesAt, workspaceId, repeats = false } = trip;
    this.#ports.log.write('warn', trip.reason, {
      fuse,
      ...(rootId === null ? {} : { tree: rootId }),
      ...(resumesAt === null ? {} : { seconds: Math.round((resumesAt - at) / 1_000) }),
    });
    this.#events.emit(repeats ? { type: 'changed', workspaceId } : { type: 'tripped', trip });
  }

  /** Tells the meter; what is not open here is not shown either. */
  #counted(workspaceId: WorkspaceId, counts: Counts): void {
    const { places, meter } = this.#ports;
    meter.counted(workspaceId, places.folderOf(workspaceId) === undefined ? null : counts);
  }

  async #get(id: TaskId): Promise<Task> {
    const task = await this.#ports.store.task(id);
    if (task !== undefined) return task;
    throw new PodiumError('unknown-task', 'This task does not exist any more.');
  }

  async #resolve(workspaceIds: readonly WorkspaceId[] | 'all'): Promise<readonly WorkspaceId[]> {
    if (workspaceIds !== 'all') return workspaceIds;
    return (await this.#ports.store.workspaces()).map((workspace) => workspace.id);
  }

  /** A screen may show it, and the loop should look again: at one workspace or at all. */
  #changed(workspaceId: WorkspaceId | null): void {
    this.#events.emit({ type: 'changed', workspaceId });
    if (workspaceId === null) this.#loop.wakeAll();
    else this.#loop.wake(workspaceId);
  }
}
