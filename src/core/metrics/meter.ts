/**
 * Counts, reads and times what happens in the house, when it happens: the meter has no timer, so an idle house costs
 * nothing. What it is told goes into three rings of slots, the past that screens draw, and into the figures since the
 * window was opened.
 */
import type { PodiumEvent } from '../events.ts';
import type { Instant, Milliseconds, TaskId, WorkspaceId } from '../model.ts';
import type { Clock, Counts, LoopWatch, Memory, StoreState, StoreWatch } from '../ports.ts';
import { Backlog } from './backlog.ts';
import { Histogram } from './histogram.ts';
import { metricRanges } from './metrics.ts';
import type {
  CountedColumn,
  GaugeColumn,
  LoopFigures,
  MetricRange,
  Metrics,
  MetricsSeries,
  StoreFigures,
  TimedColumn,
} from './metrics.ts';
import { parsePast, savedPast } from './savedPast.ts';
import { SlotRing } from './slotRing.ts';

export interface MeterPorts {
  readonly clock: Clock;
  readonly memory: Memory;
}

/** What the meter is told by whoever asks for the figures. */
export interface Surroundings {
  /** Null in a window that only watches. */
  readonly store: StoreState | null;
  readonly tiers: LoopFigures['tiers'];
}

const ranges = Object.keys(metricRanges) as MetricRange[];

export class Meter implements StoreWatch, LoopWatch {
  readonly #ports: MeterPorts;
  readonly #since: Instant;
  readonly #rings: ReadonlyMap<MetricRange, SlotRing>;
  /** Runs that began under these eyes. */
  readonly #running = new Set<TaskId>();
  readonly #tasks = new Map<WorkspaceId, Counts>();
  readonly #syncs = new Histogram();
  readonly #lags = new Histogram();
  readonly #stretches = new Histogram();
  readonly #backlog = new Backlog();
  #longest: { readonly took: Milliseconds; readonly name: string } | undefined;
  #commits = 0;
  #scans = 0;
  #sleeps = 0;
  #snapshots: { readonly taken: number; readonly at: Instant | null; readonly took: Milliseconds | null } = {
    taken: 0,
    at: null,
    took: null,
  };

  constructor(ports: MeterPorts) {
    this.#ports = ports;
    this.#since = ports.clock.wallClock();
    this.#rings = new Map(ranges.map((range) => [range, new SlotRing(range)]));
  }

  /** Hears what the desk tells its screens. */
  listen(event: PodiumEvent): void {
    switch (event.type) {
      case 'added':
        this.#count('added');
        return;
      case 'started':
        this.#running.add(event.taskId);
        this.#count('started');
        this.#time('wait', event.waited);
        return;
      case 'settled':
        if (this.#running.delete(event.taskId)) this.#time('run', event.duration);
        if (event.retries) this.#count('retried');
        else if (event.status === 'completed') this.#count('completed');
        else if (event.status === 'failed') this.#count('failed');
        else if (event.status === 'cancelled') this.#count('cancelled');
        return;
      case 'changed':
      case 'judged':
      case 'judging':
      case 'tripped':
      case 'idle':
        return;
    }
  }

  /** A task was cancelled while it waited. */
  cancelledWaiting(): void {
    this.#count('cancelled');
  }

  committed(): void {
    this.#commits += 1;
    this.#count('commits');
  }

  synced(took: Milliseconds): void {
    this.#syncs.add(took);
    this.#count('syncs');
    this.#time('sync', took);
  }

  snapshotTaken(took: Milliseconds): void {
    this.#snapshots = { taken: this.#snapshots.taken + 1, at: this.#ports.clock.wallClock(), took };
  }

  held(name: string, took: Milliseconds): void {
    this.#stretches.add(took);
    if (took > (this.#longest?.took ?? -1)) this.#longest = { took, name };
    this.#time('stretch', took);
    // The rows of new tasks are written with their scores, so they have their place when this is over.
    if (name === 'add') this.#time('rank', took);
  }

  /** Does `work`, which holds the thread under this name. */
  hold<Result>(name: string, work: () => Result): Result {
    const began = this.#ports.clock.monotonic();
    try {
      return work();
    } finally {
      this.held(name, this.#ports.clock.monotonic() - began);
    }
  }

  scanned(workspaces: number): void {
    this.#scans += workspaces;
    this.#count('scans', workspaces);
  }

  fired(late: Milliseconds): void {
    this.#lags.add(late);
    this.#time('lag', late);
  }

  slept(): void {
    this.#sleeps += 1;
  }

  /** A call to the judging model has ended. */
  called(took: Milliseconds): void {
    this.#time('judge', took);
  }

  /** So many tasks wait for a judgement. @returns whether these have just become too many */
  unjudged(tasks: number): boolean {
    for (const ring of this.#rings.values()) ring.read(this.#now(), 'unjudged', tasks);
    return this.#backlog.note(tasks);
  }

  /** The tasks of a workspace were counted. @param counts null when it is not open any more */
  counted(workspaceId: WorkspaceId, counts: Counts | null): void {
    if (counts === null) this.#tasks.delete(workspaceId);
    else this.#tasks.set(workspaceId, counts);
  }

  /** Reads the gauges. Memory is read once a second at most, it costs a call to the system. */
  read(workers: number, store: StoreState | null): void {
    const tasks = { ready: 0, waiting: 0, running: 0, attention: 0 };
    for (const counts of this.#tasks.values()) {
      tasks.ready += counts.ready;
      tasks.waiting += counts.blocked + counts.scheduled + counts.held;
      tasks.running += counts.running;
      tasks.attention += counts.attention;
    }
    const finest = this.#rings.get('5 min');
    const hasMemory = finest?.hasReading(this.#now(), 'heapUsed') === true;
    const readings: Partial<Record<GaugeColumn, number>> = {
      ...tasks,
      workers,
      ...(store === null ? {} : { tailBytes: store.tail.bytes }),
      ...(hasMemory ? {} : { heapUsed: this.#ports.memory.usage().heapUsed }),
    };
    const now = this.#now();
    for (const [column, value] of Object.entries(readings)) {
      for (const ring of this.#rings.values()) ring.read(now, column as GaugeColumn, value);
    }
  }

  /** The figures of this moment. */
  metrics({ store, tiers }: Surroundings): Metrics {
    const { heapUsed, resident } = this.#ports.memory.usage();
    return {
      since: this.#since,
      store: store === null ? null : this.#storeFigures(store),
      loop: {
        scans: this.#scans,
        sleeps: this.#sleeps,
        lag: this.#lags.summary(),
        stretch: { ...this.#stretches.summary(), longestIn: this.#longest?.name ?? null },
        tiers,
      },
      memory: { heapUsed, resident, database: store?.databaseBytes ?? null },
      isBacklogged: this.#backlog.isLong,
    };
  }

  history(range: MetricRange): MetricsSeries {
    return this.#ring(range).series(this.#now());
  }

  /** The past as a text to keep, some hundred kilobytes at most. */
  save(): string {
    return savedPast(this.#rings, this.#now());
  }

  /** Adds a past that was saved. @returns false, changing nothing, when the text cannot have been one */
  restore(text: string): boolean {
    const past = parsePast(text);
    if (past === undefined) return false;
    for (const [range, slots] of past) this.#ring(range).restore(this.#now(), slots);
    return true;
  }

  /** Forgets the past: another window measures now. */
  forget(): void {
    for (const ring of this.#rings.values()) ring.clear();
    this.#tasks.clear();
    this.#running.clear();
  }

  #storeFigures(store: StoreState): StoreFigures {
    return {
      commits: this.#commits,
      syncs: this.#syncs.count,
      syncTime: this.#syncs.summary(),
      tail: store.tail,
      snapshot: { ...this.#snapshots, bytes: store.snapshotBytes },
    };
  }

  #count(column: CountedColumn, times = 1): void {
    const now = this.#now();
    for (const ring of this.#rings.values()) ring.count(now, column, times);
  }

  #time(column: TimedColumn, duration: Milliseconds): void {
    const now = this.#now();
    for (const ring of this.#rings.values()) ring.time(now, column, duration);
  }

  #ring(range: MetricRange): SlotRing {
    const ring = this.#rings.get(range);
    if (ring === undefined) throw new RangeError(`There is no range ${range}.`);
    return ring;
  }

  #now(): Instant {
    return this.#ports.clock.wallClock();
  }
}
