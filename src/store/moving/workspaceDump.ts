/**
 * All tasks of one workspace, on their way from one store to another. It lies in a file in between, so it is parsed like
 * everything that comes from a disk.
 */
import { priorityLevels, statuses } from '../../core/model.ts';
import type { Instant, Milliseconds, Pause, TaskId, WorkspaceId } from '../../core/model.ts';
import { fieldsOf, listOf } from '../cells.ts';
import { parseFuseState } from './fuseState.ts';
import type { FuseState } from './fuseState.ts';

/** A dump of another version is not understood. */
const dumpVersion = 1;

export interface WorkspaceDump {
  readonly workspace: {
    readonly id: WorkspaceId;
    readonly uri: string;
    readonly name: string;
    readonly goal: string;
    readonly pause: Pause | null;
  };
  /** In order of creation, so each after its parent. */
  readonly tasks: readonly DumpedTask[];
  /** Absent when an older Podium has written it. */
  readonly fuses?: FuseState;
}

/** What one cell of a moved task may be; `?` for null as well. */
type CellKind = 'text' | 'text?' | 'number' | 'number?' | 'json' | 'json?';

/**
 * What moves with a task, in the order in which `reads.moving` gives it and `writes.insertMovedTask` takes it: all that
 * cannot be counted anew. Tasks are named by their ids, for their numbers belong to one store.
 */
export const movedCells = {
  id: 'text',
  agent_id: 'text',
  priority: 'text',
  status: 'text',
  claim: 'number',
  attempt: 'number',
  interruptions: 'number',
  score: 'number',
  judgement: 'number',
  unblocking: 'number',
  goal_link: 'number',
  deadline: 'number',
  age: 'number',
  boost: 'number',
  pin: 'number?',
  create_key: 'text?',
  created_by: 'text',
  not_before: 'number?',
  due_at: 'number?',
  timeout: 'number?',
  created_at: 'number',
  queued_at: 'number',
  started_at: 'number?',
  finished_at: 'number?',
  tokens: 'number',
  cost_micros: 'number',
  resources: 'json',
  input: 'json',
  context_data: 'json',
  title: 'text',
  question: 'text?',
  error_code: 'text?',
  error_message: 'text?',
  description: 'text',
  result: 'text?',
  judged: 'json?',
} as const satisfies Readonly<Record<string, CellKind>>;

export type MovedCells = readonly (string | number | null)[];

export interface DumpedTask {
  readonly id: TaskId;
  readonly parent: TaskId | null;
  readonly root: TaskId;
  readonly signature: string;
  readonly needs: readonly TaskId[];
  /** Whether one of its prerequisites belongs to another workspace, stays behind and is not completed. */
  readonly partsFromNeed: boolean;
  /** Finished at, or null. */
  readonly finishedAt: Instant | null;
  /** As `movedCells` lists them. */
  readonly cells: MovedCells;
  /** Of all its runs; absent when an older Podium has written it. */
  readonly use?: TaskUse;
}

export interface TaskUse {
  readonly time: Milliseconds;
  readonly deferrals: number;
  readonly likeness: string | null;
}

export function dumpText(dump: WorkspaceDump): string {
  return JSON.stringify({ version: dumpVersion, ...dump });
}

/** @returns undefined when the text is no dump of this version, whole and sound */
export function parseDump(text: string): WorkspaceDump | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Not whole; the caller says what that means.
  }
  const { version, workspace, tasks, fuses } = fieldsOf(value);
  const home = workspaceOf(workspace);
  if (version !== dumpVersion || home === undefined || !Array.isArray(tasks)) return undefined;
  const parsed = tasks.map(dumpedTask).filter((task) => task !== undefined);
  if (parsed.length !== tasks.length) return undefined;
  if (fuses === undefined) return { workspace: home, tasks: parsed };
  const state = parseFuseState(fuses);
  return state === undefined ? undefined : { workspace: home, tasks: parsed, fuses: state };
}

function workspaceOf(value: unknown): WorkspaceDump['workspace'] | undefined {
  const { id, uri, name, goal, pause } = fieldsOf(value);
  if (typeof id !== 'string' || typeof uri !== 'string') return undefined;
  if (typeof name !== 'string' || typeof goal !== 'string') return undefined;
  return { id: id as WorkspaceId, uri, name, goal, pause: pauseOf(pause) };
}

function pauseOf(value: unknown): Pause | null {
  const { at, by, reason } = fieldsOf(value);
  if (typeof at !== 'number') return null;
  return { at, by: by === 'fuse' ? 'fuse' : 'user', reason: typeof reason === 'string' ? reason : '' };
}

function dumpedTask(value: unknown): DumpedTask | undefined {
  const { id, parent, root, signature, needs, partsFromNeed, finishedAt, cells, use } = fieldsOf(value);
  if (typeof id !== 'string' || typeof root !== 'string' || typeof signature !== 'string') return undefined;
  if (!(parent === null || typeof parent === 'string')) return undefined;
  if (!(finishedAt === null || typeof finishedAt === 'number')) return undefined;
  if (!Array.isArray(needs) || !needs.every((need) => typeof need === 'string')) return undefined;
  const sound = soundCells(cells);
  const used = use === undefined ? null : useOf(use);
  if (sound === undefined || used === undefined) return undefined;
  return {
    id: id as TaskId,
    parent: parent as TaskId | null,
    root: root as TaskId,
    signature,
    needs: needs as TaskId[],
    partsFromNeed: partsFromNeed === true,
    finishedAt,
    cells: sound,
    ...(used === null ? {} : { use: used }),
  };
}

function useOf(value: unknown): TaskUse | undefined {
  const { time, deferrals, likeness } = fieldsOf(value);
  if (typeof time !== 'number' || typeof deferrals !== 'number') return undefined;
  if (!(likeness === null || typeof likeness === 'string')) return undefined;
  return { time, deferrals, likeness };
}

/** Cells that a task of any store may have; undefined when one of them is not, or the task runs. */
export function soundCells(value: unknown): MovedCells | undefined {
  const kinds = Object.entries<CellKind>(movedCells);
  const cells = listOf(value);
  if (cells.length !== kinds.length) return undefined;
  const sound = kinds.every(([name, kind], index) => fits(cells[index], kind) && knows(name, cells[index]));
  return sound ? (cells as MovedCells) : undefined;
}

function fits(cell: unknown, kind: CellKind): boolean {
  if (kind.endsWith('?') && cell === null) return true;
  switch (kind) {
    case 'text':
    case 'text?':
      return typeof cell === 'string';
    case 'number':
    case 'number?':
      return typeof cell === 'number' && Number.isFinite(cell);
    case 'json':
    case 'json?':
      return typeof cell === 'string' && isJson(cell);
  }
}

/** Words of which only some exist. */
function knows(name: string, cell: unknown): boolean {
  switch (name) {
    case 'status':
      return cell !== 'running' && statuses.some((status) => status === cell);
    case 'priority':
      return priorityLevels.some((level) => level === cell);
    case 'created_by':
      return cell === 'user' || cell === 'agent';
    default:
      return true;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
