/** A finished task as history keeps it: what a person may want to look up years later, parsed from any older line. */
import { priorityLevels } from '../model.ts';
import type {
  AgentId,
  Creator,
  Instant,
  Milliseconds,
  PriorityLevel,
  Task,
  TaskError,
  TaskId,
  WorkspaceId,
} from '../model.ts';

const pastStatuses = ['completed', 'failed', 'cancelled'] as const;
export type PastStatus = (typeof pastStatuses)[number];

export interface PastTask {
  readonly id: TaskId;
  readonly workspaceId: WorkspaceId;
  /** Name of the folder when the task was put away. */
  readonly workspaceName: string;
  readonly title: string;
  readonly description: string;
  readonly agentId: AgentId;
  /** Program and arguments; null for agents that take none. */
  readonly argv: readonly string[] | null;
  readonly priority: PriorityLevel;
  readonly score: number;
  readonly status: PastStatus;
  readonly result: string | null;
  readonly error: TaskError | null;
  readonly parentId: TaskId | null;
  readonly rootId: TaskId;
  /** The tasks it waited for that were still at hand when it was put away. */
  readonly needs: readonly TaskId[];
  readonly createdBy: Creator;
  readonly createdAt: Instant;
  readonly startedAt: Instant | null;
  readonly finishedAt: Instant;
  readonly dueAt: Instant | null;
  readonly timeout: Milliseconds | null;
  readonly claim: number;
  readonly attempt: number;
  readonly interruptions: number;
  readonly tokens: number;
  /** Millionths of the currency the price list is in. */
  readonly costMicros: number;
}

/** A task of today as history shows it; undefined while it is not finished. */
export function pastOf(task: Task, workspaceName: string): PastTask | undefined {
  const { id, workspaceId, title, description, agentId, priority, score, result, error } = task;
  const { parentId, rootId, needs, createdBy, createdAt, startedAt, finishedAt, dueAt, timeout } = task;
  const { claim, attempt, interruptions, tokens, costMicros } = task;
  const status = pastStatuses.find((known) => known === task.status);
  if (status === undefined || finishedAt === null) return undefined;
  return {
    id,
    workspaceId,
    workspaceName,
    title,
    description,
    agentId,
    argv: task.input.argv ?? null,
    priority,
    score,
    status,
    result,
    error,
    parentId,
    rootId,
    needs,
    createdBy,
    createdAt,
    startedAt,
    finishedAt,
    dueAt,
    timeout,
    claim,
    attempt,
    interruptions,
    tokens,
    costMicros,
  };
}

/**
 * What a line of the archive says, or undefined when it does not say what every task has: an id, a folder, a title, how
 * it ended and when. Anything else that is missing or of another kind is taken as nothing.
 */
export function parsePast(value: unknown): PastTask | undefined {
  const from = new Fields(value);
  const [id, workspaceId, title] = [from.text('id'), from.text('workspaceId'), from.text('title')];
  const status = from.oneOf('status', pastStatuses);
  const finishedAt = from.number('finishedAt');
  if (id === null || workspaceId === null || title === null) return undefined;
  if (status === undefined || finishedAt === null) return undefined;
  return {
    id: id as TaskId,
    workspaceId: workspaceId as WorkspaceId,
    workspaceName: from.text('workspaceName') ?? '',
    title,
    description: from.text('description') ?? '',
    agentId: (from.text('agentId') ?? '') as AgentId,
    argv: from.texts('argv'),
    priority: from.oneOf('priority', priorityLevels) ?? 'medium',
    score: from.number('score') ?? 0,
    status,
    result: from.text('result'),
    error: errorOf(from.field('error')),
    parentId: from.text('parentId') as TaskId | null,
    rootId: (from.text('rootId') ?? id) as TaskId,
    needs: (from.texts('needs') ?? []) as readonly TaskId[],
    createdBy: from.oneOf('createdBy', ['user', 'agent']) ?? 'user',
    createdAt: from.number('createdAt') ?? finishedAt,
    startedAt: from.number('startedAt'),
    finishedAt,
    dueAt: from.number('dueAt'),
    timeout: from.number('timeout'),
    claim: from.number('claim') ?? 0,
    attempt: from.number('attempt') ?? 0,
    interruptions: from.number('interruptions') ?? 0,
    tokens: from.number('tokens') ?? 0,
    costMicros: from.number('costMicros') ?? 0,
  };
}

function errorOf(value: unknown): TaskError | null {
  const from = new Fields(value);
  const code = from.text('code');
  return code === null ? null : { code, message: from.text('message') ?? '' };
}

/** Takes the fields of anything. */
class Fields {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(value: unknown) {
    this.#fields = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  }

  field(name: string): unknown {
    return this.#fields.get(name);
  }

  text(name: string): string | null {
    const value = this.field(name);
    return typeof value === 'string' ? value : null;
  }

  number(name: string): number | null {
    const value = this.field(name);
    return typeof value === 'number' && Number.isFinite(value) ? value : null;
  }

  texts(name: string): readonly string[] | null {
    const value = this.field(name);
    return Array.isArray(value) ? value.filter((part) => typeof part === 'string') : null;
  }

  oneOf<T extends string>(name: string, words: readonly T[]): T | undefined {
    const value = this.field(name);
    return words.find((word) => word === value);
  }
}
