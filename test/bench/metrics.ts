/**
 * The workload `metrics`: what measuring costs. Everything the meter is told while two thousand tasks go through the
 * house is told again to another one, alone; that time is compared with the CPU the house took.
 */
import type { PodiumEvent } from '../../src/core/events.ts';
import { Meter } from '../../src/core/metrics/meter.ts';
import { metricRanges } from '../../src/core/metrics/metrics.ts';
import type { MetricRange } from '../../src/core/metrics/metrics.ts';
import type { WorkspaceId } from '../../src/core/model.ts';
import type { Counts, StoreState } from '../../src/core/ports.ts';
import { systemClock } from '../../src/system/systemClock.ts';
import { systemMemory } from '../../src/system/systemMemory.ts';
import { threadTime } from './house.ts';
import { throughHouse } from './loop.ts';
import { check } from './report.ts';
import type { WorkloadReport } from './report.ts';

interface Call {
  readonly at: number;
  readonly tell: (meter: Meter) => void;
}

/** Remembers what it was told, and when. */
class RecordingMeter extends Meter {
  readonly calls: Call[] = [];

  constructor() {
    super({ clock: systemClock, memory: systemMemory });
  }

  override listen(event: PodiumEvent): void {
    this.#note((meter) => meter.listen(event));
    super.listen(event);
  }

  override committed(): void {
    this.#note((meter) => meter.committed());
    super.committed();
  }

  override synced(took: number): void {
    this.#note((meter) => meter.synced(took));
    super.synced(took);
  }

  override held(name: string, took: number): void {
    this.#note((meter) => meter.held(name, took));
    super.held(name, took);
  }

  override scanned(workspaces: number): void {
    this.#note((meter) => meter.scanned(workspaces));
    super.scanned(workspaces);
  }

  override fired(late: number): void {
    this.#note((meter) => meter.fired(late));
    super.fired(late);
  }

  override counted(workspaceId: WorkspaceId, counts: Counts | null): void {
    this.#note((meter) => meter.counted(workspaceId, counts));
    super.counted(workspaceId, counts);
  }

  override read(workers: number, store: StoreState | null): void {
    this.#note((meter) => meter.read(workers, store));
    super.read(workers, store);
  }

  #note(tell: Call['tell']): void {
    this.calls.push({ at: systemClock.wallClock(), tell });
  }
}

/** Tells a fresh meter everything again, at the instants it happened. */
function replay(calls: readonly Call[]): void {
  let now = calls[0]?.at ?? 0;
  const meter = new Meter({ clock: { ...systemClock, wallClock: () => now }, memory: systemMemory });
  for (const { at, tell } of calls) {
    now = at;
    tell(meter);
  }
}

/** Mean CPU of `work`, in milliseconds; over many times, because the system counts CPU coarsely. */
function cost(work: () => unknown): number {
  const times = 100;
  const began = threadTime();
  for (let time = 0; time < times; time += 1) work();
  return (threadTime() - began) / times;
}

/** A day in which something happened all the time, at the end finely. */
function fullMeter(): Meter {
  let now = Date.UTC(2030, 0, 1);
  const meter = new Meter({ clock: { ...systemClock, wallClock: () => now }, memory: systemMemory });
  for (let slot = 0; slot < 900; slot += 1) {
    for (let task = 0; task < 20; task += 1) {
      meter.held('pass', 0.05 * 1.4 ** task);
      meter.synced(0.2 * 1.1 ** task);
      meter.fired(task);
      meter.committed();
    }
    now += slot < 288 ? 300_000 : slot < 600 ? 10_000 : 1_000;
  }
  return meter;
}

async function metrics(): Promise<WorkloadReport> {
  const recording = new RecordingMeter();
  const { cpu } = await throughHouse(recording);
  const { calls } = recording;
  const took = cost(() => replay(calls));
  const full = fullMeter();
  const share = took / cpu;
  const podium: Record<string, number> = {
    'told by 2,000 tasks, calls': calls.length,
    'CPU for each call, us': (took / calls.length) * 1_000,
    'CPU for each task, us': (took / 2_000) * 1_000,
    'CPU of the house for each task, us': (cpu / 2_000) * 1_000,
    'share of the house, %': share * 100,
    'save of a full past, ms': cost(() => full.save()),
    'size of a full past, KB': full.save().length / 1_024,
  };
  for (const range of Object.keys(metricRanges) as MetricRange[])
    podium[`history of ${range}, ms`] = cost(() => full.history(range));
  return {
    systems: { P: podium },
    checks: [
      check('measuring, of the CPU of the house', share * 100, '<=', 5, '%'),
      check('save of a full past', podium['save of a full past, ms'] ?? NaN, '<=', 16, 'ms'),
    ],
  };
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { metrics };
