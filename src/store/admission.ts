/** Adding tasks. */
import type { ErrorCode } from '../core/errors.ts';
import { PodiumError } from '../core/errors.ts';
import type { ContextData, Instant, TaskId } from '../core/model.ts';
import type { Admission, TaskDraft } from '../core/ports.ts';
import { never } from './dueTimes.ts';
import type { Ledger } from './ledger.ts';
import type { TaskHead } from './rows.ts';
import { textOf } from './rows.ts';
import { outdatePrerequisites } from './scoring.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

type Refused = Extract<Admission, { kind: 'refused' }>;

/** Leaves the transaction, so that nothing of a batch remains when one of it is refused. */
class BatchRefused extends Error {
  readonly admission: Refused;

  constructor(admission: Refused) {
    super(admission.message);
    this.admission = admission;
  }
}

/** Inserts all drafts, or none. Within a transaction of `addTasks`. */
export function insertTasks(
  ledger: Ledger,
  drafts: readonly TaskDraft[],
  now: Instant,
): readonly Admission[] {
  const waiting: number[] = [];
  const admissions = drafts.map((draft) => insertTask(ledger, draft, now, waiting));
  outdatePrerequisites(ledger, waiting, 'more');
  return admissions;
}

/** The answer to every draft of a batch that was given up, or undefined when `thrown` is something else. */
export function refusalOf(thrown: unknown): Refused | undefined {
  return thrown instanceof BatchRefused ? thrown.admission : undefined;
}

function refuse(code: ErrorCode, message: string): never {
  throw new BatchRefused({ kind: 'refused', code, message });
}

/** @param waiting told the sequences of the tasks that wait for others */
function insertTask(ledger: Ledger, draft: TaskDraft, now: Instant, waiting: number[]): Admission {
  const { database } = ledger;
  const existing = existingChild(ledger, draft);
  if (existing !== undefined) return { kind: 'existing', id: existing };
  const home = ledger.workspace(draft.workspaceId);
  if (home === undefined) return refuse('unknown-workspace', 'The folder of the task is not known here.');
  const { sequence: parent, root, contextData } = placeOf(ledger, draft);
  const needs = needsOf(ledger, draft.needs);
  const createdAt = Math.min(Math.round(draft.createdAt), now);
  const dueAt = wholeOrNull(draft.dueAt);
  const score = ledger.policies.score(
    {
      priority: draft.priority,
      judged: null,
      boost: 0,
      dependents: 0,
      text: `${draft.title}\n${draft.description}`,
      goal: home.workspace.goal,
      dueAt,
      createdAt,
    },
    now,
  );
  const sequence = ledger.nextSequence();
  const lane = ledger.lane(home.key, draft.signature);
  const { judgement, unblocking, goal, deadline, age } = score.parts;
  const changesAt = score.changesAt ?? never;
  database.write(
    writes.insertQueuedTask,
    sequence,
    draft.id,
    home.key,
    lane.key,
    draft.agentId,
    draft.priority,
    needs.filter(({ status }) => status !== 'completed').length,
    needs.filter(({ status }) => status === 'failed' || status === 'cancelled').length,
    score.value,
    judgement,
    unblocking,
    goal,
    deadline,
    age,
    changesAt,
    parent,
    root ?? sequence,
    draft.createKey,
    draft.createdBy,
    dueAt,
    wholeOrNull(draft.timeout),
    createdAt,
    JSON.stringify(draft.requiredResources),
    JSON.stringify(draft.input),
    JSON.stringify(contextData),
    draft.title,
    draft.description,
  );
  if (database.changed === 0) return { kind: 'existing', id: draft.id };
  if (ledger.judging) database.write(writes.awaitOpinion, sequence);
  for (const need of needs) database.write(writes.insertDependency, sequence, need.sequence);
  if (needs.length > 0) waiting.push(sequence);
  ledger.heads.touch(lane.key);
  ledger.due.note(home.key, changesAt);
  return { kind: 'added', id: draft.id, score: score.value };
}

/** The child of the same parent with the same key: the draft was added before. */
function existingChild(ledger: Ledger, draft: TaskDraft): TaskId | undefined {
  if (draft.parentId === null || draft.createKey === null) return undefined;
  const parent = ledger.head(draft.parentId);
  if (parent === undefined) return undefined;
  const child = ledger.database.row(reads.childByKey, parent.sequence, draft.createKey);
  return textOf(child) as TaskId | undefined;
}

/** Parent and root as rows, and the context that the admission policy gives; a root of its own is null. */
function placeOf(
  ledger: Ledger,
  draft: TaskDraft,
): { readonly sequence: number | null; readonly root: number | null; readonly contextData: ContextData } {
  const parent = draft.parentId === null ? null : (ledger.task(draft.parentId) ?? null);
  if (draft.parentId !== null && parent === null)
    return refuse('unknown-task', 'The task that asked for this one does not exist any more.');
  const decision = ledger.policies.admit(draft, parent);
  if ('refused' in decision) return refuse(decision.refused, decision.message);
  const { rootId, contextData } = decision;
  const root = rootId === draft.id ? null : ledger.head(rootId)?.sequence;
  if (root === undefined)
    throw new PodiumError('unknown-task', 'The admission policy named an unknown root.');
  return { sequence: parent?.sequence ?? null, root, contextData };
}

function needsOf(ledger: Ledger, ids: readonly TaskId[]): TaskHead[] {
  return [...new Set(ids)].map((id) => {
    const head = ledger.head(id);
    return head ?? refuse('unknown-dependency', `There is no task "${id.slice(0, 80)}" to wait for.`);
  });
}

/** Instants and durations are whole milliseconds in the tables. */
function wholeOrNull(value: number | null): number | null {
  return value === null ? null : Math.round(value);
}
