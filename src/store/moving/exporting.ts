/** Reads the tasks of a workspace for another store, and lets go of them when that has them. */
import { PodiumError } from '../../core/errors.ts';
import type { Instant, TaskId, WorkspaceId } from '../../core/model.ts';
import { Cells, textsOf } from '../cells.ts';
import type { Row } from '../database.ts';
import type { Ledger } from '../ledger.ts';
import { removeTasks } from '../removing.ts';
import { dependentsOf } from '../scoring.ts';
import { reads } from '../reads.ts';
import { writes } from '../statements.ts';
import { letGoOfFuses } from './fuseState.ts';
import { soundCells } from './workspaceDump.ts';
import type { DumpedTask } from './workspaceDump.ts';

/** Asked about a task whose prerequisite went to another store. */
export const partedQuestion =
  'It waited for a task of another folder, whose tasks are kept elsewhere now: run it?';

/**
 * Some tasks of a workspace after `sequence`, in order of creation.
 * @returns them, and where to go on; null after the last
 * @throws PodiumError `task-running` when one of them runs, `store-corrupt`
 */
export function exportSome(
  ledger: Ledger,
  workspaceId: WorkspaceId,
  after: number,
  limit: number,
): { readonly tasks: readonly DumpedTask[]; readonly next: number | null } {
  const home = ledger.workspace(workspaceId);
  if (home === undefined) return { tasks: [], next: null };
  const rows = ledger.database.rows(reads.moving, home.key, after, limit);
  const last = rows.at(-1)?.[0];
  return {
    tasks: rows.map((row) => dumped(ledger, row)),
    next: rows.length < limit || typeof last !== 'number' ? null : last,
  };
}

function dumped(ledger: Ledger, row: Row): DumpedTask {
  const [
    sequence,
    lane,
    parent,
    root,
    finishedAt,
    needs,
    partsFromNeed,
    time,
    deferrals,
    likeness,
    status,
    ...rest
  ] = row;
  if (status === 'running') throw new PodiumError('task-running', 'One of these tasks is still running.');
  const names = new Cells([
    rest[0],
    parent,
    root,
    needs,
    finishedAt,
    lane,
    time,
    deferrals,
    likeness,
    sequence,
  ]);
  const id = names.text() as TaskId;
  const parentId = names.textOrNull() as TaskId | null;
  const rootId = (names.textOrNull() ?? id) as TaskId;
  const cells = soundCells(rest);
  if (cells === undefined) throw new PodiumError('store-corrupt', 'One of these tasks cannot be read.');
  return {
    id,
    parent: parentId,
    root: rootId,
    needs: textsOf(names.json()) as TaskId[],
    finishedAt: names.numberOrNull(),
    signature: ledger.signature(names.number()),
    partsFromNeed: partsFromNeed === 1,
    cells,
    use: { time: names.count(), deferrals: names.count(), likeness: names.textOrNull() },
  };
}

/**
 * Deletes the tasks of a workspace that are on their way to another store and keeps a note of that, in one. A pause and
 * what fuses know go with them. Tasks of other workspaces that waited for one of them ask before they run.
 * @throws PodiumError `task-running`
 */
export function letGo(
  ledger: Ledger,
  workspaceId: WorkspaceId,
  ids: readonly TaskId[],
  note: { readonly name: string; readonly text: string },
  now: Instant,
): void {
  const { database } = ledger;
  const leaving = ids.flatMap((id) => ledger.head(id) ?? []);
  const unmet = leaving.filter(({ status }) => status !== 'completed').map(({ sequence }) => sequence);
  const gone = new Set(leaving.map(({ sequence }) => sequence));
  const left = dependentsOf(ledger, unmet).filter(({ sequence }) => !gone.has(sequence));
  removeTasks(ledger, ids, now);
  if (left.length > 0) {
    database.write(writes.askFirst, partedQuestion, JSON.stringify(left.map(({ sequence }) => sequence)));
    for (const { lane } of left) ledger.heads.touch(lane);
  }
  const key = ledger.workspace(workspaceId)?.key;
  if (key !== undefined) letGoOfFuses(ledger, key, now);
  const home = ledger.workspace(workspaceId);
  if (home !== undefined && home.workspace.pause !== null) {
    ledger.changeWorkspaces(() => database.write(writes.setPause, null, null, null, home.key));
  }
  database.write(writes.putNote, note.name, note.text);
}
