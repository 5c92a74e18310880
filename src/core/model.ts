/**
 * The words of the domain. Data only; behaviour lives in the rooms beside it.
 *
 * Glossary
 * - **Workspace**: one project with its own tasks and goal; in the editor, one folder.
 * - **Task**: a unit of work for one agent. It waits in the store, never in a worker.
 * - **Agent**: whatever executes a task (a program, a simulated worker, later a prompt with tools).
 * - **Claim**: one dispatch of a task. Its number rises on every dispatch and is the fence: whatever an older
 *   claim reports is rejected.
 * - **Attempt**: rises only when the agent failed. **Interruption**: rises when a run was cut by a crash or reload.
 * - **Lease**: the generation of the store owner in whose pool a running task lives.
 * - **Lane**: the tasks of one workspace with one resource signature; within a lane only rank decides.
 * - **Signature**: the exclusive resource a task needs while it runs, or the empty string.
 * - **Rank**: pinned tasks by their manual order, then score, then age.
 */

import type { Judgement } from './priority/judgement.ts';

export type TaskId = string & { readonly __brand: 'TaskId' };
export type WorkspaceId = string & { readonly __brand: 'WorkspaceId' };
export type AgentId = string & { readonly __brand: 'AgentId' };

/** The stored states. Blocked, scheduled and paused are derived for display, see `metrics/snapshot.ts`. */
export const statuses = ['pending', 'running', 'needs_input', 'completed', 'failed', 'cancelled'] as const;
export type Status = (typeof statuses)[number];

export const priorityLevels = ['high', 'medium', 'low'] as const;
export type PriorityLevel = (typeof priorityLevels)[number];

/** Wall-clock milliseconds since 1970. Only persisted instants use it; intervals are measured monotonically. */
export type Instant = number;
export type Milliseconds = number;

export type Creator = 'user' | 'agent';

/** What makes up a score; the sum is `Task.score`. Every part is an integer number of points. */
export interface ScoreParts {
  /** The judged value, 0 to 1000: a model's, or while there is none the level the user chose. */
  readonly judgement: number;
  /** What finishing this task would unblock. */
  readonly unblocking: number;
  /** How close its words are to the goal of the workspace. */
  readonly goal: number;
  /** How near its deadline is. */
  readonly deadline: number;
  /** How long it has waited. */
  readonly age: number;
  /** What the user has added, or taken away. */
  readonly boost: number;
}

/** Identifies one operating-system process beyond the reuse of process ids. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When the process started, in the operating system's own notation; compared, never parsed. */
  readonly startedAt: string;
  /** Changes on every boot of the machine. */
  readonly bootId: string;
}

/** Persisted before a program is started, so that after a crash no process is left unknown. */
export interface Launch {
  /** The claim the launch belongs to. */
  readonly claim: number;
  /** Folder of this run: output, exit record, outbox. */
  readonly runDirectory: string;
  /** Known once the process exists. */
  readonly process: ProcessIdentity | null;
}

/** What an agent needs that titles and descriptions must never become: the argument vector of a command. */
export interface TaskInput {
  /** Program and arguments, one element each; no shell ever sees them. */
  readonly argv?: readonly string[];
  /** Amounts by resource that the task has declared, in place of what its agent uses. */
  readonly resources?: Readonly<Record<string, number>>;
}

/** Free-form context that travels with a task. The delegation depth is computed by the core alone. */
export interface ContextData {
  readonly delegation_depth: number;
  readonly [key: string]: unknown;
}

export interface ResourceDemand {
  readonly resource: string;
  readonly amount: number;
}

export interface TaskError {
  /** Stable code, e.g. `exit`, `timeout`, `missing-program`. */
  readonly code: string;
  readonly message: string;
}

export interface Task {
  readonly id: TaskId;
  readonly workspaceId: WorkspaceId;
  /** Order of creation within the store; the tie-breaker among equal scores. */
  readonly sequence: number;
  readonly title: string;
  readonly description: string;
  readonly agentId: AgentId;
  readonly input: TaskInput;
  readonly priority: PriorityLevel;
  readonly score: number;
  readonly scoreParts: ScoreParts;
  /** What a model thinks it is worth; null while nobody has judged it. */
  readonly judgement: Judgement | null;
  /** Manual order key: pinned tasks come first, lowest key first. Null when not pinned. */
  readonly pin: number | null;
  readonly createdBy: Creator;
  readonly parentId: TaskId | null;
  readonly rootId: TaskId;
  readonly contextData: ContextData;
  /** The tasks this one waits for. */
  readonly needs: readonly TaskId[];
  /** How many of `needs` are not completed. */
  readonly unmet: number;
  /** How many of `needs` have failed or were cancelled; the task then needs a human. */
  readonly broken: number;
  readonly requiredResources: readonly ResourceDemand[];
  readonly signature: string;
  readonly status: Status;
  /** A fuse holds its tree: it is not started. */
  readonly held: boolean;
  /** Why a human is needed while the status is `needs_input`. */
  readonly question: string | null;
  readonly claim: number;
  readonly attempt: number;
  readonly interruptions: number;
  /** How often in a row its runs were told to slow down. */
  readonly deferrals: number;
  /** Generation of the owner whose pool runs it; null unless running. */
  readonly lease: number | null;
  /** Not dispatched before this instant. */
  readonly notBefore: Instant | null;
  readonly dueAt: Instant | null;
  /** Longest a run may take; null uses the agent's own. */
  readonly timeout: Milliseconds | null;
  readonly launch: Launch | null;
  readonly result: string | null;
  readonly error: TaskError | null;
  readonly createdAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant | null;
  readonly tokens: number;
  /** Millionths of the currency the price list is in. */
  readonly costMicros: number;
}

export interface Pause {
  readonly at: Instant;
  readonly by: 'user' | 'fuse';
  readonly reason: string;
}

export interface Workspace {
  readonly id: WorkspaceId;
  /** Address of the folder, as the editor spells it. */
  readonly uri: string;
  readonly name: string;
  readonly goal: string;
  readonly pause: Pause | null;
}

export function isFinished(status: Status): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}
