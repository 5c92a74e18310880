/**
 * The continuous loop. Events make a workspace due now; the tiers only reconcile, as the safety net behind events.
 * Due workspaces come from a heap and one timer waits for the earliest. Workspaces with nothing unfinished are in it
 * only while something ends by itself in them, such as the pause of a fuse, so an idle house has no timer at all.
 */
import { messageOf } from '../errors.ts';
import type { Milliseconds, WorkspaceId } from '../model.ts';
import type { Agenda, Clock, Log, LoopWatch } from '../ports.ts';
import { ActivityTracker } from './activityTracker.ts';
import { DueHeap } from './dueHeap.ts';
import { pollingTiers, tierFor } from './pollingTiers.ts';
import type { Tier, TierRule } from './pollingTiers.ts';

/** Scans a batch: dispatches what can start, and says what each workspace has on its agenda. */
export type Scan = (workspaceIds: readonly WorkspaceId[]) => Promise<readonly Agenda[]>;

/** A timer this late means that something held the thread; it is recorded. */
export const lagThreshold: Milliseconds = 200;
/** A gap this long means that the machine slept. */
export const sleepThreshold: Milliseconds = 30_000;
/** So many ready tasks are a backlog worth a warning, again after it has halved. */
export const backlogThreshold = 200;

export interface LoopState {
  readonly scans: number;
  readonly longestLag: Milliseconds;
  readonly sleeps: number;
}

interface LoopPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly scan: Scan;
  readonly watch?: LoopWatch;
}

export class EventLoop {
  readonly #ports: LoopPorts;
  readonly #rules: readonly TierRule[];
  readonly #activity = new ActivityTracker();
  readonly #due = new DueHeap<WorkspaceId>();
  readonly #tiers = new Map<WorkspaceId, Tier>();
  /** Being scanned now; the value says whether something happened meanwhile. */
  readonly #scanning = new Map<WorkspaceId, boolean>();
  readonly #ready = new Map<WorkspaceId, number>();
  #timer: Disposable | undefined;
  #timerDue = Infinity;
  #running = false;
  #lastScanTook: Milliseconds = 0;
  #backlogReported = false;
  #scans = 0;
  #longestLag: Milliseconds = 0;
  #sleeps = 0;

  constructor(ports: LoopPorts, rules: readonly TierRule[] = pollingTiers) {
    this.#ports = ports;
    this.#rules = rules;
  }

  get state(): LoopState {
    return { scans: this.#scans, longestLag: this.#longestLag, sleeps: this.#sleeps };
  }

  tierOf(workspaceId: WorkspaceId): Tier {
    return this.#tiers.get(workspaceId) ?? this.#classify(workspaceId).tier;
  }

  /** Starts; every workspace given is scanned at once. */
  start(workspaceIds: readonly WorkspaceId[]): void {
    this.#running = true;
    for (const id of workspaceIds) this.#due.set(id, this.#now());
    this.#arm();
  }

  /** Stops dispatching. Scans under way end by themselves and change nothing here any more. */
  stop(): void {
    this.#running = false;
    this.#disarm();
  }

  /** Something happened in a workspace: it is due now, and a little more active. */
  wake(workspaceId: WorkspaceId): void {
    this.#activity.record(workspaceId, this.#now());
    this.#makeDue(workspaceId);
  }

  /** Looks at every known workspace now, without counting it as activity: a worker was freed, a pause ended. */
  wakeAll(): void {
    for (const id of this.#tiers.keys()) if (this.#ready.has(id)) this.#makeDue(id);
  }

  forget(workspaceId: WorkspaceId): void {
    this.#due.delete(workspaceId);
    this.#tiers.delete(workspaceId);
    this.#ready.delete(workspaceId);
    this.#activity.forget(workspaceId);
  }

  #makeDue(workspaceId: WorkspaceId): void {
    if (this.#scanning.has(workspaceId)) this.#scanning.set(workspaceId, true);
    else this.#due.set(workspaceId, this.#now());
    this.#arm();
  }

  #now(): Milliseconds {
    return this.#ports.clock.monotonic();
  }

  #classify(workspaceId: WorkspaceId): TierRule {
    const level = this.#activity.level(workspaceId, this.#now());
    return tierFor(level, this.#tiers.get(workspaceId), this.#rules);
  }

  #disarm(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    this.#timerDue = Infinity;
  }

  /** One timer for the earliest due; re-armed only when that moved forward. */
  #arm(): void {
    const next = this.#due.nextDue;
    if (!this.#running || next === undefined) {
      this.#disarm();
      return;
    }
    if (this.#timer !== undefined && this.#timerDue <= next) return;
    this.#disarm();
    this.#timerDue = next;
    this.#timer = this.#ports.clock.setTimer(Math.max(0, next - this.#now()), () => this.#onTimer());
  }

  #onTimer(): void {
    const now = this.#now();
    this.#watchLag(now - this.#timerDue);
    this.#timer = undefined;
    this.#timerDue = Infinity;
    const batches = new Map<Tier, WorkspaceId[]>();
    for (const id of this.#due.takeDue(now)) {
      const { tier } = this.#classify(id);
      this.#tiers.set(id, tier);
      const batch = batches.get(tier);
      if (batch === undefined) batches.set(tier, [id]);
      else batch.push(id);
    }
    for (const batch of batches.values()) void this.#scanBatch(batch);
    this.#arm();
  }

  /** A batch that fails or hangs costs its own workspaces a turn and the others nothing. */
  async #scanBatch(batch: readonly WorkspaceId[]): Promise<void> {
    const began = this.#now();
    for (const id of batch) this.#scanning.set(id, false);
    this.#scans += batch.length;
    this.#ports.watch?.scanned(batch.length);
    let agendas = new Map<WorkspaceId, Agenda>();
    let failed = false;
    try {
      agendas = new Map((await this.#ports.scan(batch)).map((agenda) => [agenda.workspaceId, agenda]));
    } catch (thrown) {
      failed = true;
      this.#ports.log.write('error', `A scan failed and will be repeated: ${messageOf(thrown)}`);
    }
    this.#lastScanTook = this.#now() - began;
    for (const id of batch) {
      const again = this.#scanning.get(id) ?? false;
      this.#scanning.delete(id);
      this.#reschedule(id, agendas.get(id), again, failed);
    }
    this.#watchBacklog();
    this.#arm();
  }

  #reschedule(id: WorkspaceId, agenda: Agenda | undefined, again: boolean, failed: boolean): void {
    const now = this.#now();
    const rule = this.#classify(id);
    this.#tiers.set(id, rule.tier);
    if (agenda !== undefined) this.#ready.set(id, agenda.ready);
    if (again) {
      this.#due.set(id, now);
      return;
    }
    const nextAt = agenda?.nextAt ?? Infinity;
    const isDone = !failed && (agenda === undefined || agenda.unfinished === 0);
    if (isDone && nextAt === Infinity) {
      this.#ready.delete(id);
      return;
    }
    const byItself = now + nextAt - this.#ports.clock.wallClock();
    const earliest = now + Math.max(1, Math.min(this.#lastScanTook, rule.interval));
    const latest = isDone ? Infinity : now + rule.interval;
    this.#due.set(id, Math.max(earliest, Math.min(latest, byItself)));
  }

  #watchLag(lag: Milliseconds): void {
    if (lag >= sleepThreshold) {
      this.#sleeps += 1;
      this.#ports.watch?.slept();
      this.#ports.log.write('warn', 'The machine slept or the editor was stopped; going on.', {
        seconds: Math.round(lag / 1000),
      });
      return;
    }
    this.#ports.watch?.fired(Math.max(0, lag));
    this.#longestLag = Math.max(this.#longestLag, lag);
    if (lag >= lagThreshold) {
      this.#ports.log.write('warn', 'The loop was held up by something in the editor.', {
        milliseconds: Math.round(lag),
      });
    }
  }

  #watchBacklog(): void {
    let ready = 0;
    for (const count of this.#ready.values()) ready += count;
    if (ready >= backlogThreshold && !this.#backlogReported) {
      this.#backlogReported = true;
      this.#ports.log.write('warn', 'Many tasks wait for a worker.', { ready });
    } else if (ready < backlogThreshold / 2) {
      this.#backlogReported = false;
    }
  }
}
