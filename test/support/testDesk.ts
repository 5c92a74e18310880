/** The real core on the real store, in virtual time: files in memory, one scripted agent, one workspace. */
import { Desk } from '../../src/core/desk.ts';
import type { Sharing } from '../../src/core/arbitration/fairShare.ts';
import { defaultResources } from '../../src/core/arbitration/resource.ts';
import type { Resources } from '../../src/core/arbitration/resource.ts';
import { fusePolicies } from '../../src/core/fuses/fuseBox.ts';
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import type { FuseSettings } from '../../src/core/fuses/fuseSettings.ts';
import type { BatchRequest, TaskRequest } from '../../src/core/control.ts';
import type { PodiumEvent } from '../../src/core/events.ts';
import { Keeper } from '../../src/core/metrics/keeper.ts';
import { Meter } from '../../src/core/metrics/meter.ts';
import type { TaskView } from '../../src/core/metrics/snapshot.ts';
import type {
  AgentId,
  Instant,
  Milliseconds,
  Status,
  Task,
  TaskId,
  WorkspaceId,
} from '../../src/core/model.ts';
import type { Agent, AgentDescription, Counts, Places } from '../../src/core/ports.ts';
import type { Model } from '../../src/core/models.ts';
import { Refiner } from '../../src/core/priority/refiner.ts';
import type { RefinerHouse } from '../../src/core/priority/refinerPorts.ts';
import { scoreOf } from '../../src/core/priority/score.ts';
import { Spend } from '../../src/core/priority/spend.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import { openStore } from '../../src/store/embeddedStore.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import type { StoreSeams } from '../../src/store/storeOptions.ts';
import { FakeClock } from './fakeClock.ts';
import { MemoryPlace } from './memoryPlace.ts';
import { RecordingLog } from './recordingLog.ts';
import { completed, pass, ScriptedAgent } from './scriptedAgent.ts';
import type { Script } from './scriptedAgent.ts';
import { SeededChance } from './seededChance.ts';
import { plainDraft } from './taskDraft.ts';
import { wordMeanings } from './wordMeanings.ts';
import { steadyMemory } from './steadyMemory.ts';
import { SimulatedFiles } from './simulatedFiles.ts';

export interface TestDeskOptions {
  /** The limits of the fuses; may be changed while it is open. */
  readonly fuses?: FuseSettings;
  readonly workers?: number;
  /** How long each run takes when there is no script. */
  readonly duration?: Milliseconds;
  readonly script?: Script;
  readonly agent?: Partial<AgentDescription>;
  readonly clock?: FakeClock;
  readonly files?: SimulatedFiles;
  readonly seed?: number;
  /** What tasks share; by default what the house knows. */
  readonly resources?: Resources;
  /** Folders; by default one. */
  readonly workspaces?: readonly WorkspaceId[];
  readonly sharing?: (workspaceId: WorkspaceId) => Sharing;
  /** Whether the folder of a workspace is open; by default all are. */
  readonly isOpen?: (workspaceId: WorkspaceId) => boolean;
  /** What is left of interrupted runs; by default they were ended. */
  readonly left?: ScriptedAgent['left'];
  /** Where what was measured is kept. */
  readonly past?: MemoryPlace;
  /** Judges tasks; the meaning of a task is then its words in any order. */
  readonly model?: Model;
  /** Whether programs of the folders may run; they may when absent. */
  readonly trusted?: () => boolean;
  /** Inner parts of the store. */
  readonly seams?: StoreSeams;
  /** False when the test itself waits for the recovery. */
  readonly waitForStart?: boolean;
}

export const workspaceId = 'workspace' as WorkspaceId;

/** Everything is open, but for what a test says is closed, and nothing is on disk. */
function placesOf({ isOpen = () => true }: Pick<TestDeskOptions, 'isOpen'>): Places {
  const runDirectory: Places['runDirectory'] = ({ taskId, claim }) => `/runs/${taskId}/${claim}`;
  return {
    folderOf: (id) => (isOpen(id) ? '/folder' : undefined),
    runDirectory,
    makeRunDirectory: (ref) => Promise.resolve(runDirectory(ref)),
  };
}

const resourcesOf =
  ({ resources = defaultResources }: TestDeskOptions) =>
  (): Resources =>
    resources;

export class TestDesk implements AsyncDisposable {
  readonly clock: FakeClock;
  readonly files: SimulatedFiles;
  readonly log: RecordingLog;
  readonly store: EmbeddedStore;
  readonly agent: ScriptedAgent;
  readonly agents: Map<AgentId, Agent>;
  readonly meter: Meter;
  readonly keeper: Keeper;
  /** Wall clock at the beginning. */
  readonly began: Instant;
  readonly desk: Desk;
  readonly events: PodiumEvent[] = [];
  readonly #workspaces: readonly WorkspaceId[];
  #keys = 0;

  constructor(
    store: EmbeddedStore,
    clock: FakeClock,
    files: SimulatedFiles,
    log: RecordingLog,
    meter: Meter,
    options: TestDeskOptions,
  ) {
    this.meter = meter;
    this.#workspaces = options.workspaces ?? [workspaceId];
    this.began = clock.wallClock();
    this.keeper = new Keeper({
      meter,
      place: options.past ?? new MemoryPlace(),
      clock,
      log,
      mayWrite: () => store.role.kind === 'owner',
    });
    this.store = store;
    this.clock = clock;
    this.files = files;
    this.log = log;
    const duration = options.duration ?? 2_000;
    const script: Script = async (_task, _run, signal) => {
      await pass(clock, duration, signal);
      return completed;
    };
    this.agent = new ScriptedAgent(clock, options.script ?? script, options.agent);
    if (options.left !== undefined) this.agent.left = options.left;
    this.agents = new Map([[this.agent.description.id, this.agent]]);
    this.desk = new Desk({
      store,
      takeOver: () => store.takeOver(),
      agents: {
        get: (id) => this.agents.get(id),
        list: () => [...this.agents.values()].map((agent) => agent.description),
      },
      places: placesOf(options),
      clock,
      chance: new SeededChance(options.seed),
      log,
      meter,
      trusted: options.trusted ?? (() => true),
      workers: options.workers ?? 10,
      retry: () => defaultRetryPolicy,
      fuses: () => options.fuses ?? defaultFuses,
      ...(options.resources === undefined ? {} : { resources: resourcesOf(options) }),
      ...(options.sharing === undefined ? {} : { sharing: options.sharing }),
      ...(options.model === undefined ? {} : { refine: this.#refine(options.model, options.seed) }),
    });
    this.desk.subscribe((event) => this.events.push(event));
    if (options.past !== undefined) this.desk.subscribe(() => this.keeper.changed());
  }

  #refine(model: Model, seed: number | undefined): (house: RefinerHouse) => Refiner {
    const { clock, log, store } = this;
    return (house) =>
      new Refiner({
        store: store.judgements,
        models: { scoring: () => model },
        meanings: wordMeanings,
        spend: new Spend(store),
        clock,
        chance: new SeededChance(seed),
        log,
        settings: () => ({ timeout: 60_000, dailyTokens: 0 }),
        house,
      });
  }

  async start(): Promise<void> {
    await this.keeper.load();
    const ids = this.#workspaces;
    await this.desk.start(ids.map((id) => ({ id, uri: `file:///${id}`, name: id })));
  }

  request(title: string, over: Partial<BatchRequest> = {}): BatchRequest {
    this.#keys += 1;
    return { key: String(this.#keys), workspaceId, title, agentId: this.agent.description.id, ...over };
  }

  async add(title: string, over: Partial<TaskRequest> = {}): Promise<TaskId> {
    const { key: _key, needs: _needs, ...request } = this.request(title);
    return await this.desk.addTask({ ...request, ...over });
  }

  /** Adds a ready task to the store without telling anyone. */
  async insertBehindEvents(title: string): Promise<void> {
    const { id: agentId } = this.agent.description;
    await this.store.addTasks([
      plainDraft(`behind ${title}`, workspaceId, this.clock.wallClock(), { title, agentId }),
    ]);
  }

  async all(): Promise<readonly Task[]> {
    const { workspaces } = await this.store.picture(10_000, 10_000);
    return workspaces.flatMap((picture) => [...picture.tasks, ...picture.finished]);
  }

  async status(id: TaskId): Promise<Status | undefined> {
    return (await this.desk.task(id))?.status;
  }

  async view(title: string): Promise<TaskView> {
    const { workspaces } = await this.desk.snapshot();
    const view = workspaces
      .flatMap((one) => [...one.tasks, ...one.finished])
      .find((one) => one.task.title === title);
    if (view === undefined) throw new Error(`No task is called ${title}.`);
    return view;
  }

  async counts(): Promise<Counts> {
    return (await this.desk.snapshot()).totals;
  }

  /** The host is gone: what runs is not settled and nothing more is written. */
  async crash(): Promise<void> {
    await this.store.abandon();
    const stopping = this.desk.stop();
    await this.clock.advance(0);
    await stopping;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopping = this.desk.stop();
    await this.clock.advance(0);
    await stopping;
    await this.keeper.close();
    await this.store.close();
  }
}

/** Opens a desk; on the `files` and `clock` of an earlier one, what that one left is found again. */
export async function openTestDesk(options: TestDeskOptions = {}): Promise<TestDesk> {
  const clock = options.clock ?? new FakeClock();
  const files = options.files ?? new SimulatedFiles();
  const log = new RecordingLog();
  const meter = new Meter({ clock, memory: steadyMemory });
  const store = await openStore(
    {
      directory: '/store',
      files,
      clock,
      policies: { ...fusePolicies(() => options.fuses ?? defaultFuses), score: scoreOf },
      log,
      watch: meter,
    },
    options.seams,
  );
  const house = new TestDesk(store, clock, files, log, meter, options);
  const starting = house.start();
  await clock.advance(0);
  if (options.waitForStart !== false) await starting;
  return house;
}
