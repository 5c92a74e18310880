/**
 * Every door to the outside, small, named for what it gives. Adapters implement these; the core only sees them.
 */
import type {
  AgentId,
  ContextData,
  Creator,
  Instant,
  Launch,
  Milliseconds,
  Pause,
  PriorityLevel,
  ProcessIdentity,
  ResourceDemand,
  Task,
  TaskError,
  TaskId,
  TaskInput,
  Workspace,
  WorkspaceId,
  ScoreParts,
} from './model.ts';
import type { Bucket } from './arbitration/bucket.ts';
import type { ErrorCode } from './errors.ts';
import type { Model, ModelHandle } from './models.ts';
import type { EndFacts, Family, StartFacts } from './fuses/family.ts';
import type { Trip, TripDraft } from './fuses/trip.ts';
import type { LifecycleEvent } from './lifecycle.ts';
import type { ScorePolicy } from './priority/score.ts';
import type { TreeStanding } from './trees.ts';

/** Time. Virtual in tests. */
export interface Clock {
  /** Milliseconds that never go back; for intervals inside one process. */
  monotonic(): Milliseconds;
  /** Milliseconds since 1970; for instants that are persisted. */
  wallClock(): Instant;
  /** Calls `run` once after `delay` milliseconds, unless disposed before. */
  setTimer(delay: Milliseconds, run: () => void): Disposable;
}

/** Chance and names. Seeded in tests. */
export interface Chance {
  /** Uniform in [0, 1). */
  random(): number;
  /** A name no one else has. */
  newId(): string;
}

/** Bytes of the process. */
export interface Memory {
  usage(): { readonly heapUsed: number; readonly resident: number };
}

/** Where what was measured is kept while no window is open. */
export interface PastPlace {
  /** The text that was written last, or undefined. */
  read(): Promise<string | undefined>;
  /** Replaces it, whole or not at all. @param mayReplace asked at the last moment */
  write(text: string, mayReplace: () => boolean): Promise<void>;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** What happened, for people and for programs. Never receives secrets. */
export interface Log {
  write(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
}

// ---------------------------------------------------------------------------------------------------- the store

/** A validated task on its way in. Parent, root and depth are settled by the engine with the admission policy. */
export interface TaskDraft {
  readonly id: TaskId;
  readonly workspaceId: WorkspaceId;
  readonly title: string;
  readonly description: string;
  readonly agentId: AgentId;
  readonly input: TaskInput;
  readonly priority: PriorityLevel;
  /** Tasks of the store or earlier drafts of the same batch. */
  readonly needs: readonly TaskId[];
  readonly parentId: TaskId | null;
  readonly createdBy: Creator;
  /** Names the draft among the children of its parent: a second draft with the same key is the same task. */
  readonly createKey: string | null;
  readonly requiredResources: readonly ResourceDemand[];
  readonly signature: string;
  readonly timeout: Milliseconds | null;
  readonly dueAt: Instant | null;
  readonly createdAt: Instant;
  /** Its agent changes files. */
  readonly writes?: boolean;
  /** Tasks above it that mean the same. */
  readonly reentries?: number;
  /** Equal for tasks of one parent that mean the same. */
  readonly likeness?: string;
}

/**
 * The engine asks this, inside its transaction, before it inserts a row; nothing else inserts.
 * @param family null for a task of a person, which has no parent
 */
export type AdmissionPolicy = (
  draft: TaskDraft,
  family: Family | null,
  now: Instant,
) =>
  | {
      readonly rootId: TaskId;
      readonly contextData: ContextData;
      /** Takes one from what a person has approved for the tree. */
      readonly usesApproval?: boolean;
      readonly notBefore?: Instant;
      /** It waits for a person's answer. */
      readonly question?: string;
    }
  | { readonly refused: ErrorCode; readonly message: string; readonly trip?: TripDraft };

export type Admission =
  | {
      readonly kind: 'added';
      readonly id: TaskId;
      readonly score: number;
      /** A person is asked first. */
      readonly asks?: boolean;
    }
  | { readonly kind: 'existing'; readonly id: TaskId }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };

/** A ready task as the ranking sees it. */
export interface Candidate {
  readonly id: TaskId;
  readonly pin: number | null;
  readonly score: number;
  readonly sequence: number;
}

/** The ready tasks of one workspace with one signature; only lanes with at least one ready task are shown. */
export interface Lane {
  readonly workspaceId: WorkspaceId;
  readonly signature: string;
  /** The first few by rank, best first; never empty. */
  readonly best: readonly Candidate[];
  readonly oldest: Candidate;
}

/** Why a candidate was chosen: its rank, the user's hand, or the guaranteed share of the oldest. */
export type ChoiceReason = 'rank' | 'pinned' | 'oldest';

export interface Choice {
  readonly lane: Lane;
  readonly candidate: Candidate;
  readonly reason: ChoiceReason;
  /** The best five of all lanes at that moment, best first. */
  readonly top: readonly Candidate[];
}

/** How the engine chooses; pure but for the counter that gives the oldest their share. */
export interface DispatchPolicy {
  /** Whether anything of a workspace may start now. */
  mayRun(workspaceId: WorkspaceId): boolean;
  /** Whether what `signature` names is there while tasks with the signatures `running` run. */
  grantable(signature: string, running: readonly string[], now: Instant): boolean;
  /** What was chosen starts and takes what it needs. @returns buckets that have changed, to be kept */
  take(choice: Choice, now: Instant): ReadonlyMap<string, Bucket>;
  /**
   * After a pass.
   * @param looked false when there was no free worker, so that nobody asked for anything
   * @returns when something that was not there may be, or null
   */
  endPass(looked: boolean): Instant | null;
  /**
   * Claims were not recorded: what was taken for them is as it was kept.
   * @param buckets as they are kept
   * @param isRunning whether a task runs that was claimed before
   */
  revert(buckets: ReadonlyMap<string, Bucket>, isRunning: (taskId: TaskId) => boolean, now: Instant): void;
  /** The next to start among `lanes` (grantable, not paused, of workspaces that may run), or undefined without any. */
  choose(lanes: readonly Lane[]): Choice | undefined;
}

/** Written with every claim, so that "why did this start?" can be answered later. */
export interface Decision {
  readonly id: number;
  readonly taskId: TaskId;
  readonly claim: number;
  readonly at: Instant;
  readonly reason: ChoiceReason;
  readonly score: number;
  readonly top: readonly Candidate[];
  /** The state of the house at that moment. */
  readonly context: DecisionContext;
}

export interface DecisionContext {
  /** Workspaces with ready tasks, paused ones included. */
  readonly workspaces: number;
  readonly paused: number;
  /** Tasks running before this one. */
  readonly running: number;
  readonly freeWorkers: number;
  /** Signatures in use. */
  readonly resources: readonly string[];
}

/** What a score was before it last became another. */
export interface ScoreChange {
  readonly at: Instant;
  readonly score: number;
  readonly parts: ScoreParts;
}

/** A dispatch that is on disk: the task as it was claimed, and the decision behind it. */
export interface Claim {
  readonly task: Task;
  /**
   * Since when nothing but a free worker, its resources or a pause kept the task from running: it was added, asked for
   * again or due, and its last prerequisite was completed.
   */
  readonly readySince: Instant;
  readonly decisionId: number;
}

/** The fence: what is reported under an older claim number is rejected. */
export interface ClaimRef {
  readonly taskId: TaskId;
  readonly claim: number;
}

/** What a run has used, as far as that is known; it counts however the run ended. */
export interface RunUse {
  readonly tokens?: number;
  /** Millionths of the currency that prices are set in. */
  readonly costMicros?: number;
  readonly duration?: Milliseconds;
}

/** How a run ended. */
export type Settlement = RunUse &
  (
    | { readonly event: 'complete'; readonly result: string }
    | { readonly event: 'fail'; readonly error: TaskError; readonly result: string | null }
    | { readonly event: 'retry'; readonly error: TaskError; readonly notBefore: Instant }
    /** It could not be done for lack of something outside; no attempt is lost. */
    | { readonly event: 'defer'; readonly notBefore: Instant | null }
    | { readonly event: 'ask' | 'suspend'; readonly question: string }
    | { readonly event: 'interrupt'; readonly notBefore: Instant | null }
    | { readonly event: 'cancel' }
  );

/** What stopping a tree has come to. */
export interface StoppedTree {
  /** How many tasks that waited are cancelled. */
  readonly cancelled: number;
  /** What still runs of it. */
  readonly running: readonly TaskId[];
}

/** What can be changed on a task that is not running. Absent fields stay. */
export interface TaskEdit {
  readonly title?: string;
  readonly description?: string;
  readonly agentId?: AgentId;
  readonly input?: TaskInput;
  readonly priority?: PriorityLevel;
  readonly needs?: readonly TaskId[];
  readonly requiredResources?: readonly ResourceDemand[];
  readonly signature?: string;
  readonly timeout?: Milliseconds | null;
  readonly dueAt?: Instant | null;
}

/** A place in the order given by hand, among the pinned tasks of a workspace. */
export type OrderPlace = { readonly before: TaskId } | { readonly after: TaskId } | 'first' | 'last';

export interface Counts {
  /** Pending, every prerequisite met, due. */
  readonly ready: number;
  /** Pending, waiting for prerequisites that may still be met. */
  readonly blocked: number;
  /** Pending, waiting for an instant. */
  readonly scheduled: number;
  /** Pending, held by a fuse. */
  readonly held: number;
  readonly running: number;
  /** Needs input, or waits for a prerequisite that failed. */
  readonly attention: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
}

export interface WorkspacePicture {
  readonly workspace: Workspace;
  readonly counts: Counts;
  /** Unfinished tasks in dispatch order (running, needs you, ready by rank, the rest), and their ancestors. */
  readonly tasks: readonly Task[];
  /** Unfinished tasks beyond the limit; null for some, when they were not counted. */
  readonly more: number | null;
  /** The latest finished ones, newest first, without those already in `tasks`. */
  readonly finished: readonly Task[];
}

/** Which tasks a picture shows; what is absent excludes nothing. */
export interface PictureFilter {
  readonly states?: readonly (keyof Counts)[];
  readonly agents?: readonly AgentId[];
  /** In the title or the description; the case of the letters A to Z does not matter. */
  readonly text?: string;
}

export interface StorePicture {
  readonly workspaces: readonly WorkspacePicture[];
  /** Signatures of all tasks that run, shown or not. */
  readonly running: readonly string[];
  /** Ready tasks by signature, without those that need nothing, shown or not. */
  readonly ready: readonly (readonly [signature: string, count: number])[];
  /** Fuses that have blown and were not answered yet, oldest first. */
  readonly trips: readonly Trip[];
}

/** What the loop needs to know of a workspace. */
export interface Agenda {
  readonly workspaceId: WorkspaceId;
  readonly ready: number;
  readonly running: number;
  readonly unfinished: number;
  readonly counts: Counts;
  /** The next instant at which something changes by itself (a retry falls due, a score steps), or null. */
  readonly nextAt: Instant | null;
}

/** `owner` writes; a `reader` sees what another process owns and every write is refused with `read-only`. */
export type StoreRole =
  | { readonly kind: 'owner'; readonly generation: number }
  | { readonly kind: 'reader'; readonly ownedBy: string };

/** What a store knows of itself without waiting for anything. */
export interface StoreState {
  /** Commits and bytes of journal behind the last snapshot. */
  readonly tail: { readonly records: number; readonly bytes: number };
  /** Size of the last snapshot; null while there is none. */
  readonly snapshotBytes: number | null;
  readonly databaseBytes: number;
}

/** Told by a store what it does, as it does it. */
export interface StoreWatch {
  /** A commit went to the journal. */
  committed(): void;
  /** The journal is on disk up to there. */
  synced(took: Milliseconds): void;
  snapshotTaken(took: Milliseconds): void;
  /** The thread was held. @param name what for */
  held(name: string, took: Milliseconds): void;
}

/** Told by the loop what it does, as it does it. */
export interface LoopWatch {
  scanned(workspaces: number): void;
  /** A timer fired. @param late by so much after its instant */
  fired(late: Milliseconds): void;
  /** The machine was asleep. */
  slept(): void;
}

/** Told by what judges tasks what it does, as it does it. */
export interface JudgingWatch {
  /** So many tasks wait for a judgement, as of the last look. */
  waiting(tasks: number): void;
  /** A call to the model has ended, well or not. */
  called(took: Milliseconds): void;
}

/** The policies of the core that the engine runs inside its transactions. */
export interface StorePolicies {
  readonly admit: AdmissionPolicy;
  readonly score: ScorePolicy;
  /** Before a task is started that an agent made and nobody approved; a trip keeps it from being started. */
  readonly started: (facts: StartFacts, now: Instant) => TripDraft | null;
  /** After a run has ended for good. */
  readonly ended: (facts: EndFacts, now: Instant) => readonly TripDraft[];
}

/**
 * The queue, and the one source of truth. Every promise of a write resolves when the write is durable, and rejects
 * when it is not, in which case nothing of it remains. What a read returns is durable too.
 * Writes reject with `read-only`, `store-full`, `store-unavailable` or `closed` besides the codes named below.
 */
export interface Store {
  readonly role: StoreRole;
  /** Null when it is not this process that writes. */
  readonly state: StoreState | null;

  /**
   * Inserts what the admission policy lets in. One transaction; one answer for each draft, in order. When one draft is
   * refused, none is inserted and every answer is that refusal.
   */
  addTasks(drafts: readonly TaskDraft[]): Promise<readonly Admission[]>;
  /**
   * Brings due retries and due scores up to date, then claims up to `limit` tasks, all in one transaction.
   * Aborting `signal` before the transaction begins claims nothing; afterwards it has no effect.
   */
  claimNext(policy: DispatchPolicy, limit: number, signal: AbortSignal): Promise<readonly Claim[]>;
  /** Ends a claim. Returns false, changing nothing, when the claim is not the current one of a running task. */
  settle(ref: ClaimRef, settlement: Settlement): Promise<boolean>;
  /** Notes the folder of a claim's run before its program starts. */
  recordLaunch(ref: ClaimRef, launch: Launch): Promise<boolean>;
  recordProcess(ref: ClaimRef, process: ProcessIdentity): Promise<boolean>;

  /** @throws PodiumError `unknown-task`, `task-running`, `unknown-dependency`, `dependency-cycle`. */
  editTask(id: TaskId, edit: TaskEdit): Promise<void>;
  /** Cancels what waits or reruns what ended. @throws PodiumError `unknown-task`, `illegal-transition`. */
  transition(id: TaskId, event: Extract<LifecycleEvent, 'cancel' | 'rerun'>): Promise<void>;
  /**
   * Moves a pending task to the front, its pending prerequisites before it, and clears their waiting times; nothing
   * when it runs. @throws PodiumError `unknown-task`, `illegal-transition`.
   */
  runNow(id: TaskId): Promise<void>;
  /**
   * Pins tasks of one workspace at a place, in the order given, and before each what it still waits for. Next to a
   * task that is not pinned everything above the place is pinned too.
   * @throws PodiumError `unknown-task`, `illegal-transition`
   */
  place(ids: readonly TaskId[], place: OrderPlace): Promise<void>;
  /** Moves tasks of one workspace one place up (-1) or down (1) in the order in which they would run. */
  shift(ids: readonly TaskId[], step: -1 | 1): Promise<void>;
  /** @throws PodiumError `unknown-task`, `illegal-transition` for what a task waits for that stays pinned */
  unpin(ids: readonly TaskId[]): Promise<void>;
  /**
   * Adds points to the scores of unfinished tasks; together from -1000 to 1000.
   * @throws PodiumError `unknown-task`, `illegal-transition`
   */
  boost(ids: readonly TaskId[], points: number): Promise<void>;
  /**
   * Deletes tasks with all their sub-tasks; what depended on them does so no more.
   * @throws PodiumError `task-running` when one of them runs, and then nothing is deleted.
   */
  deleteTasks(ids: readonly TaskId[]): Promise<void>;
  /** Deletes finished trees of a workspace that nothing unfinished depends on; returns how many tasks went. */
  clearFinished(workspaceId: WorkspaceId): Promise<number>;

  /** Makes the workspace known, or renames it; keeps everything else. */
  putWorkspace(workspace: Pick<Workspace, 'id' | 'uri' | 'name'>): Promise<void>;
  setGoal(workspaceId: WorkspaceId, goal: string): Promise<void>;
  /** Null resumes, and answers the fuses that have paused them. */
  setPause(workspaceIds: readonly WorkspaceId[], pause: Pause | null): Promise<void>;

  /** What was left of shared resources when something was last taken of them. */
  buckets(): Promise<ReadonlyMap<string, Bucket>>;
  putBuckets(buckets: ReadonlyMap<string, Bucket>): Promise<void>;

  /** Tells of every fuse that blows, once that is durable. */
  onTrip(listener: (trip: Trip) => void): Disposable;
  /** Tells that trips have ended, whoever ended them, once that is durable. */
  onTripsEnded(listener: () => void): Disposable;
  /** Trips that nobody has answered yet, oldest first. */
  trips(): Promise<readonly Trip[]>;
  /** A person's answer to trips: what they hold goes on, and their limits count anew. Unknown ones are over already. */
  answerTrips(ids: readonly number[]): Promise<void>;
  /**
   * So many tasks of the tree of `id` are approved: those that agents have made and that wait, oldest first, and then
   * such as are not made yet. @throws PodiumError `unknown-task`
   */
  approvePlan(id: TaskId, tasks: number): Promise<void>;
  /** The tree a task belongs to. @throws PodiumError `unknown-task` */
  treeStanding(id: TaskId): Promise<TreeStanding>;
  /**
   * Approves what waits of a task and everything under it, and holds it no more.
   * @returns how many that are
   * @throws PodiumError `unknown-task`
   */
  releaseBranch(id: TaskId): Promise<number>;
  /**
   * Cancels what waits of a task and everything under it. What runs of it can make no more tasks, and does not come
   * back when its run has ended.
   */
  stopTree(id: TaskId): Promise<StoppedTree>;
  /** Lets tasks run that wait for a person's word; others are left alone. */
  approve(ids: readonly TaskId[]): Promise<void>;

  /** A text kept under a name for the house itself, or undefined. */
  note(name: string): Promise<string | undefined>;
  /** Keeps a text under a name; null forgets it. */
  putNote(name: string, text: string | null): Promise<void>;

  task(id: TaskId): Promise<Task | undefined>;
  /** Tasks in creation order; for choosing prerequisites. */
  unfinished(workspaceId: WorkspaceId, limit: number): Promise<readonly Task[]>;
  children(id: TaskId): Promise<readonly Task[]>;
  workspaces(): Promise<readonly Workspace[]>;
  /** Running tasks whose lease is not of this owner's generation. */
  orphans(): Promise<readonly Task[]>;
  /** The agenda of each of `workspaceIds`, read afresh from the rows: the safety net behind events. */
  reconcile(workspaceIds: readonly WorkspaceId[]): Promise<readonly Agenda[]>;
  decision(taskId: TaskId): Promise<Decision | undefined>;
  /** Of an unfinished task whose score has changed since the store was opened. */
  lastChange(taskId: TaskId): Promise<ScoreChange | undefined>;
  /** What the screens show: at most `limit` unfinished and `finishedLimit` finished tasks for each workspace. */
  picture(limit: number, finishedLimit: number, filter?: PictureFilter): Promise<StorePicture>;
}

/** Where work happens on this machine. */
export interface Places {
  /** Absolute path of the workspace's folder; undefined while it is not open in this window. */
  folderOf(workspaceId: WorkspaceId): string | undefined;
  /** The folder of one run. Only names it. */
  runDirectory(ref: ClaimRef): string;
  /** Makes the folder of one run and returns its absolute path. */
  makeRunDirectory(ref: ClaimRef): Promise<string>;
}

// --------------------------------------------------------------------------------------------------- the agents

export interface AgentDescription {
  readonly id: AgentId;
  /** Shown to people. */
  readonly label: string;
  readonly detail: string;
  /** Its results are made up, and every screen says so. */
  readonly simulated: boolean;
  /** Runs programs of the folder, so it needs a trusted one. */
  readonly needsTrust: boolean;
  /** May be run again after an interruption without asking. */
  readonly idempotent: boolean;
  /** Changes files of its folder: one such run per folder at a time. */
  readonly writes: boolean;
  /** The user types a command line for each task. */
  readonly takesCommand: boolean;
  /** Runs at most this many times when it fails. */
  readonly maxAttempts: number;
  readonly timeout: Milliseconds;
  /** What each of its runs uses of shared resources, unless a task says something else. */
  readonly resources?: readonly ResourceDemand[];
  /** What each of its runs uses through handles of the house, whatever a task says. */
  readonly calls?: readonly ResourceDemand[];
}

/** A sub-task an agent asks for. Everything in it is untrusted. */
export interface SubTaskRequest {
  readonly title: string;
  readonly description?: string;
  readonly agent?: string;
  readonly argv?: readonly string[];
  readonly priority?: string;
  /** Ids of tasks to wait for. */
  readonly needs?: readonly string[];
  /** Amounts by resource, in place of what its agent uses. */
  readonly resources?: Readonly<Record<string, number>>;
  /** Names the request among the parent's children; repeating it returns the first task. */
  readonly key?: string;
}

export interface PrerequisiteResult {
  readonly title: string;
  readonly result: string | null;
}

/** What a run may use. */
export interface AgentRun {
  readonly task: Task;
  /** Absolute path of the workspace folder. */
  readonly folder: string;
  /** Absolute path of a folder only this claim writes to; it exists. */
  readonly runDirectory: string;
  /** What the tasks that this one depended on gave. */
  results(): Promise<readonly PrerequisiteResult[]>;
  /** Passes the gate; a refusal is an answer, not an exception. */
  createSubTask(request: SubTaskRequest): Promise<Admission>;
  /** Persists the identity of the process before the agent goes on. */
  started(process: ProcessIdentity): Promise<void>;
  /** The model as this run may call it, paid for by the claim. Closed when the run ends. */
  lease(model: Model): ModelHandle;
}

/** Someone outside asks for fewer calls. */
export interface RateLimit {
  /** Of which resource; null for all that refill of those the task uses. */
  readonly resource: string | null;
  /** How long to wait, if they said. */
  readonly retryAfter: Milliseconds | null;
}

/** What a run has cost, however it ended, as far as it knows. */
export interface Consumption extends Omit<RunUse, 'duration'> {
  /** What it has really used of shared resources; `nothing` when it never began. */
  readonly used?: Readonly<Record<string, number>> | 'nothing';
}

export type AgentOutcome = Consumption &
  (
    | {
        readonly kind: 'completed';
        readonly result: string;
      }
    | {
        readonly kind: 'failed';
        readonly error: TaskError;
        /** Whether another attempt may help; how many there are is the agent's `maxAttempts`. */
        readonly retryable: boolean;
        /** It asked to be run again later, so it gets attempts even where failures get none. */
        readonly temporary?: boolean;
        /** It was told that it calls too often: no failure of its own. */
        readonly rateLimited?: RateLimit;
        /** What is behind the resource it uses failed or did not answer. */
        readonly outage?: boolean;
        readonly result?: string;
      }
    | { readonly kind: 'needs_input'; readonly question: string }
  );

/** What is left of a run whose host went away: ended without a result, or finished with one. */
export type Recovered =
  { readonly kind: 'ended' } | { readonly kind: 'finished'; readonly outcome: AgentOutcome };

export interface Agent {
  readonly description: AgentDescription;
  /**
   * Does the work. Resolves when nothing of the run is left alive. When `signal` aborts it ends everything it
   * started, then resolves with any outcome (it is ignored). Rejections count as failed attempts.
   */
  run(run: AgentRun, signal: AbortSignal): Promise<AgentOutcome>;
  /** Ends what is left of an interrupted run, or adopts its result. Resolves when nothing of it is alive. */
  recover(task: Task, launch: Launch, run: Pick<AgentRun, 'createSubTask'>): Promise<Recovered>;
}

/** The agents of the house, by id. */
export interface Agents {
  get(id: AgentId): Agent | undefined;
  list(): readonly AgentDescription[];
}
