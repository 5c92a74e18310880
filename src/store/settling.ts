/** The life of a claim after its dispatch: where its process is, and how it ended. Fenced by the claim's number. */
import { next } from '../core/lifecycle.ts';
import { isFinished } from '../core/model.ts';
import type { Instant, Launch, ProcessIdentity } from '../core/model.ts';
import type { ClaimRef, RunUse, Settlement } from '../core/ports.ts';
import { endFacts } from './families.ts';
import type { Ledger } from './ledger.ts';
import { headOf, launchOf, textOf } from './rows.ts';
import type { TaskHead } from './rows.ts';
import { recountDependents } from './scoring.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';
import { endTripsOfFinished, noteTrip } from './tripping.ts';

const day = 86_400_000;

/** @returns false, changing nothing, when the claim is not the current one of a running task */
export function settleClaim(ledger: Ledger, ref: ClaimRef, reported: Settlement, now: Instant): boolean {
  const head = runningClaim(ledger, ref);
  if (head === undefined) return false;
  const settlement = head.stopped ? lastWord(head, reported) : reported;
  const status = next(head.status, settlement.event);
  const used = useOf(settlement);
  const {
    attempts = 0,
    interruptions = 0,
    question = null,
    notBefore = null,
    ...rest
  } = changesOf(settlement);
  const { error = null, result = null } = rest;
  const until = notBefore !== null && notBefore > now ? Math.ceil(notBefore) : null;
  ledger.database.write(
    writes.settleRun,
    status,
    attempts,
    interruptions,
    question,
    error?.code ?? null,
    error?.message ?? null,
    result,
    until,
    isFinished(status) ? now : null,
    used.tokens,
    used.costMicros,
    head.sequence,
    used.duration,
    settlement.event === 'defer' ? 1 : 0,
  );
  if (status === 'pending') ledger.database.write(writes.queueFrom, until ?? now, head.sequence);
  if (until !== null) ledger.due.note(head.workspace, until);
  if (status === 'pending') ledger.heads.touch(head.lane);
  if (isFinished(status)) recountDependents(ledger, [head.sequence]);
  noteSpend(ledger, head, used, now);
  askFuses(ledger, head, used, now);
  if (isFinished(status)) endTripsOfFinished(ledger, head.root, head.workspace, now);
  return true;
}

/** What a person has stopped does not wait once more, neither for a worker nor for an answer. */
function lastWord(head: TaskHead, reported: Settlement): Settlement {
  if (isFinished(next(head.status, reported.event))) return reported;
  return { ...useOf(reported), event: 'cancel' };
}

/** In whole numbers. */
function useOf({ tokens = 0, costMicros = 0, duration = 0 }: RunUse): Required<RunUse> {
  const whole = (amount: number): number => Math.max(0, Math.round(amount));
  return { tokens: whole(tokens), costMicros: whole(costMicros), duration: whole(duration) };
}

function noteSpend(
  { database }: Ledger,
  { workspace }: TaskHead,
  { tokens, costMicros }: Required<RunUse>,
  now: Instant,
): void {
  if (tokens === 0 && costMicros === 0) return;
  const today = Math.floor(now / day);
  database.write(writes.pruneSpend, workspace, today);
  database.write(writes.addSpend, workspace, today, tokens, costMicros);
}

/** A task of a person's without sub-tasks that has used nothing is no matter for a fuse. */
function askFuses(
  ledger: Ledger,
  head: TaskHead,
  { tokens, costMicros }: Required<RunUse>,
  now: Instant,
): void {
  const { database, policies } = ledger;
  const isAlone =
    head.root === head.sequence && database.row(reads.madeChildren, head.sequence, 1)?.[0] !== 1;
  if (isAlone && tokens + costMicros === 0) return;
  const [task] = ledger.tasks(database.rows(reads.taskBySequence, head.sequence));
  if (task === undefined) return;
  for (const trip of policies.ended(endFacts(ledger, task, head, now), now))
    noteTrip(ledger, task.workspaceId, trip, now);
}

/** Notes where a claim runs. @returns false when the claim is over */
export function noteLaunch(ledger: Ledger, ref: ClaimRef, launch: Launch): boolean {
  const head = runningClaim(ledger, ref);
  if (head === undefined) return false;
  ledger.database.write(writes.setLaunch, JSON.stringify(launch), head.sequence);
  return true;
}

/** Notes which process a launch became. @returns false when the claim is over or was never launched */
export function noteProcess(ledger: Ledger, ref: ClaimRef, process: ProcessIdentity): boolean {
  const head = runningClaim(ledger, ref);
  if (head === undefined) return false;
  const stored = textOf(ledger.database.row(reads.launch, head.sequence));
  const launch = stored === undefined ? null : launchOf(JSON.parse(stored));
  return launch !== null && noteLaunch(ledger, ref, { ...launch, process });
}

function runningClaim(ledger: Ledger, ref: ClaimRef): TaskHead | undefined {
  const row = ledger.database.row(reads.runningClaim, ref.taskId, ref.claim);
  return row === undefined ? undefined : headOf(row);
}

interface Changes {
  readonly attempts?: number;
  readonly interruptions?: number;
  readonly question?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly result?: string | null;
  readonly notBefore?: Instant | null;
}

function changesOf(settlement: Settlement): Changes {
  switch (settlement.event) {
    case 'complete':
      return { result: settlement.result };
    case 'fail':
      return { attempts: 1, error: settlement.error, result: settlement.result };
    case 'retry':
      return { attempts: 1, error: settlement.error, notBefore: settlement.notBefore };
    case 'defer':
      return { notBefore: settlement.notBefore };
    case 'ask':
      return { question: settlement.question };
    case 'suspend':
      return { interruptions: 1, question: settlement.question };
    case 'interrupt':
      return { interruptions: 1, notBefore: settlement.notBefore };
    case 'cancel':
      return {};
  }
}
