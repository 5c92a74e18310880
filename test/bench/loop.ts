/**
 * The workload `loop`: how long Podium holds the thread. The real core and the real store on a real disk, agents that
 * finish at once, and every synchronous stretch timed under the name the product has for it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Desk } from '../../src/core/desk.ts';
import { DispatchOrder } from '../../src/core/dispatchOrder.ts';
import { admit } from '../../src/core/fuses/gate.ts';
import { Meter } from '../../src/core/metrics/meter.ts';
import type { WorkspaceId } from '../../src/core/model.ts';
import type { Places, Store } from '../../src/core/ports.ts';
import { scoreOf } from '../../src/core/priority/score.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import { openStore } from '../../src/store/embeddedStore.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import { nodeFiles } from '../../src/store/nodeFiles.ts';
import { systemChance } from '../../src/system/systemChance.ts';
import { systemClock } from '../../src/system/systemClock.ts';
import { systemMemory } from '../../src/system/systemMemory.ts';
import { indexOf } from '../../src/ui/present/taskIndex.ts';
import { treeModel } from '../../src/ui/tree/treeModel.ts';
import { RecordingLog } from '../support/recordingLog.ts';
import { agentsOf, completed, ScriptedAgent } from '../support/scriptedAgent.ts';
import { check, percentile } from './report.ts';
import type { WorkloadReport } from './report.ts';

/** Synchronous milliseconds by the name of the stretch. */
type Stretches = Map<string, number[]>;

const places: Places = {
  folderOf: () => tmpdir(),
  runDirectory: () => tmpdir(),
  makeRunDirectory: () => Promise.resolve(tmpdir()),
};

/**
 * The CPU time of this thread, in milliseconds: what Podium's own code costs, whatever else the machine does. Nothing
 * it does synchronously waits for a disk.
 */
export function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** A meter that also keeps every stretch under its name; by the thread's own CPU. */
class NotingMeter extends Meter {
  readonly #stretches: Stretches;

  constructor(stretches: Stretches) {
    super({ clock: { ...systemClock, monotonic: threadTime }, memory: systemMemory });
    this.#stretches = stretches;
  }

  override held(name: string, took: number): void {
    super.held(name, took);
    note(this.#stretches, name, took);
  }
}

async function openBenchStore(directory: string, meter: Meter): Promise<EmbeddedStore> {
  return await openStore({
    directory,
    files: nodeFiles,
    clock: { ...systemClock, monotonic: threadTime },
    policies: { admit, score: scoreOf },
    log: new RecordingLog(),
    watch: meter,
  });
}

async function withStore<Result>(
  meter: Meter,
  use: (store: EmbeddedStore) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(path.join(tmpdir(), 'podium-bench-'));
  const store = await openBenchStore(directory, meter);
  try {
    return await use(store);
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function note(stretches: Stretches, name: string, milliseconds: number): void {
  const all = stretches.get(name);
  if (all === undefined) stretches.set(name, [milliseconds]);
  else all.push(milliseconds);
}

function deskOn(store: Store, workers: number, meter: Meter): { desk: Desk; agent: ScriptedAgent } {
  const agent = new ScriptedAgent(systemClock, () => Promise.resolve(completed));
  const desk = new Desk({
    store,
    takeOver: () => Promise.resolve(),
    agents: agentsOf(agent),
    places,
    clock: systemClock,
    chance: systemChance,
    log: new RecordingLog(),
    meter,
    trusted: () => true,
    workers,
    retry: () => defaultRetryPolicy,
  });
  return { desk, agent };
}

const description = 'x'.repeat(400);
const workspaceOf = (number: number): WorkspaceId => `workspace-${number}` as WorkspaceId;

/** Tasks added at once: a large plan of a person. */
const batch = 100;

async function addTasks(desk: Desk, agent: ScriptedAgent, count: number, workspaces: number): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    await desk.addBatch(
      Array.from({ length: Math.min(batch, count - from) }, (_, index) => ({
        key: String(from + index),
        workspaceId: workspaceOf((from + index) % workspaces),
        title: `A task with a title of some sixty characters, number ${from + index}`,
        description,
        agentId: agent.description.id,
      })),
    );
  }
}

function workspacesOf(count: number): { id: WorkspaceId; uri: string; name: string }[] {
  return Array.from({ length: count }, (_, number) => ({
    id: workspaceOf(number),
    uri: `file:///workspace-${number}`,
    name: `workspace ${number}`,
  }));
}

/**
 * Two thousand tasks through ten workers, with a screen that looks four times a second.
 * @returns also the CPU time of the thread, in milliseconds
 */
export async function throughHouse(meter: Meter): Promise<{ delay: number; seconds: number; cpu: number }> {
  return await withStore(meter, async (store) => {
    const { desk, agent } = deskOn(store, 10, meter);
    await desk.start(workspacesOf(10));
    await desk.pause('all', 'until all are there');
    await addTasks(desk, agent, 2_000, 10);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const idle = Promise.withResolvers<undefined>();
    using _listening = desk.subscribe((event) => {
      if (event.type === 'idle') idle.resolve(undefined);
    });
    let shown = Promise.resolve();
    const screen = setInterval(() => {
      shown = desk.snapshot().then((snapshot) => {
        meter.hold('tree', () =>
          treeModel(snapshot, { now: snapshot.at, index: indexOf(snapshot), readOnly: false }),
        );
      });
    }, 250);
    const began = performance.now();
    const cpu = threadTime();
    await desk.resume('all');
    await idle.promise;
    clearInterval(screen);
    await shown;
    delay.disable();
    const seconds = (performance.now() - began) / 1000;
    const spent = threadTime() - cpu;
    await desk.stop();
    return { delay: delay.percentile(99.9) / 1e6, seconds, cpu: spent };
  });
}

/** Median synchronous time of one decision, in milliseconds, at each of several sizes, measured turn by turn. */
async function decisions(
  sizes: readonly { pending: number; workspaces: number }[],
): Promise<readonly number[]> {
  const rounds = 400;
  const samples = await Promise.all(
    sizes.map(async ({ pending, workspaces }) => ({
      samples: [] as number[],
      ...(await prepare(pending + rounds, workspaces)),
    })),
  );
  for (let round = 0; round < rounds; round += 1) {
    for (const one of samples) {
      const began = performance.now();
      const claiming = one.store.claimNext(one.policy, 1, new AbortController().signal);
      one.samples.push(performance.now() - began);
      const [claim] = await claiming;
      if (claim === undefined) throw new Error('Nothing was claimed.');
      await one.store.settle(
        { taskId: claim.task.id, claim: claim.task.claim },
        { event: 'complete', result: '', tokens: 0, costMicros: 0 },
      );
    }
  }
  for (const one of samples) {
    await one.store.close();
    await rm(one.directory, { recursive: true, force: true });
  }
  return samples.map((one) => percentile(one.samples, 50));
}

async function prepare(
  pending: number,
  workspaces: number,
): Promise<{ store: EmbeddedStore; policy: DispatchOrder; directory: string }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'podium-bench-'));
  const meter = new NotingMeter(new Map());
  const store = await openBenchStore(directory, meter);
  const { desk, agent } = deskOn(store, 1, meter);
  for (const workspace of workspacesOf(workspaces)) await store.putWorkspace(workspace);
  await addTasks(desk, agent, pending, workspaces);
  return { store, policy: new DispatchOrder({ trusted: () => true, isOpen: () => true }), directory };
}

async function loop(): Promise<WorkloadReport> {
  const stretches: Stretches = new Map();
  const { delay, seconds } = await throughHouse(new NotingMeter(stretches));
  const bySize = await decisions([
    { pending: 20, workspaces: 10 },
    { pending: 200, workspaces: 10 },
    { pending: 2_000, workspaces: 10 },
  ]);
  const byWorkspaces = await decisions([
    { pending: 2_000, workspaces: 10 },
    { pending: 2_000, workspaces: 100 },
    { pending: 2_000, workspaces: 1_000 },
  ]);
  const all = [...stretches.values()].flat();
  const podium: Record<string, number> = {
    'tasks/s through ten workers': 2_000 / seconds,
    'event loop delay p99.9 ms': delay,
    'stretch p99.9 ms': percentile(all, 99.9),
    'stretch max ms': Math.max(...all),
  };
  for (const [name, values] of stretches) podium[`${name} p99.9 ms`] = percentile(values, 99.9);
  [20, 200, 2_000].forEach(
    (size, index) => (podium[`decision at ${size} pending, median ms`] = bySize[index] ?? NaN),
  );
  [10, 100, 1_000].forEach(
    (size, index) => (podium[`decision at ${size} workspaces, median ms`] = byWorkspaces[index] ?? NaN),
  );
  return {
    systems: { P: podium },
    checks: [
      check('longest own stretch, p99.9', percentile(all, 99.9), '<=', 16, 'ms'),
      check('decision at 2,000 pending over 20', (bySize[2] ?? NaN) / (bySize[0] ?? NaN), '<=', 2, 'x'),
      check(
        'decision at 1,000 workspaces over 10',
        (byWorkspaces[2] ?? NaN) / (byWorkspaces[0] ?? NaN),
        '<=',
        2,
        'x',
      ),
    ],
  };
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { loop };
