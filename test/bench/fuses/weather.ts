/** A storm beside a workspace that works as ever, in virtual time on the real core and store, and what is seen of it. */
import type { FuseSettings } from '../../../src/core/fuses/fuseSettings.ts';
import type { FuseId, Trip } from '../../../src/core/fuses/trip.ts';
import type { Milliseconds, Task, TaskId, WorkspaceId } from '../../../src/core/model.ts';
import type { AgentRun } from '../../../src/core/ports.ts';
import { completed, pass } from '../../support/scriptedAgent.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { openTestDesk, workspaceId } from '../../support/testDesk.ts';
import type { TestDesk } from '../../support/testDesk.ts';
import { drawDuration } from '../priority/work.ts';
import { percentile } from '../report.ts';
import type { Shape } from './shapes.ts';

const second: Milliseconds = 1_000;
const minute = 60 * second;
const neighbour = 'neighbour' as WorkspaceId;
/** So much longer than drawn are the neighbour's tasks, that ten workers are busy for some three quarters. */
const heaviness = 7;
/** Window of the anti-loop fuse. */
const window = 5 * minute;

export interface Outcome {
  /** Of the largest tree. */
  readonly tasks: number;
  /** Tasks of agents that waited at one time. */
  readonly pendingPeak: number;
  /** Starts of tasks that agents made: in all, and within any five minutes. */
  readonly starts: number;
  readonly startsInWindow: number;
  readonly refused: number;
  /** Longest between asking for a task and being refused, in virtual time. */
  readonly refusalTook: Milliseconds;
  /** Longest between the first refusal of a tree and kind and its alert; `Infinity` when there was none. */
  readonly alertTook: Milliseconds;
  /** Most alerts of one root and cause, none of which anybody answers. */
  readonly alertsOfOne: number;
  readonly first: { readonly fuse: FuseId; readonly at: Milliseconds } | undefined;
  readonly fuses: ReadonlySet<FuseId>;
  readonly neighbour99: Milliseconds;
  /** Share of the workers that the neighbour keeps busy. */
  readonly load: number;
  /** Tasks of the neighbour that were not completed when nothing more came. */
  readonly lost: number;
  /** Time of runs whose result nobody needs, and of all runs. */
  readonly wasted: Milliseconds;
  readonly worked: Milliseconds;
}

/** Which fuse refuses with a code. */
const fuseOf: Readonly<Record<string, FuseId | undefined>> = {
  'depth-limit': 'depth',
  'child-limit': 'children',
  'tree-budget': 'tree-tasks',
  'pending-limit': 'pending',
  'creation-rate': 'creation-rate',
  're-entry': 're-entry',
  reproduction: 'reproduction',
};

/** What runs do, as it happens. */
class Witness {
  readonly #startsAt: Milliseconds[] = [];
  /** Time each run of a task took. */
  readonly #times = new Map<TaskId, Milliseconds>();
  starts = 0;
  startsInWindow = 0;
  worked = 0;

  started(at: Milliseconds): void {
    this.starts += 1;
    this.#startsAt.push(at);
    while ((this.#startsAt[0] ?? at) <= at - window) this.#startsAt.shift();
    this.startsInWindow = Math.max(this.startsInWindow, this.#startsAt.length);
  }

  ended({ id }: Task, took: Milliseconds): void {
    this.worked += took;
    this.#times.set(id, (this.#times.get(id) ?? 0) + took);
  }

  /** What a tree that is stopped has cancelled while it ran, and what an agent has had done twice. */
  wastedOn(tasks: readonly Task[]): Milliseconds {
    return tasks
      .filter(({ status, contextData }) => status === 'cancelled' || contextData.similar_to !== undefined)
      .reduce((sum, { id }) => sum + (this.#times.get(id) ?? 0), 0);
  }
}

/** Asks for tasks as an agent does, and measures what becomes of it. */
class Petitioner {
  readonly #house: TestDesk;
  /** When a tree was first refused for a reason: `root code`. */
  readonly crossings = new Map<string, Milliseconds>();
  refused = 0;
  refusalTook: Milliseconds = 0;
  pendingPeak = 0;

  constructor(house: TestDesk) {
    this.#house = house;
  }

  async create(run: AgentRun, title: string): Promise<void> {
    const { clock, store } = this.#house;
    const asked = clock.monotonic();
    const answer = await run.createSubTask({ title });
    if (answer.kind === 'refused') {
      this.refused += 1;
      this.refusalTook = Math.max(this.refusalTook, clock.monotonic() - asked);
      const key = `${run.task.rootId} ${answer.code}`;
      if (!this.crossings.has(key)) this.crossings.set(key, asked);
      return;
    }
    // It never waits more than right after one more has come.
    const waiting = (await store.unfinished(workspaceId, 10_000)).filter(
      ({ status, createdBy }) => createdBy === 'agent' && (status === 'pending' || status === 'needs_input'),
    );
    this.pendingPeak = Math.max(this.pendingPeak, waiting.length);
  }
}

interface Told {
  readonly trip: Trip;
  readonly at: Milliseconds;
}

/** @param shape null for calm */
export async function weather(
  shape: Shape | null,
  fuses: FuseSettings | undefined,
  length: Milliseconds,
): Promise<Outcome> {
  const random = seededRandom(1);
  const durations = new Map<string, Milliseconds>();
  const witness = new Witness();
  const house = await openTestDesk({
    ...(fuses === undefined ? {} : { fuses }),
    script: async (task, run, signal) => {
      const from = house.clock.monotonic();
      if (task.createdBy === 'agent') witness.started(from);
      if (shape !== null && task.workspaceId !== neighbour)
        await shape.storm(task, (title) => petitioner.create(run, title), house.clock, signal);
      await pass(house.clock, durations.get(task.title) ?? second, signal);
      witness.ended(task, house.clock.monotonic() - from);
      return completed;
    },
  });
  await using _house = house;
  const { clock, desk, store } = house;
  const petitioner = new Petitioner(house);
  const began = clock.monotonic();
  const told: Told[] = [];
  const added = new Map<string, Milliseconds>();
  const latencies: Milliseconds[] = [];
  desk.subscribe((event) => {
    if (event.type === 'tripped') told.push({ trip: event.trip, at: clock.monotonic() });
    const from = event.type === 'settled' ? added.get(event.title) : undefined;
    if (from !== undefined) latencies.push(clock.monotonic() - from);
  });
  await store.putWorkspace({ id: neighbour, uri: 'file:///neighbour', name: 'neighbour' });
  const roots: TaskId[] = [];
  for (const title of shape?.roots ?? []) roots.push(await house.add(title));
  // The neighbour: one task a second on average, each as long as the next draw says.
  let busy = 0;
  for (let at = 0; at < length; at += Math.round(-Math.log(1 - random()) * second)) {
    await clock.advance(Math.max(0, at - (clock.monotonic() - began)));
    const title = `Neighbour ${added.size}`;
    const duration = drawDuration(random) * heaviness;
    busy += duration;
    durations.set(title, duration);
    added.set(title, began + at);
    await house.add(title, { workspaceId: neighbour });
  }
  // A minute after the trace a person ends what is left of the storm; the neighbour ends by itself.
  await clock.advance(began + length + minute - clock.monotonic());
  for (const root of roots) {
    const ending = desk.fuses.cancelTree(root);
    await clock.advance(0);
    await ending;
  }
  await clock.advance(10 * minute);
  const tasks = (await house.all()).filter((task) => task.workspaceId === workspaceId);
  const trees = [...Map.groupBy(tasks, ({ rootId }) => rootId).values()];
  return {
    ...seenOf(told, petitioner.crossings),
    tasks: Math.max(0, ...trees.map((tree) => tree.length)),
    pendingPeak: petitioner.pendingPeak,
    starts: witness.starts,
    startsInWindow: witness.startsInWindow,
    refused: petitioner.refused,
    refusalTook: petitioner.refusalTook,
    neighbour99: percentile(latencies, 99),
    load: busy / (10 * length),
    lost: added.size - latencies.length,
    wasted: witness.wastedOn(tasks),
    worked: witness.worked,
  };
}

function seenOf(
  told: readonly Told[],
  crossings: ReadonlyMap<string, Milliseconds>,
): Pick<Outcome, 'alertTook' | 'alertsOfOne' | 'first' | 'fuses'> {
  const perCause = Map.groupBy(told, ({ trip }) => `${trip.rootId ?? trip.workspaceId} ${trip.fuse}`);
  const [first] = told;
  const waits = [...crossings].map(([key, asked]) => {
    const [root = '', code = ''] = key.split(' ');
    const alert = perCause.get(`${root} ${fuseOf[code] ?? code}`)?.find(({ at }) => at >= asked);
    return alert === undefined ? Infinity : alert.at - asked;
  });
  return {
    alertTook: Math.max(0, ...waits),
    alertsOfOne: Math.max(0, ...[...perCause.values()].map((same) => same.length)),
    first: first && { fuse: first.trip.fuse, at: first.at },
    fuses: new Set(told.map(({ trip }) => trip.fuse)),
  };
}
