/** What is read: the pictures screens draw and the agendas the loop plans by. */
import { namesShared } from '../core/arbitration/requirements.ts';
import { noTasks } from '../core/metrics/snapshot.ts';
import type { Task, TaskId, WorkspaceId } from '../core/model.ts';
import type {
  Agenda,
  Counts,
  Decision,
  PictureFilter,
  StorePicture,
  WorkspacePicture,
} from '../core/ports.ts';
import { never } from './dueTimes.ts';
import type { Ledger } from './ledger.ts';
import { decisionOf, numberOf } from './rows.ts';
import type { WorkspaceRow } from './rows.ts';
import { reads } from './reads.ts';

export function countsOf(ledger: Ledger, workspace: number): Counts {
  const counts: Record<string, number> = { ...noTasks };
  for (const [state, count] of ledger.database.rows(reads.tally, workspace)) {
    if (typeof state === 'string' && typeof count === 'number' && state in noTasks) counts[state] = count;
  }
  return { ...noTasks, ...counts };
}

/** Reads one workspace from the rows: also the heads of its lanes, should memory ever disagree. */
export function agendaOf(ledger: Ledger, workspaceId: WorkspaceId): Agenda | undefined {
  const row = ledger.workspace(workspaceId);
  if (row === undefined) return undefined;
  ledger.heads.touchAll(ledger.lanesOf(row.key));
  const counts = countsOf(ledger, row.key);
  const nextAt = Math.min(ledger.due.read(row.key), ledger.trips.nextEnd(row.key) ?? never);
  return {
    workspaceId,
    ready: counts.ready,
    running: counts.running,
    unfinished: unfinishedCount(counts),
    counts,
    nextAt: nextAt === never ? null : nextAt,
  };
}

export function unfinishedTasks(ledger: Ledger, workspaceId: WorkspaceId, limit: number): readonly Task[] {
  const row = ledger.workspace(workspaceId);
  if (row === undefined) return [];
  const open = (['running', 'attention', 'held', 'blocked', 'scheduled'] as const).flatMap((state) =>
    openTasks(ledger, row.key, state, limit),
  );
  const ready = ledger
    .lanesOf(row.key)
    .flatMap(({ key }) => ledger.tasks(ledger.database.rows(reads.readyByAge, key, limit)));
  return [...open, ...ready].sort((a, b) => a.sequence - b.sequence).slice(0, limit);
}

export function decisionFor(ledger: Ledger, taskId: TaskId): Decision | undefined {
  const row = ledger.database.row(reads.decision, taskId);
  return row === undefined ? undefined : decisionOf(row);
}

/** One workspace as the screens show it. */
export function workspacePicture(
  ledger: Ledger,
  { key, workspace }: WorkspaceRow,
  limit: number,
  finishedLimit: number,
  filter?: PictureFilter,
): WorkspacePicture {
  const counts = countsOf(ledger, key);
  if (filter !== undefined) return filteredPicture(ledger, { key, workspace }, limit, finishedLimit, filter);
  const shown: Task[] = [];
  const groups: readonly ((left: number) => readonly Task[])[] = [
    (left) => openTasks(ledger, key, 'running', left),
    (left) => openTasks(ledger, key, 'attention', left),
    (left) => readyTasks(ledger, key, left),
    (left) => openTasks(ledger, key, 'held', left),
    (left) => openTasks(ledger, key, 'scheduled', left),
    (left) => openTasks(ledger, key, 'blocked', left),
  ];
  for (const group of groups) if (shown.length < limit) shown.push(...group(limit - shown.length));
  const tasks = withAncestors(ledger, shown);
  const ids = new Set(tasks.map(({ id }) => id));
  const finished = ledger
    .tasks(ledger.database.rows(reads.finished, key, finishedLimit))
    .filter(({ id }) => !ids.has(id));
  const unfinishedShown = tasks.filter(({ finishedAt }) => finishedAt === null).length;
  return {
    workspace,
    counts,
    tasks,
    more: Math.max(0, unfinishedCount(counts) - unfinishedShown),
    finished,
  };
}

/** What fits a filter, and the ancestors of it. */
function filteredPicture(
  ledger: Ledger,
  { key, workspace }: WorkspaceRow,
  limit: number,
  finishedLimit: number,
  { states, agents, text }: PictureFilter,
): WorkspacePicture {
  const wants = (state: keyof Counts): boolean => states === undefined || states.includes(state);
  const words = text === undefined || text === '' ? null : text;
  const wish = [agents === undefined ? null : JSON.stringify(agents), words?.toLowerCase() ?? null, words];
  const open = (state: keyof Counts): readonly Task[] =>
    wants(state)
      ? ledger.tasks(ledger.database.rows(reads.openFiltered, key, state, limit + 1, ...wish))
      : [];
  const ready = wants('ready')
    ? ledger
        .lanesOf(key)
        .flatMap((lane) =>
          ledger.tasks(ledger.database.rows(reads.readyFiltered, lane.key, null, limit + 1, ...wish)),
        )
        .sort(byRank)
    : [];
  const groups = [
    open('running'),
    open('attention'),
    ready,
    open('held'),
    open('scheduled'),
    open('blocked'),
  ].flat();
  const tasks = withAncestors(ledger, groups.slice(0, limit));
  const ids = new Set(tasks.map(({ id }) => id));
  const ended = JSON.stringify((['completed', 'failed', 'cancelled'] as const).filter(wants));
  const finished = ledger
    .tasks(ledger.database.rows(reads.finishedFiltered, key, ended, finishedLimit, ...wish))
    .filter(({ id }) => !ids.has(id));
  return {
    workspace,
    counts: countsOf(ledger, key),
    tasks,
    more: groups.length > limit ? null : 0,
    finished,
  };
}

export function runningSignatures(ledger: Ledger): readonly string[] {
  return ledger.database.rows(reads.running).map((row) => ledger.signature(numberOf(row) ?? 0));
}

/** How many are ready with each signature that names something shared, in all folders together. */
export function readySignatures({ heads, database }: Ledger): StorePicture['ready'] {
  const counts = new Map<string, number>();
  for (const [key, { signature }] of heads.ready()) {
    if (!namesShared(signature)) continue;
    const count = numberOf(database.row(reads.readyInLane, key)) ?? 0;
    counts.set(signature, (counts.get(signature) ?? 0) + count);
  }
  return [...counts];
}

function openTasks(
  ledger: Ledger,
  workspace: number,
  state: 'running' | 'attention' | 'held' | 'blocked' | 'scheduled',
  limit: number,
): Task[] {
  return ledger.tasks(ledger.database.rows(reads.open, workspace, state, limit));
}

/** The ready tasks of all lanes of a workspace, best first. */
function readyTasks(ledger: Ledger, workspace: number, limit: number): Task[] {
  return ledger
    .lanesOf(workspace)
    .flatMap(({ key }) => ledger.tasks(ledger.database.rows(reads.readyByRank, key, limit)))
    .sort(byRank)
    .slice(0, limit);
}

/** The order of `task_rank`: pinned first by their key, then score, then age. */
function byRank(a: Task, b: Task): number {
  if (a.pin !== b.pin) return (a.pin ?? Infinity) - (b.pin ?? Infinity);
  return b.score - a.score || a.sequence - b.sequence;
}

/** Adds the tasks above those shown, so that every sub-task has its place in the tree. */
function withAncestors(ledger: Ledger, shown: readonly Task[]): readonly Task[] {
  const known = new Map(shown.map((task) => [task.id, task]));
  for (const task of shown) {
    for (let id = task.parentId; id !== null && !known.has(id);) {
      const parent = ledger.task(id);
      if (parent === undefined) break;
      known.set(id, parent);
      id = parent.parentId;
    }
  }
  return [...known.values()];
}

function unfinishedCount(counts: Counts): number {
  return counts.ready + counts.held + counts.blocked + counts.scheduled + counts.running + counts.attention;
}
