/** Adding tasks. */
import type { ErrorCode } from '../core/errors.ts';
import { PodiumError } from '../core/errors.ts';
import { approvedLeft } from '../core/fuses/fuseBox.ts';
import type { TripDraft } from '../core/fuses/trip.ts';
import type { Instant, TaskId, WorkspaceId } from '../core/model.ts';
import type { Admission, AdmissionPolicy, TaskDraft } from '../core/ports.ts';
import { never } from './dueTimes.ts';
import { familyOf } from './families.ts';
import type { Ledger } from './ledger.ts';
import type { TaskHead } from './rows.ts';
import { textOf } from './rows.ts';
import { outdatePrerequisites } from './scoring.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

type Refused = Extract<Admission, { kind: 'refused' }>;

/** A trip that is to be noted in a transaction of its own, for that of the batch leaves nothing. */
export interface RefusedTrip {
  readonly workspaceId: WorkspaceId;
  readonly draft: TripDraft;
}

/** Leaves the transaction, so that nothing of a batch remains when one of it is refused. */
class BatchRefused extends Error {
  readonly admission: Refused;
  /** What a fuse has to say, besides. */
  readonly trip: RefusedTrip | undefined;

  constructor(admission: Refused, trip?: RefusedTrip) {
    super(admission.message);
    this.admission = admission;
    this.trip = trip;
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
export function refusalOf(
  thrown: unknown,
): { readonly admission: Refused; readonly trip: RefusedTrip | undefined } | undefined {
  return thrown instanceof BatchRefused ? thrown : undefined;
}

function refuse(code: ErrorCode, message: string, trip?: RefusedTrip): never {
  throw new BatchRefused({ kind: 'refused', code, message }, trip);
}

/** @param waiting told the sequences of the tasks that wait for others */
function insertTask(ledger: Ledger, draft: TaskDraft, now: Instant, waiting: number[]): Admission {
  const { database } = ledger;
  const existing = existingChild(ledger, draft);
  if (existing !== undefined) return { kind: 'existing', id: existing };
  const home = ledger.workspace(draft.workspaceId);
  if (home === undefined) return refuse('unknown-workspace', 'The folder of the task is not known here.');
  const { sequence: parent, root, pass } = placeOf(ledger, draft, now);
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
    JSON.stringify(pass.contextData),
    draft.title,
    draft.description,
  );
  if (database.changed === 0) return { kind: 'existing', id: draft.id };
  if (ledger.judging) database.write(writes.awaitOpinion, sequence);
  if (root !== null) settleChild(ledger, sequence, root, home.key, pass);
  if (draft.likeness !== undefined) database.write(writes.setLikeness, draft.likeness, sequence);
  for (const need of needs) database.write(writes.insertDependency, sequence, need.sequence);
  if (needs.length > 0) waiting.push(sequence);
  ledger.heads.touch(lane.key);
  ledger.due.note(home.key, changesAt);
  return {
    kind: 'added',
    id: draft.id,
    score: score.value,
    ...(pass.question === undefined ? {} : { asks: true }),
  };
}

/** What the fuses have said of a sub-task besides that it may be. */
function settleChild(ledger: Ledger, sequence: number, root: number, workspace: number, pass: Pass): void {
  const { database } = ledger;
  if (ledger.trips.holds(root)) database.write(writes.setHeld, 1, sequence);
  if (pass.notBefore !== undefined) {
    const at = Math.ceil(pass.notBefore);
    database.write(writes.setNotBefore, at, sequence);
    ledger.due.note(workspace, at);
  }
  if (pass.question !== undefined) database.write(writes.askFirst, pass.question, JSON.stringify([sequence]));
  if (pass.usesApproval !== true) return;
  const [task] = ledger.tasks(database.rows(reads.taskBySequence, root));
  if (task === undefined) return;
  const context = { ...task.contextData, approved_left: approvedLeft(task) - 1 };
  database.write(writes.setContext, JSON.stringify(context), root);
}

/** The child of the same parent with the same key: the draft was added before. */
function existingChild(ledger: Ledger, draft: TaskDraft): TaskId | undefined {
  if (draft.parentId === null || draft.createKey === null) return undefined;
  const parent = ledger.head(draft.parentId);
  if (parent === undefined) return undefined;
  const child = ledger.database.row(reads.childByKey, parent.sequence, draft.createKey);
  return textOf(child) as TaskId | undefined;
}

type Pass = Exclude<ReturnType<AdmissionPolicy>, { readonly refused: ErrorCode }>;

/** Parent and root as rows, and what the admission policy says; a root of its own is null. */
function placeOf(
  ledger: Ledger,
  draft: TaskDraft,
  now: Instant,
): { readonly sequence: number | null; readonly root: number | null; readonly pass: Pass } {
  const parent = draft.parentId === null ? null : (ledger.task(draft.parentId) ?? null);
  if (draft.parentId !== null && ledger.head(draft.parentId)?.stopped === true)
    return refuse(
      'tree-stopped',
      `“${(parent?.title ?? '').slice(0, 60)}” is being stopped: finish, and make no more tasks.`,
    );
  if (draft.parentId !== null && parent === null)
    return refuse('unknown-task', 'The task that asked for this one does not exist any more.');
  const pass = ledger.policies.admit(draft, parent === null ? null : familyOf(ledger, parent, now), now);
  if ('refused' in pass) {
    const { refused, message, trip } = pass;
    return refuse(refused, message, trip && { workspaceId: draft.workspaceId, draft: trip });
  }
  const root = pass.rootId === draft.id ? null : ledger.head(pass.rootId)?.sequence;
  if (root === undefined)
    throw new PodiumError('unknown-task', 'The admission policy named an unknown root.');
  return { sequence: parent?.sequence ?? null, root, pass };
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
