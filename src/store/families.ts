/** What the fuses ask of the rows: lazily, for most questions are never put. */
import type { Answers, FuseId } from '../core/fuses/trip.ts';
import type { EndFacts, Family, StartFacts } from '../core/fuses/family.ts';
import type { Instant, Task } from '../core/model.ts';
import type { Ledger } from './ledger.ts';
import type { TaskHead } from './rows.ts';
import { numberOf, numbersOf } from './rows.ts';
import { reads } from './reads.ts';

/** No family is so large that more than this is of interest. */
const countLimit = 10_000;
/** Deeper ancestors than any limit allows are not looked for. */
const longestPath = 1_000;
const day = 86_400_000;

export function familyOf(ledger: Ledger, parent: Task): Family {
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
    offspring: (last) => {
      const [completed = 0, children = 0] = numbersOf(ledger.database.row(reads.offspring, root, last) ?? []);
      return { completed, children };
    },
    answers: (fuse) => answersOf(ledger, key, fuse, root),
  };
}

export function startFacts(ledger: Ledger, workspace: number): StartFacts {
  return {
    startedSince: (since, limit) =>
      numberOf(ledger.database.row(reads.executions, workspace, since, limit + 1)) ?? 0,
    answers: (fuse) => answersOf(ledger, workspace, fuse, null),
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
    answers: (fuse, tree) => answersOf(ledger, workspace, fuse, tree ? root : null),
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

function answersOf(ledger: Ledger, workspace: number, fuse: FuseId, root: number | null): Answers {
  const [byUser, byTime, last] = ledger.database.row(reads.answers, workspace, fuse, root) ?? [];
  return {
    byUser: typeof byUser === 'number' ? byUser : 0,
    byTime: typeof byTime === 'number' ? byTime : 0,
    last: typeof last === 'number' ? last : null,
  };
}
