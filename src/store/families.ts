/** What the fuses ask of the rows: lazily, for most questions are never put. */
import { answersIn } from '../core/fuses/trip.ts';
import type { Answers, Ending, FuseId } from '../core/fuses/trip.ts';
import type { EndFacts, Family, StartFacts } from '../core/fuses/family.ts';
import type { Instant, Task, TaskId } from '../core/model.ts';
import type { Ledger } from './ledger.ts';
import type { TaskHead } from './rows.ts';
import { numberOf, numbersOf, textOf } from './rows.ts';
import { reads } from './reads.ts';

/** No family is so large that more than this is of interest. */
const countLimit = 10_000;
/** Deeper ancestors than any limit allows are not looked for. */
const longestPath = 1_000;
const day = 86_400_000;

export function familyOf(ledger: Ledger, parent: Task, now: Instant): Family {
  const path = pathOf(ledger, parent);
  const { key } = ledger.knownWorkspace(parent.workspaceId);
  const root = path.at(-1)?.sequence ?? parent.sequence;
  const count = (...query: Parameters<Ledger['database']['row']>): number =>
    numberOf(ledger.database.row(...query)) ?? 0;
  return {
    path,
    children: () => count(reads.madeChildren, parent.sequence, countLimit),
    treeSize: (task) => count(reads.madeUnder, task.sequence, countLimit),
    pending: (limit) => count(reads.madePending, key, limit + 1),
    createdSince: (since, limit) => count(reads.madeSince, key, since, limit + 1),
    offspring: (last, skip, since) => {
      const row = ledger.database.row(reads.offspring, root, last, skip, since) ?? [];
      const [completed = 0, children = 0] = numbersOf(row);
      return { completed, children };
    },
    isBlown: (fuse) => ledger.trips.find(key, root, fuse) !== undefined,
    twin: (likeness) =>
      (textOf(ledger.database.row(reads.twin, parent.sequence, likeness)) as TaskId | undefined) ?? null,
    answers: (fuse) => answersOf(ledger, { workspace: key, fuse, root }, now),
  };
}

export function startFacts(ledger: Ledger, workspace: number, now: Instant): StartFacts {
  return {
    startedSince: (since, limit) =>
      numberOf(ledger.database.row(reads.executions, workspace, since, limit + 1)) ?? 0,
    answers: (fuse) => answersOf(ledger, { workspace, fuse, root: null }, now),
  };
}

export function endFacts(ledger: Ledger, task: Task, head: TaskHead, now: Instant): EndFacts {
  const { workspace, root } = head;
  const { database } = ledger;
  const isRoot = root === head.sequence;
  return {
    task,
    root: isRoot ? task : (ledger.tasks(database.rows(reads.taskBySequence, root))[0] ?? task),
    isTree: !isRoot || database.row(reads.madeChildren, head.sequence, 1)?.[0] === 1,
    lastEnds: (since, limit) =>
      database
        .rows(reads.lastEnds, root, since, limit)
        .map(([status]) => (status === 'completed' ? 'completed' : 'failed')),
    used: () => {
      const [tokens = 0, costMicros = 0, time = 0] = numbersOf(database.row(reads.treeUse, root) ?? []);
      return { tokens, costMicros, time };
    },
    usedToday: () => {
      const row = database.row(reads.spend, workspace, Math.floor(now / day)) ?? [];
      const [tokens = 0, costMicros = 0] = numbersOf(row);
      return { tokens, costMicros };
    },
    answers: (fuse, tree, since) =>
      answersOf(ledger, { workspace, fuse, root: tree ? root : null }, now, since),
  };
}

/** From a task up to its root. */
function pathOf(ledger: Ledger, task: Task): readonly Task[] {
  const path = [task];
  for (let id = task.parentId; id !== null && path.length < longestPath;) {
    const above = ledger.task(id);
    if (above === undefined) break;
    path.push(above);
    id = above.parentId;
  }
  return path;
}

function answersOf(
  ledger: Ledger,
  place: { readonly workspace: number; readonly fuse: FuseId; readonly root: number | null },
  now: Instant,
  since?: Instant,
): Answers {
  const { workspace, fuse, root } = place;
  const endings = ledger.database
    .rows(reads.endings, workspace, fuse, root)
    .map(([at, endedAt, by]): Ending => ({
      at: Number(at),
      endedAt: Number(endedAt),
      by: by === 'user' ? 'user' : 'time',
    }));
  return answersIn(endings, now, since);
}
