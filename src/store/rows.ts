/** From rows to the words of the domain. What comes from a disk is parsed and, where it must be, clamped; never cast. */
import { priorityLevels, statuses } from '../core/model.ts';
import type {
  AgentId,
  ContextData,
  Launch,
  ProcessIdentity,
  ResourceDemand,
  Status,
  Task,
  TaskId,
  TaskInput,
  Workspace,
  WorkspaceId,
} from '../core/model.ts';
import type { Candidate, ChoiceReason, Decision, DecisionContext } from '../core/ports.ts';
import { judgementSources } from '../core/priority/judgement.ts';
import type { Judgement } from '../core/priority/judgement.ts';
import { Cells, fieldsOf, listOf, textsOf, wrong } from './cells.ts';
import type { Row } from './database.ts';

/** Names of keys, as the ledger knows them. */
export interface Names {
  workspaceId(key: number): WorkspaceId;
  signature(lane: number): string;
}

/** A row of `taskColumns`. */
export function taskOf(row: Row, names: Names): Task {
  const cells = new Cells(row);
  const sequence = cells.number();
  const id = cells.text() as TaskId;
  return {
    sequence,
    id,
    workspaceId: names.workspaceId(cells.number()),
    signature: names.signature(cells.number()),
    agentId: cells.text() as AgentId,
    priority: cells.oneOf(priorityLevels),
    status: cells.oneOf(statuses),
    unmet: cells.count(),
    broken: cells.count(),
    claim: cells.count(),
    attempt: cells.count(),
    interruptions: cells.count(),
    lease: cells.numberOrNull(),
    score: cells.number(),
    scoreParts: {
      judgement: cells.number(),
      unblocking: cells.number(),
      goal: cells.number(),
      deadline: cells.number(),
      age: cells.number(),
      boost: cells.number(),
    },
    pin: cells.numberOrNull(),
    parentId: cells.textOrNull() as TaskId | null,
    rootId: (cells.textOrNull() ?? id) as TaskId,
    createdBy: cells.oneOf(['user', 'agent']),
    notBefore: cells.numberOrNull(),
    dueAt: cells.numberOrNull(),
    timeout: cells.numberOrNull(),
    createdAt: cells.number(),
    startedAt: cells.numberOrNull(),
    finishedAt: cells.numberOrNull(),
    tokens: cells.count(),
    costMicros: cells.count(),
    requiredResources: demandsOf(cells.json()),
    input: inputOf(cells.json()),
    contextData: contextOf(cells.json()),
    title: cells.text(),
    launch: launchOf(cells.json()),
    question: cells.textOrNull(),
    error: errorOf(cells.textOrNull(), cells.textOrNull()),
    description: cells.text(),
    result: cells.textOrNull(),
    judgement: judgementOf(cells.json()),
    held: cells.number() === 1,
    deferrals: cells.count(),
    needs: textsOf(cells.json()) as TaskId[],
  };
}

/** A judgement as `setJudged` keeps it; anything else counts as none. */
function judgementOf(value: unknown): Judgement | null {
  const fields = fieldsOf(value);
  const number = (name: string): number => (typeof fields[name] === 'number' ? fields[name] : 0);
  const text = (name: string): string => (typeof fields[name] === 'string' ? fields[name] : '');
  if (typeof fields.value !== 'number') return null;
  return {
    value: fields.value,
    said: number('said'),
    reason: text('reason'),
    source: judgementSources.find((source) => source === fields.source) ?? 'model',
    model: text('model'),
    promptVersion: number('promptVersion'),
    at: number('at'),
    version: number('version'),
    key: text('key'),
    rounds: number('rounds'),
    speaks: fields.speaks === true,
  };
}

/** What operations decide on. */
export interface TaskHead {
  readonly sequence: number;
  readonly workspace: number;
  readonly lane: number;
  readonly status: Status;
  readonly claim: number;
  readonly root: number;
  readonly unfinished: boolean;
  /** It runs, and a person has stopped its tree. */
  readonly stopped: boolean;
}

/** A row of `headColumns`. */
export function headOf(row: Row): TaskHead {
  const cells = new Cells(row);
  return {
    sequence: cells.number(),
    workspace: cells.number(),
    lane: cells.number(),
    status: cells.oneOf(statuses),
    claim: cells.number(),
    root: cells.number(),
    unfinished: cells.number() === 1,
    stopped: cells.number() === 1,
  };
}

/** A row of `candidateColumns`. */
export function candidateOf(row: Row): Candidate {
  const cells = new Cells(row);
  const sequence = cells.number();
  return { sequence, id: cells.text() as TaskId, pin: cells.numberOrNull(), score: cells.number() };
}

export interface WorkspaceRow {
  readonly key: number;
  readonly workspace: Workspace;
}

export function workspaceOf(row: Row): WorkspaceRow {
  const cells = new Cells(row);
  const key = cells.number();
  const words = {
    id: cells.text() as WorkspaceId,
    uri: cells.text(),
    name: cells.text(),
    goal: cells.text(),
  };
  const at = cells.numberOrNull();
  const by = cells.textOrNull();
  const pause =
    at === null ? null : ({ at, by: by === 'fuse' ? 'fuse' : 'user', reason: cells.text() } as const);
  return { key, workspace: { ...words, pause } };
}

export interface LaneRow {
  readonly key: number;
  readonly workspace: number;
  readonly signature: string;
}

export function laneOf(row: Row): LaneRow {
  const cells = new Cells(row);
  return { key: cells.number(), workspace: cells.number(), signature: cells.text() };
}

const reasons: readonly ChoiceReason[] = ['rank', 'pinned', 'oldest'];

export function decisionOf(row: Row): Decision {
  const cells = new Cells(row);
  return {
    id: cells.number(),
    taskId: cells.text() as TaskId,
    claim: cells.number(),
    at: cells.number(),
    reason: cells.oneOf(reasons),
    score: cells.number(),
    top: listOf(cells.json()).map((part) => candidateOf(listOf(part))),
    context: decisionContextOf(cells.json()),
  };
}

/** The first cell of a row as a number; null where there is none. */
export function numberOf(row: Row | undefined): number | null {
  return row === undefined ? null : new Cells(row).numberOrNull();
}

/** All cells of a row as numbers. */
export function numbersOf(row: Row): number[] {
  return row.map((value) => (typeof value === 'number' ? value : wrong('a number')));
}

/** The first cell of a row as a text; undefined where there is none. */
export function textOf(row: Row | undefined): string | undefined {
  return row === undefined ? undefined : (new Cells(row).textOrNull() ?? undefined);
}

/** A launch as `setLaunch` keeps it. */
export function launchOf(value: unknown): Launch | null {
  const { claim, runDirectory, process } = fieldsOf(value);
  if (typeof claim !== 'number' || typeof runDirectory !== 'string') return null;
  return { claim, runDirectory, process: processOf(process) };
}

function processOf(value: unknown): ProcessIdentity | null {
  const { pid, startedAt, bootId } = fieldsOf(value);
  if (typeof pid !== 'number' || typeof startedAt !== 'string' || typeof bootId !== 'string') return null;
  return { pid, startedAt, bootId };
}

function errorOf(code: string | null, message: string | null): Task['error'] {
  return code === null ? null : { code, message: message ?? '' };
}

function demandsOf(value: unknown): ResourceDemand[] {
  return listOf(value).flatMap((part) => {
    const { resource, amount } = fieldsOf(part);
    return typeof resource === 'string' && typeof amount === 'number' ? [{ resource, amount }] : [];
  });
}

function inputOf(value: unknown): TaskInput {
  const { argv, resources } = fieldsOf(value);
  const amounts = Object.entries(fieldsOf(resources)).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return {
    ...(argv === undefined ? {} : { argv: textsOf(argv) }),
    ...(amounts.length === 0 ? {} : { resources: Object.fromEntries(amounts) }),
  };
}

function contextOf(value: unknown): ContextData {
  const fields = fieldsOf(value);
  const { delegation_depth: depth } = fields;
  // Unknown depth counts as the deepest: a fuse fails closed.
  return { ...fields, delegation_depth: typeof depth === 'number' ? depth : Number.MAX_SAFE_INTEGER };
}

function decisionContextOf(value: unknown): DecisionContext {
  const fields = fieldsOf(value);
  const count = (name: string): number => (typeof fields[name] === 'number' ? fields[name] : 0);
  return {
    workspaces: count('workspaces'),
    paused: count('paused'),
    running: count('running'),
    freeWorkers: count('freeWorkers'),
    resources: textsOf(fields.resources),
  };
}
