/**
 * Podium in virtual time: the product's own desk, store, refiner and meanings, on files in memory. What is not the
 * product: the agents, which take the time they are told, the model, and the tasks that wait for those of a trace.
 * These are in a second workspace whose folder is not open, so they count and never run.
 */
import { Desk } from '../../../src/core/desk.ts';
import type { PodiumEvent } from '../../../src/core/events.ts';
import { fusePolicies } from '../../../src/core/fuses/fuseBox.ts';
import { Meter } from '../../../src/core/metrics/meter.ts';
import type { Instant, Milliseconds, PriorityLevel, Task, TaskId } from '../../../src/core/model.ts';
import type { WorkspaceId } from '../../../src/core/model.ts';
import type { Model } from '../../../src/core/models.ts';
import type { Places, Store } from '../../../src/core/ports.ts';
import type { Meanings } from '../../../src/core/priority/meanings.ts';
import { Refiner } from '../../../src/core/priority/refiner.ts';
import type { RefinerHouse } from '../../../src/core/priority/refinerPorts.ts';
import type { RefinerFigures } from '../../../src/core/priority/refinerState.ts';
import { scoreOf } from '../../../src/core/priority/score.ts';
import type { ScorePolicy } from '../../../src/core/priority/score.ts';
import { Spend } from '../../../src/core/priority/spend.ts';
import { defaultRetryPolicy } from '../../../src/core/workers/retryPolicy.ts';
import { openStore } from '../../../src/store/embeddedStore.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { RecordingLog } from '../../support/recordingLog.ts';
import { agentsOf, completed, pass, ScriptedAgent } from '../../support/scriptedAgent.ts';
import { SeededChance } from '../../support/seededChance.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { steadyMemory } from '../../support/steadyMemory.ts';

/** All that a user would type; everything else is the product's default. */
export const settings = { workers: 10, modelTimeout: 60_000, dailyTokens: 0 } as const;
/** The same as they are typed; no daily limit is 0. */
export const typed = {
  'podium.workers': settings.workers,
  'podium.model.timeoutSeconds': settings.modelTimeout / 1000,
  'podium.model.dailyTokens': settings.dailyTokens,
} as const;

export const home = 'home' as WorkspaceId;
const waitingRoom = 'waiting' as WorkspaceId;
const day: Milliseconds = 86_400_000;
/** More than any workload adds. */
const everything = 100_000;

/** Virtual time in which a task can be added as it was some days ago. */
class AgingClock extends FakeClock {
  #back: Milliseconds = 0;

  override wallClock(): Instant {
    return super.wallClock() - this.#back;
  }

  /** Does what is synchronous of `work` at an earlier hour. */
  earlier<Result>(by: Milliseconds, work: () => Result): Result {
    this.#back = by;
    try {
      return work();
    } finally {
      this.#back = 0;
    }
  }
}

export interface HouseOptions {
  readonly seed: number;
  readonly goal: string;
  /** Made once time is there; null for a house without a model. */
  readonly model: ((clock: FakeClock) => Model) | null;
  readonly meanings: () => Meanings;
  readonly durationOf: (title: string) => Milliseconds;
  /** Both break the product, for the mutants. */
  readonly score?: ScorePolicy;
  readonly breakStore?: (store: EmbeddedStore, model: Model | null) => Store;
}

export interface Addition {
  /** None when absent. */
  readonly description?: string;
  readonly ageDays?: number;
  /** Tasks that wait for it. */
  readonly dependents?: number;
  readonly priority?: PriorityLevel;
}

export interface Started {
  readonly id: TaskId;
  readonly title: string;
  readonly at: Milliseconds;
}

const places: Places = {
  folderOf: (workspaceId) => (workspaceId === home ? '/home' : undefined),
  runDirectory: ({ taskId, claim }) => `/runs/${taskId}/${String(claim)}`,
  makeRunDirectory: (ref) => Promise.resolve(places.runDirectory(ref)),
};

export class House implements AsyncDisposable {
  readonly clock: AgingClock;
  readonly desk: Desk;
  readonly store: EmbeddedStore;
  readonly meanings: Meanings;
  /** In the order in which they happened. */
  readonly starts: Started[] = [];
  readonly ends: Started[] = [];
  readonly #agent: ScriptedAgent;
  #release = Promise.withResolvers<undefined>();

  private constructor(clock: AgingClock, store: EmbeddedStore, options: HouseOptions) {
    this.clock = clock;
    this.store = store;
    this.meanings = options.meanings();
    const model = options.model?.(clock) ?? null;
    const log = new RecordingLog();
    const chance = new SeededChance(options.seed);
    this.#agent = new ScriptedAgent(clock, async ({ title }, _run, signal) => {
      if (title.startsWith(busyTitle)) await this.#release.promise;
      else await pass(clock, options.durationOf(title), signal);
      return completed;
    });
    const refine = (house: RefinerHouse): Refiner =>
      new Refiner({
        store: store.judgements,
        models: { scoring: () => model },
        meanings: this.meanings,
        spend: new Spend(store),
        clock,
        chance,
        log,
        settings: () => ({ timeout: settings.modelTimeout, dailyTokens: settings.dailyTokens }),
        house,
      });
    this.desk = new Desk({
      store: options.breakStore?.(store, model) ?? store,
      takeOver: () => Promise.resolve(),
      agents: agentsOf(this.#agent),
      places,
      clock,
      chance,
      log,
      meter: new Meter({ clock, memory: steadyMemory }),
      trusted: () => true,
      workers: settings.workers,
      retry: () => defaultRetryPolicy,
      ...(model === null ? {} : { refine }),
    });
    this.desk.subscribe((event) => this.#note(event));
  }

  static async open(options: HouseOptions): Promise<House> {
    const clock = new AgingClock();
    const store = await openStore({
      directory: '/store',
      files: new SimulatedFiles(),
      clock,
      policies: { ...fusePolicies(), score: options.score ?? scoreOf },
      log: new RecordingLog(),
    });
    const house = new House(clock, store, options);
    const starting = house.desk.start([
      { id: home, uri: 'file:///home', name: 'home' },
      { id: waitingRoom, uri: 'file:///waiting', name: 'waiting' },
    ]);
    await clock.advance(0);
    await starting;
    await house.desk.setGoal(home, options.goal);
    return house;
  }

  #note(event: PodiumEvent): void {
    if (event.type !== 'started' && event.type !== 'settled') return;
    const { taskId: id, title, workspaceId } = event;
    if (workspaceId !== home) throw new Error('A task of a folder that is not open ran.');
    if (title.startsWith(busyTitle)) return;
    const list = event.type === 'started' ? this.starts : this.ends;
    if (event.type === 'settled' && event.status !== 'completed')
      throw new Error(`"${title}" was not completed.`);
    list.push({ id, title, at: this.clock.monotonic() });
  }

  /** Adds a task as a person does, through desk and gate, with those that wait for it; time stands still. */
  async add(
    title: string,
    { description = '', ageDays = 0, dependents = 0, priority = 'medium' }: Addition = {},
  ): Promise<TaskId> {
    const { id: agentId } = this.#agent.description;
    const waiting = Array.from({ length: dependents }, (_, index) => ({
      key: String(index),
      workspaceId: waitingRoom,
      title: `Waits ${String(index)}`,
      agentId,
      needs: ['it'],
    }));
    const it = { key: 'it', workspaceId: home, title, description, agentId, priority };
    const adding = this.clock.earlier(Math.round(ageDays * day), () => this.desk.addBatch([it, ...waiting]));
    const [id] = await adding;
    if (id === undefined) throw new Error('A task was not added.');
    return id;
  }

  /** Adds tasks that wait for this one. */
  async block(id: TaskId, count: number): Promise<void> {
    const { id: agentId } = this.#agent.description;
    for (let index = 0; index < count; index += 1) {
      const title = `Waits ${String(index)}`;
      await this.desk.addTask({ workspaceId: waitingRoom, title, agentId, needs: [id] });
    }
  }

  /** Gives every worker something to do until `release`. */
  async occupy(): Promise<void> {
    this.#release = Promise.withResolvers();
    for (let worker = 0; worker < settings.workers; worker += 1)
      await this.add(`${busyTitle} ${String(worker)}`);
    await this.clock.advance(1);
  }

  release(): void {
    this.#release.resolve(undefined);
  }

  /** The tasks of the home workspace that are not finished. */
  async waiting(): Promise<readonly Task[]> {
    const tasks = await this.store.unfinished(home, everything);
    return tasks.filter(({ status }) => status === 'pending');
  }

  async refiner(): Promise<RefinerFigures> {
    const { refiner } = await this.desk.snapshot({ unfinished: 0 });
    if (refiner === null) throw new Error('There is no refiner.');
    return refiner;
  }

  /** Lets time pass, in steps, until `isDone`. @throws Error when that is not the case after `limit` */
  async until(
    isDone: () => boolean | Promise<boolean>,
    limit: Milliseconds,
    step: Milliseconds = 1_000,
  ): Promise<void> {
    for (const end = this.clock.monotonic() + limit; this.clock.monotonic() < end;) {
      if (await isDone()) return;
      await this.clock.advance(step);
    }
    throw new Error('It did not happen in time.');
  }

  /** Lets time pass until nothing waits for a judgement any more. */
  async untilJudged(limit: Milliseconds): Promise<void> {
    await this.until(async () => {
      const { state, first, second } = await this.refiner();
      return state.kind === 'idle' && first + second === 0;
    }, limit);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.release();
    const stopping = this.desk.stop();
    await this.clock.advance(0);
    await stopping;
    await this.store.close();
  }
}

const busyTitle = 'Busy';
