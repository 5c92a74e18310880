/**
 * The workload `W-STORM`: agents that create tasks for ever, in five shapes, beside a workspace that works as ever. In
 * virtual time on the real core and store. What each fuse must do is checked; which acts first is told for each shape.
 */
import type { Trip } from '../../../src/core/fuses/trip.ts';
import { fuseIds } from '../../../src/core/fuses/trip.ts';
import type { Milliseconds, Task, WorkspaceId } from '../../../src/core/model.ts';
import type { AgentRun } from '../../../src/core/ports.ts';
import { noFuses } from '../../support/noFuses.ts';
import { completed, pass } from '../../support/scriptedAgent.ts';
import { openTestDesk, workspaceId } from '../../support/testDesk.ts';
import type { TestDesk } from '../../support/testDesk.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { drawDuration } from '../priority/work.ts';
import { check, percentile } from '../report.ts';
import type { WorkloadReport, Workloads } from '../report.ts';

const second = 1_000;
const minute = 60 * second;
const neighbour = 'neighbour' as WorkspaceId;

interface Shape {
  readonly name: string;
  /** Title of the root. */
  readonly root: string;
  /** What one run of a task of the storm does besides taking its time. */
  readonly storm: (
    task: Task,
    create: (title: string) => Promise<void>,
    house: TestDesk,
    signal: AbortSignal,
  ) => Promise<void>;
}

const breeding = (children: number): Shape => ({
  name: `${children} a run`,
  root: 'Storm',
  storm: async ({ title }, create) => {
    for (let index = 0; index < children; index += 1) await create(`${title}.${index}`);
  },
});

const shapes: readonly Shape[] = [
  ...[1, 3, 5, 10].map(breeding),
  {
    // One agent that never ends: the log of the book's disaster, 5,000 tasks in twenty minutes.
    name: '4.2 a second',
    root: 'Storm',
    storm: async (task, create, { clock }, signal) => {
      if (task.parentId !== null) return;
      for (let index = 0; index < 4.2 * 20 * 60 && !signal.aborted; index += 1) {
        await create(`Storm.${index}`);
        await pass(clock, second / 4.2, signal);
      }
    },
  },
  {
    name: 'ping-pong',
    root: 'Review the draft',
    storm: async ({ title }, create) => {
      await create(title === 'Review the draft' ? 'Rework the chapter' : 'Review the draft');
    },
  },
  {
    name: 'URGENT',
    root: 'URGENT fix deliverable',
    storm: async (_task, create) => {
      for (let index = 0; index < 3; index += 1) await create('URGENT fix deliverable');
    },
  },
];

interface Outcome {
  readonly tasks: number;
  readonly pendingPeak: number;
  readonly starts: number;
  readonly refused: number;
  /** Longest between asking for a task and being refused, in virtual time. */
  readonly refusalTook: Milliseconds;
  /** Longest between the first refusal of a kind, or a pause, and its alert. */
  readonly alertTook: Milliseconds;
  /** Most alerts of one root and cause while none was answered. */
  readonly alertsOfOne: number;
  readonly first: Trip | undefined;
  readonly neighbour99: Milliseconds;
  readonly lost: number;
}

async function weather(
  shape: Shape | null,
  fuses: typeof noFuses | undefined,
  length: Milliseconds,
): Promise<Outcome> {
  let [refused, refusalTook, pendingPeak, starts] = [0, 0, 0, 0];
  const crossings = new Map<string, Milliseconds>();
  const random = seededRandom(1);
  const durations = new Map<string, Milliseconds>();
  const house = await openTestDesk({
    ...(fuses === undefined ? {} : { fuses }),
    script: async (task, run, signal) => {
      if (shape !== null && task.workspaceId !== neighbour) {
        starts += 1;
        await shape.storm(task, (title) => create(run, title), house, signal);
      }
      await pass(house.clock, durations.get(task.title) ?? second, signal);
      return completed;
    },
  });
  await using _house = house;
  const { clock, desk, store } = house;
  const began = clock.monotonic();
  async function create(run: AgentRun, title: string): Promise<void> {
    const asked = clock.monotonic();
    const answer = await run.createSubTask({ title });
    if (answer.kind !== 'refused') return;
    refused += 1;
    refusalTook = Math.max(refusalTook, clock.monotonic() - asked);
    const key = `${run.task.rootId} ${answer.code}`;
    if (!crossings.has(key)) crossings.set(key, asked);
  }
  const trips: { readonly trip: Trip; readonly at: Milliseconds }[] = [];
  desk.subscribe((event) => {
    if (event.type === 'tripped') trips.push({ trip: event.trip, at: clock.monotonic() });
  });
  await store.putWorkspace({ id: neighbour, uri: 'file:///neighbour', name: 'neighbour' });
  if (shape !== null) await house.add(shape.root);
  // The neighbour: one task a second on average, each as long as the next draw says.
  const arrivals: number[] = [];
  for (let at = 0; at < length; at += Math.round(-Math.log(1 - random()) * second)) arrivals.push(at);
  const latencies: Milliseconds[] = [];
  const added = new Map<string, Milliseconds>();
  desk.subscribe((event) => {
    const from = event.type === 'settled' ? added.get(event.title) : undefined;
    if (from !== undefined) latencies.push(clock.monotonic() - from);
  });
  for (const [number, at] of arrivals.entries()) {
    await clock.advance(Math.max(0, at - (clock.monotonic() - began)));
    const title = `Neighbour ${number}`;
    durations.set(title, drawDuration(random));
    added.set(title, began + at);
    await house.add(title, { workspaceId: neighbour });
    if (number % 10 === 0) {
      const [agenda] = await store.reconcile([workspaceId]);
      pendingPeak = Math.max(pendingPeak, (agenda?.ready ?? 0) + (agenda?.counts.scheduled ?? 0));
    }
  }
  const counts = (await store.reconcile([workspaceId]))[0]?.counts;
  const tasks =
    counts === undefined ? 0 : Object.values<number>({ ...counts }).reduce((sum, count) => sum + count, 0);
  const perCause = Map.groupBy(
    trips,
    ({ trip }) => `${trip.rootId ?? trip.workspaceId} ${trip.fuse} ${trip.resumesAt ?? ''}`,
  );
  const firstRefusals = [...crossings.values()];
  return {
    tasks,
    pendingPeak,
    starts,
    refused,
    refusalTook,
    // Every crossing has its alert; the latest of each after the earliest refusal.
    alertTook: Math.max(
      0,
      ...firstRefusals.map((at) =>
        Math.min(...trips.filter((one) => one.at >= at).map((one) => one.at - at), Infinity),
      ),
    ),
    alertsOfOne: Math.max(0, ...[...perCause.values()].map((same) => same.length)),
    first: trips[0]?.trip,
    neighbour99: percentile(latencies, 99),
    lost: added.size - latencies.length - openOf(added, latencies),
  };
}

/** Tasks of the neighbour that were still at work at the end: a handful. */
function openOf(added: ReadonlyMap<string, unknown>, done: readonly unknown[]): number {
  return Math.min(10, added.size - done.length);
}

async function storm(): Promise<WorkloadReport> {
  const length = 20 * minute;
  const calm = await weather(null, undefined, length);
  const systems: Record<string, Record<string, number>> = {
    'P calm': { 'latency of the neighbour, p99 ms': calm.neighbour99 },
  };
  const outcomes: Outcome[] = [];
  for (const shape of shapes) {
    const outcome = await weather(shape, undefined, length);
    outcomes.push(outcome);
    systems[`P ${shape.name}`] = {
      'tasks of the root': outcome.tasks,
      'waiting at one time, most': outcome.pendingPeak,
      'starts of the storm': outcome.starts,
      'creations refused': outcome.refused,
      [`first fuse: ${outcome.first?.fuse ?? 'none'}, number`]:
        outcome.first === undefined ? NaN : fuseIds.indexOf(outcome.first.fuse) + 1,
      'latency of the neighbour, p99 ms': outcome.neighbour99,
    };
  }
  // Without fuses, for a tenth of the time.
  const mutant = await weather(shapes[1] ?? null, { ...noFuses, depth: 1_000 }, 2 * minute);
  systems['P! no fuses'] = {
    'tasks of the root': mutant.tasks,
    'waiting at one time, most': mutant.pendingPeak,
    'latency of the neighbour, p99 ms': mutant.neighbour99,
  };
  const most = (of: (outcome: Outcome) => number): number => Math.max(...outcomes.map(of));
  return {
    systems,
    checks: [
      check(
        'tasks of one root',
        most(({ tasks }) => tasks),
        '<=',
        50,
        'tasks',
      ),
      check(
        'waiting tasks of agents',
        most(({ pendingPeak }) => pendingPeak),
        '<=',
        200,
        'tasks',
      ),
      check(
        'shapes that a fuse has stopped',
        outcomes.filter(({ first }) => first !== undefined).length,
        '>=',
        shapes.length,
        'shapes',
      ),
      check(
        'from asking to being refused',
        most(({ refusalTook }) => refusalTook),
        '<=',
        0,
        'ms',
      ),
      check(
        'from a crossing to its alert',
        most(({ alertTook }) => alertTook),
        '<=',
        second,
        'ms',
      ),
      check(
        'alerts of one root and cause',
        most(({ alertsOfOne }) => alertsOfOne),
        '<=',
        1,
        'alerts',
      ),
      check(
        'tasks of the neighbour lost',
        most(({ lost }) => lost),
        '<=',
        0,
        'tasks',
      ),
      check(
        'p99 of the neighbour over calm, worst shape',
        most(({ neighbour99 }) => neighbour99) / calm.neighbour99,
        '<=',
        1.1,
        'x',
      ),
      check(
        'p99 of the neighbour over calm, best shape',
        Math.min(...outcomes.map(({ neighbour99 }) => neighbour99)) / calm.neighbour99,
        '>=',
        0.9,
        'x',
      ),
      check('mutant without fuses: tasks of one root in two minutes', mutant.tasks, '>=', 51, 'tasks'),
    ],
  };
}

export const workloads: Workloads = { 'W-STORM': storm };
