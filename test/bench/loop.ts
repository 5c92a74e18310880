/**
 * The workload `loop`: how long Podium holds the thread. The real core and the real store on a real disk, agents that
 * finish at once, and every synchronous stretch timed under the name the product has for it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DispatchOrder } from '../../src/core/dispatchOrder.ts';
import type { Meter } from '../../src/core/metrics/meter.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import { indexOf } from '../../src/ui/present/taskIndex.ts';
import { treeModel } from '../../src/ui/tree/treeModel.ts';
import {
  addTasks,
  deskOn,
  NotingMeter,
  openBenchStore,
  threadTime,
  withStore,
  workspacesOf,
} from './house.ts';
import type { Stretches } from './house.ts';
import { check, percentile } from './report.ts';
import type { WorkloadReport } from './report.ts';

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
