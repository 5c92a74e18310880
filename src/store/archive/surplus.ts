/** Which finished tasks may leave the database, and how they do. */
import type { Instant, Task, TaskId, WorkspaceId } from '../../core/model.ts';
import type { Ledger } from '../ledger.ts';
import { removeTasks } from '../removing.ts';
import { Cells } from '../cells.ts';
import { reads } from '../reads.ts';
import { writes } from '../statements.ts';
import { countsOf } from '../viewing.ts';
import type { Surplus } from './archiveWriter.ts';

/** Tasks and characters of one portion: with its lines and its deletion some milliseconds. */
const portion = { tasks: 50, characters: 256 * 1024 };

/** @returns undefined when no more than `keep` are finished or none of them may go */
export function surplusOf(ledger: Ledger, workspaceId: WorkspaceId, keep: number): Surplus | undefined {
  const home = ledger.workspace(workspaceId);
  if (home === undefined) return undefined;
  const { completed, failed, cancelled } = countsOf(ledger, home.key);
  const excess = completed + failed + cancelled - keep;
  if (excess <= 0) return undefined;
  const tasks = oldest(ledger, home.key, excess);
  return tasks.length === 0 ? undefined : { workspaceId, workspaceName: home.workspace.name, excess, tasks };
}

/** Deletes the tasks and keeps the note; false when they, or what may go, are not what they were. */
export function releaseSurplus(
  ledger: Ledger,
  { workspaceId, excess, tasks }: Surplus,
  note: { readonly name: string; readonly text: string },
  now: Instant,
): boolean {
  const home = ledger.workspace(workspaceId);
  if (home === undefined) return false;
  if (JSON.stringify(oldest(ledger, home.key, excess)) !== JSON.stringify(tasks)) return false;
  const ids: readonly TaskId[] = tasks.map(({ id }) => id);
  removeTasks(ledger, ids, now);
  ledger.database.write(writes.putNote, note.name, note.text);
  return true;
}

/** Whole trees, as far as they fit; of one that does not, its latest tasks, so that parents go after their children. */
function oldest(ledger: Ledger, workspace: number, excess: number): readonly Task[] {
  const { database } = ledger;
  const found: Task[] = [];
  let characters = 0;
  for (const [root] of database.rows(reads.archivable, workspace, portion.tasks)) {
    if (found.length >= excess) return found;
    for (const row of database.rows(reads.treeSizes, Number(root), portion.tasks)) {
      const cells = new Cells(row);
      const sequence = cells.number();
      characters += cells.number();
      const full = found.length >= portion.tasks || characters > portion.characters;
      if (full && found.length > 0) return found;
      found.push(...ledger.tasks(database.rows(reads.taskBySequence, sequence)));
    }
  }
  return found;
}
