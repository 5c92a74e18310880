/** Puts the tasks of a workspace that come from another store into this one. */
import { statuses } from '../../core/model.ts';
import type { Pause, TaskId } from '../../core/model.ts';
import { never } from '../dueTimes.ts';
import type { Ledger } from '../ledger.ts';
import { outdatePrerequisites, recount } from '../scoring.ts';
import type { Dependent } from '../scoring.ts';
import { writes } from '../statements.ts';
import { takeInFuses } from './fuseState.ts';
import { partedQuestion } from './exporting.ts';
import { movedCells } from './workspaceDump.ts';
import type { DumpedTask, WorkspaceDump } from './workspaceDump.ts';

const statusCell = Object.keys(movedCells).indexOf('status');
const questionCell = Object.keys(movedCells).indexOf('question');
const judgedCell = Object.keys(movedCells).indexOf('judged');

/**
 * Inserts every task that is not here yet, with all it is and was; within a transaction.
 * @returns how many were not here
 */
export function importTasks(ledger: Ledger, { workspace, tasks, fuses }: WorkspaceDump): number {
  const { database } = ledger;
  const key = openWorkspace(ledger, workspace, fuses);
  const added: { readonly task: DumpedTask; readonly sequence: number; readonly lane: number }[] = [];
  for (const task of tasks) {
    if (ledger.head(task.id) !== undefined) continue;
    const sequence = ledger.nextSequence();
    const lane = ledger.lane(key, task.signature).key;
    const parent = task.parent === null ? null : (ledger.head(task.parent)?.sequence ?? null);
    // A root that is not here was put into the archive: then the parent's tree is the tree, or it is one of its own.
    const root = task.root === task.id ? sequence : (ledger.head(task.root)?.sequence ?? parent ?? sequence);
    const finished = task.finishedAt !== null;
    const cells = [...task.cells];
    if (task.partsFromNeed && statusOf(task) === 'pending') {
      cells[statusCell] = 'needs_input';
      cells[questionCell] = partedQuestion;
    }
    const opinion = ledger.judging && cells[judgedCell] === null && !finished ? 1 : null;
    database.write(
      writes.insertMovedTask,
      sequence,
      key,
      lane,
      parent,
      root,
      finished ? null : 0,
      opinion,
      ...cells,
    );
    if (database.changed === 0) continue; // Its parent has another child of the same key: it is that one.
    if (task.use !== undefined) {
      const { time, deferrals, likeness } = task.use;
      database.write(writes.setUse, time, deferrals, likeness, sequence);
    }
    added.push({ task, sequence, lane });
    ledger.heads.touch(lane);
  }
  const waiting: Dependent[] = [];
  for (const { task, sequence, lane } of added) {
    const needs = new Set(task.needs.flatMap((id: TaskId) => ledger.head(id)?.sequence ?? []));
    for (const need of needs) database.write(writes.insertDependency, sequence, need);
    if (needs.size > 0) waiting.push({ sequence, lane });
  }
  recount(ledger, waiting);
  outdatePrerequisites(
    ledger,
    waiting.map(({ sequence }) => sequence),
    'more',
  );
  if (fuses !== undefined) takeInFuses(ledger, key, fuses);
  ledger.due.note(key, added.length === 0 ? never : 0);
  return added.length;
}

function statusOf({ cells }: DumpedTask): (typeof statuses)[number] | undefined {
  return statuses.find((status) => status === cells[statusCell]);
}

/**
 * The workspace's row; it keeps a goal of its own, and a pause of either store holds. One by a fuse comes with what the
 * fuse has said; where that did not come along it is a person's to end.
 */
function openWorkspace(
  ledger: Ledger,
  { id, uri, name, goal, pause: brought }: WorkspaceDump['workspace'],
  fuses: WorkspaceDump['fuses'],
): number {
  const isOfFuse = brought?.by === 'fuse' && fuses !== undefined;
  const pause: Pause | null = brought === null || isOfFuse ? null : { ...brought, by: 'user' };
  const known = ledger.workspace(id);
  const { database } = ledger;
  let key = known?.key ?? 0;
  ledger.changeWorkspaces((nextKey) => {
    key = known?.key ?? nextKey;
    if (known === undefined) database.write(writes.putWorkspace, key, id, uri, name);
    if (goal !== '' && (known?.workspace.goal ?? '') === '') database.write(writes.setGoal, goal, key);
    if (pause !== null && (known?.workspace.pause ?? null) === null) {
      database.write(writes.setPause, Math.round(pause.at), pause.by, pause.reason, key);
    }
  });
  return key;
}
