/**
 * Everything but the editor: store, agents and core put together for one storage folder. The editor's side
 * (`podium.ts`) loads it when it is first needed; tests and benchmarks open it without an editor.
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { formatCommandLine, parseCommandLine } from './agents/commandLine.ts';
import { setImmediate } from 'node:timers/promises';
import { AgentRegistry } from './agents/registry.ts';
import { beginRunaway } from './agents/runaway.ts';
import { parseSampleTasks, sampleFile } from './agents/sampleTasks.ts';
import { processProbe } from './agents/processIdentity.ts';
import { Desk } from './core/desk.ts';
import type { History, HistorySettings } from './core/history/history.ts';
import { Keeper } from './core/metrics/keeper.ts';
import { Meter } from './core/metrics/meter.ts';
import type { BatchRequest } from './core/control.ts';
import { messageOf, PodiumError } from './core/errors.ts';
import { Elsewhere } from './elsewhere.ts';
import type { Sharing } from './core/arbitration/fairShare.ts';
import { withModels } from './core/arbitration/resource.ts';
import { readResources } from './core/arbitration/resourceSettings.ts';
import type { ResourceSettings } from './core/arbitration/resource.ts';
import { fusePolicies } from './core/fuses/fuseBox.ts';
import { defaultFuses } from './core/fuses/fuseSettings.ts';
import type { FuseSettings } from './core/fuses/fuseSettings.ts';
import { noModels } from './core/models.ts';
import type { Models } from './core/models.ts';
import type { AgentId, Milliseconds, Workspace, WorkspaceId } from './core/model.ts';
import type { Chance, Clock, Log } from './core/ports.ts';
import { Refiner } from './core/priority/refiner.ts';
import type { Prices } from './core/money.ts';
import type { RefinerSettings } from './core/priority/refinerPorts.ts';
import { scoreOf } from './core/priority/score.ts';
import { Spend } from './core/priority/spend.ts';
import type { RetryPolicy } from './core/workers/retryPolicy.ts';
import { Archiving } from './store/archive/archiving.ts';
import { openStore } from './store/embeddedStore.ts';
import type { EmbeddedStore } from './store/embeddedStore.ts';
import { nodeFiles } from './store/nodeFiles.ts';
import type { Source } from './store/moving/mover.ts';
import type { Synonym } from './meaning/lexicon.ts';
import { LateMeanings } from './meaning/lateMeanings.ts';
import { DiskPlaces } from './system/diskPlaces.ts';
import { EventLog } from './system/eventLog.ts';
import { FolderRegistry } from './system/folderRegistry.ts';
import { PastFile } from './system/pastFile.ts';
import { copySample, findSample } from './system/sampleProject.ts';
import { systemChance } from './system/systemChance.ts';
import { systemClock } from './system/systemClock.ts';
import { systemMemory } from './system/systemMemory.ts';

export interface OrchestraSettings {
  readonly workers: number;
  readonly retry: RetryPolicy;
  /** Agent definitions as the user wrote them. */
  readonly agents: unknown;
  /** For agents and tasks that name none. */
  readonly defaultTimeout: Milliseconds;
  /** Bytes of output kept for each run. */
  readonly outputLimit: number;
  readonly history: HistorySettings;
  /** How the judging model may be used. */
  readonly model: RefinerSettings & { readonly prices?: Prices };
  /** The setting `podium.resources` as the user wrote it; what the house knows when absent. */
  readonly resources?: unknown;
  /** Part of rates and budgets that this window may have; all when absent. */
  readonly windowShare?: number;
  /** The limits of the fuses; those of the house when absent. */
  readonly fuses?: FuseSettings;
  /** Words that mean the same to the user; none when absent. */
  readonly synonyms?: readonly Synonym[];
}

export interface OrchestraOptions {
  /** Absolute path of the folder all data is kept in; made when it does not exist. */
  readonly storage: string;
  /** Absolute path of the folder in which all windows keep where the tasks of which folder are; none without. */
  readonly registry?: string | undefined;
  /** Absolute path of the supervisor program. */
  readonly supervisor: string;
  readonly settings: OrchestraSettings;
  readonly trusted: () => boolean;
  readonly log: Log;
  /** File to tell programs outside of events, one JSON object per line. */
  readonly eventLog?: string | undefined;
  /** Models that judge tasks and do prompt tasks; none without. */
  readonly models?: Models;
  /** Told whenever the agents are configured what is wrong with their settings, one sentence each; none when all is well. */
  readonly onProblems?: (problems: readonly string[]) => void;
  readonly clock?: Clock;
  readonly chance?: Chance;
}

/** A folder tasks can run in. */
export interface Folder extends Pick<Workspace, 'id' | 'uri' | 'name'> {
  /** Absolute. */
  readonly path: string;
  /** How it shares with the others, now; like any other when absent. */
  readonly sharing?: () => Sharing;
}

const alike: Sharing = { weight: 1, concurrency: 0 };

/** The workspace of the demonstration, which is no folder of the user's. */
function scratchIn(storage: string): Folder {
  const folder = path.join(storage, 'scratch');
  return { id: 'podium-scratch' as WorkspaceId, uri: 'podium-scratch:', name: 'Runaway demo', path: folder };
}

/** How often a reader looks whether the owner has gone. */
const readerInterval: Milliseconds = 1_000;
/** After so long without an event the store is asked to write a snapshot. */
const quietInterval: Milliseconds = 5_000;

/** Puts everything together on a storage folder. Nothing runs before `open`. */
export async function openOrchestra(options: OrchestraOptions): Promise<Orchestra> {
  const { storage, log, settings, trusted, clock = systemClock, chance = systemChance } = options;
  const role = new EventTarget();
  /** Settings as they are now, for what asks each time. */
  const current: { fuses: FuseSettings | undefined } = { fuses: settings.fuses };
  const meter = new Meter({ clock, memory: systemMemory });
  const store = await openStore({
    directory: path.join(storage, 'store'),
    files: nodeFiles,
    clock,
    policies: { ...fusePolicies(() => current.fuses ?? defaultFuses), score: scoreOf },
    probe: processProbe,
    log,
    watch: meter,
    onRoleChange: () => role.dispatchEvent(new Event('change')),
  });
  const places = new DiskPlaces(storage);
  const agents = new AgentRegistry({
    clock,
    chance,
    supervisor: options.supervisor,
    models: options.models ?? noModels,
    log,
  });
  const eventLog = options.eventLog === undefined ? undefined : new EventLog(options.eventLog, clock, log);
  const keeper = new Keeper({
    meter,
    place: new PastFile(path.join(storage, 'metrics.json')),
    clock,
    log,
    mayWrite: () => store.role.kind === 'owner',
  });
  return new Orchestra({
    options,
    store,
    places,
    agents,
    eventLog,
    clock,
    chance,
    log,
    meter,
    keeper,
    trusted,
    role,
    current,
    models: options.models ?? noModels,
  });
}

interface Parts {
  /** What it was opened with; the stores of other windows are opened with the same. */
  readonly options: OrchestraOptions;
  readonly store: EmbeddedStore;
  readonly places: DiskPlaces;
  readonly agents: AgentRegistry;
  readonly eventLog: EventLog | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly log: Log;
  readonly meter: Meter;
  readonly keeper: Keeper;
  readonly trusted: () => boolean;
  /** Fires `change` when the store's role has changed. */
  readonly role: EventTarget;
  /** Settings that the store's policies ask for each time. */
  readonly current: { fuses: FuseSettings | undefined };
  readonly models: Models;
}

export class Orchestra {
  readonly store: EmbeddedStore;
  readonly desk: Desk;
  readonly meanings: LateMeanings;
  readonly places: DiskPlaces;
  readonly parseCommandLine = parseCommandLine;
  readonly formatCommandLine = formatCommandLine;
  /** Tasks of the open folders that other windows' stores have. */
  readonly elsewhere: Elsewhere;
  /** Fires `change` when `elsewhere` offers something else. */
  readonly offers = new EventTarget();
  readonly #options: OrchestraOptions;
  readonly #agents: AgentRegistry;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #keeper: Keeper;
  readonly #current: Parts['current'];
  readonly #archiving: Archiving;
  readonly #bag = new DisposableStack();
  #settings: OrchestraSettings;
  #resources: ResourceSettings = { known: new Map(), windowShare: 1 };
  #folders: readonly Folder[] = [];
  #sharing: ReadonlyMap<WorkspaceId, () => Sharing> = new Map();
  #watch: Disposable | undefined;
  #quiet: Disposable | undefined;
  #closed = false;

  constructor(parts: Parts) {
    const { store, places, agents, clock, chance, log, trusted, eventLog } = parts;
    this.store = store;
    this.places = places;
    this.#options = parts.options;
    this.#agents = agents;
    this.#clock = clock;
    this.#log = log;
    this.#keeper = parts.keeper;
    this.#settings = parts.options.settings;
    this.#current = parts.current;
    this.#configure();
    this.#archiving = new Archiving({
      store,
      files: nodeFiles,
      directory: path.join(parts.options.storage, 'store', 'archive'),
      runs: {
        sweep: (known) => places.sweep(known),
        prune: (history, signal) => places.prune(history, (id) => store.task(id), clock.wallClock(), signal),
      },
      clock,
      log,
      settings: () => this.#settings.history,
      onArchived: () => this.desk.conditionsChanged(),
    });
    this.meanings = new LateMeanings({
      store: store.terms,
      clock,
      synonyms: () => this.#settings.synonyms ?? [],
      breathe: () => setImmediate(),
      onCorrected: () => this.desk.conditionsChanged(),
    });
    this.desk = new Desk({
      store,
      past: this.#archiving.history,
      takeOver: () => this.#takeOver(),
      agents,
      places,
      clock,
      chance,
      log,
      meter: parts.meter,
      trusted,
      workers: this.#settings.workers,
      retry: () => this.#settings.retry,
      resources: withModels(parts.models, () => this.#resources),
      sharing: (id) => this.#sharing.get(id)?.() ?? alike,
      fuses: () => this.#settings.fuses ?? defaultFuses,
      meanings: this.meanings,
      refine: (house) =>
        new Refiner({
          store: store.judgements,
          models: parts.models,
          meanings: this.meanings,
          spend: new Spend(store),
          clock,
          chance,
          log,
          settings: () => this.#settings.model,
          house,
        }),
    });
    this.#bag.use(this.desk.subscribe((event) => eventLog?.write(event)));
    this.#bag.use(this.desk.subscribe(() => this.#whenQuiet()));
    this.#bag.use(this.desk.subscribe(() => this.#keeper.changed()));
    this.#bag.use(this.desk.subscribe(() => this.#archiving.changed()));
    const { registry } = parts.options;
    this.elsewhere = new Elsewhere({
      storage: parts.options.storage,
      store,
      registry: registry === undefined ? undefined : new FolderRegistry(registry),
      openSource: (storage) => this.#openSource(storage),
      clock,
      chance,
      log,
      onArrived: (workspaceId) => this.desk.conditionsChanged(workspaceId),
      onOffers: () => this.offers.dispatchEvent(new Event('change')),
    });
    this.#bag.use(this.desk.subscribe(() => this.elsewhere.changed()));
    const roleChanged = (): void => this.#roleChanged();
    parts.role.addEventListener('change', roleChanged);
    this.#bag.defer(() => parts.role.removeEventListener('change', roleChanged));
  }

  /** Opens these folders, closes the others, and starts work, or watches while another window owns the store. */
  async open(folders: readonly Folder[]): Promise<void> {
    this.#folders = folders;
    this.#sharing = new Map(
      folders.flatMap(({ id, sharing }) => (sharing === undefined ? [] : [[id, sharing]])),
    );
    this.places.setFolders(new Map(folders.map((folder) => [folder.id, folder.path])));
    if (this.store.role.kind === 'owner') {
      await this.#keeper.load();
      await this.desk.start(folders);
      // Of those that were opened since, the store and the loop know nothing yet.
      for (const folder of folders) {
        await this.store.putWorkspace(folder);
        this.desk.conditionsChanged(folder.id);
      }
      this.desk.conditionsChanged();
    } else {
      this.#watchOwner();
    }
    await this.elsewhere.open(folders.map(({ id }) => id));
  }

  /** What was finished, also long ago. */
  get history(): History {
    return this.#archiving.history;
  }

  /** The sample tasks a folder brings along, or its copy of the sample project does; none for other folders. */
  async sampleTasks(workspaceId: WorkspaceId): Promise<readonly BatchRequest[]> {
    const sample = await findSample(this.#folderOf(workspaceId), sampleFile);
    if (sample === undefined) return [];
    return parseSampleTasks(sample.text, sample.place).map(({ agent, ...task }) => ({
      ...task,
      workspaceId,
      agentId: agent as AgentId,
    }));
  }

  /** Adds a simulated agent that splits its work for ever, in a workspace of its own; what was there goes. */
  async startRunaway(): Promise<void> {
    const folder = scratchIn(this.#options.storage);
    await mkdir(folder.path, { recursive: true });
    // Open first: a folder that is not has no tasks and no fuses to be seen.
    if (!this.#folders.some(({ id }) => id === folder.id)) await this.open([...this.#folders, folder]);
    await beginRunaway(this.desk, folder.id);
  }

  /** Copies the sample project into a new folder inside the workspace. @param template absolute path of it */
  async copySample(template: string, workspaceId: WorkspaceId): Promise<void> {
    await copySample(template, this.#folderOf(workspaceId));
  }

  /** Puts new settings into force. */
  async apply(settings: OrchestraSettings): Promise<void> {
    this.#settings = settings;
    this.#current.fuses = settings.fuses;
    this.#configure();
    this.desk.resize(settings.workers);
    this.#archiving.settingsChanged();
    if (this.store.role.kind === 'owner') await this.desk.agentsChanged();
  }

  /** Another model, key or permission. */
  async modelsChanged(): Promise<void> {
    if (this.store.role.kind !== 'owner') return;
    await this.desk.modelsChanged();
    await this.desk.agentsChanged();
  }

  /** Ends what runs and records it, then closes the store; a host that dies earlier is recovered from later. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#watch?.[Symbol.dispose]();
    this.#quiet?.[Symbol.dispose]();
    this.#bag.dispose();
    await this.#archiving.close();
    await this.desk.stop();
    await this.elsewhere.close();
    await this.#keeper.close();
    await this.store.close();
  }

  /** The store of another window, with none of its folders open: what it left running is ended, and nothing starts. */
  async #openSource(storage: string): Promise<Source> {
    const source = await openOrchestra({
      ...this.#options,
      storage,
      settings: this.#settings,
      registry: undefined,
      eventLog: undefined,
      onProblems: () => undefined,
    });
    try {
      await source.open([]);
    } catch (thrown) {
      await source.close();
      throw thrown;
    }
    return {
      store: source.store,
      get role() {
        return source.store.role;
      },
      [Symbol.asyncDispose]: () => source.close(),
    };
  }

  #folderOf(workspaceId: WorkspaceId): string {
    const folder = this.places.folderOf(workspaceId);
    if (folder === undefined) throw new PodiumError('unknown-workspace', 'The folder is not open.');
    return folder;
  }

  #configure(): void {
    const { resources, windowShare = 1 } = this.#settings;
    const problems = [...this.#agents.configure({ ...this.#settings, ...this.#settings.model })];
    this.#resources = { known: readResources(resources, windowShare, problems), windowShare };
    this.#options.onProblems?.(problems);
  }

  async #takeOver(): Promise<void> {
    await this.store.takeOver();
    await this.#becomeOwner();
  }

  /** Another window has taken the store: its owner ends what runs here. */
  #roleChanged(): void {
    if (this.#closed || this.store.role.kind === 'owner') return;
    this.#log.write('warn', 'Another window has taken over the tasks; this one only shows them.');
    this.#keeper.release();
    void this.elsewhere.look();
    this.desk.stepDown().catch((thrown: unknown) => {
      this.#log.write('error', `Runs could not be ended: ${messageOf(thrown)}`);
    });
    this.#watchOwner();
  }

  /** A reader looks again and again whether the owner has gone. */
  #watchOwner(): void {
    this.#watch?.[Symbol.dispose]();
    this.#watch = this.#clock.setTimer(readerInterval, () => {
      this.#lookForOwner().catch((thrown: unknown) => {
        this.#log.write('warn', `The owner of the tasks could not be looked up: ${messageOf(thrown)}`);
        this.#watchOwner();
      });
    });
  }

  async #lookForOwner(): Promise<void> {
    if (this.#closed) return;
    const changed = await this.store.poll();
    if (this.store.role.kind === 'owner') await this.#becomeOwner();
    else this.#watchOwner();
    if (changed) this.desk.conditionsChanged();
  }

  async #becomeOwner(): Promise<void> {
    this.#watch?.[Symbol.dispose]();
    await this.open(this.#folders);
    this.desk.conditionsChanged();
  }

  /** Some seconds after the last event the journal is folded into a snapshot, so that the next start is quick. */
  #whenQuiet(): void {
    this.#quiet?.[Symbol.dispose]();
    this.#quiet = this.#clock.setTimer(quietInterval, () => {
      if (this.#closed || this.store.role.kind !== 'owner') return;
      this.store.snapshot().catch((thrown: unknown) => {
        this.#log.write('warn', `The tasks could not be written to a snapshot: ${messageOf(thrown)}`);
      });
    });
  }
}
