/** The pass of the embedded engine: bring up to date, choose, mark as running; all in the caller's transaction. */
import type { Instant } from '../core/model.ts';
import type { Candidate, Choice, Claim, DispatchPolicy, Lane } from '../core/ports.ts';
import { startFacts } from './families.ts';
import type { Ledger } from './ledger.ts';
import { numberOf, numbersOf } from './rows.ts';
import { catchUp } from './scoring.ts';
import { noteTrip } from './tripping.ts';
import { putBuckets } from './buckets.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

/** Starts are remembered for longer than any window. */
const keptExecutions = 86_400_000;

/** Older decisions are forgotten. */
export const keptDecisions = 5_000;

export interface PassOptions {
  readonly policy: DispatchPolicy;
  readonly limit: number;
  readonly now: Instant;
  /** Generation of the owner. */
  readonly generation: number;
}

export function claimTasks(ledger: Ledger, options: PassOptions): readonly Claim[] {
  catchUp(ledger, options.now);
  if (options.limit <= 0) return [];
  const running = ledger.database.rows(reads.running).map((row) => ledger.signature(numbersOf(row)[0] ?? 0));
  const claims: Claim[] = [];
  const house = surveyOf(ledger);
  let lanes = grantable(house.open, options, running);
  while (claims.length < options.limit) {
    const choice = options.policy.choose(lanes);
    if (choice === undefined) break;
    if (!mayStart(ledger, choice, options.now)) {
      lanes = lanes.filter(({ workspaceId }) => workspaceId !== choice.lane.workspaceId);
      continue;
    }
    const {
      lane: key,
      task,
      readySince,
      decisionId,
    } = claimOne(ledger, choice, options, {
      ...house.context,
      running: running.length,
      freeWorkers: options.limit - claims.length,
      resources: [...new Set(running)].filter((signature) => signature !== ''),
    });
    claims.push({ task, readySince, decisionId });
    running.push(task.signature);
    if (claims.length === options.limit) break;
    const head = ledger.heads.head(key);
    lanes.splice(lanes.indexOf(choice.lane), 1, ...(head === undefined ? [] : [head]));
    // More running can only take away; a task that needs nothing takes away nothing but its folder's turn.
    if (task.signature !== '') lanes = grantable(lanes, options, running);
    else if (!options.policy.mayRun(task.workspaceId))
      lanes = lanes.filter(({ workspaceId }) => workspaceId !== task.workspaceId);
  }
  const last = claims.at(-1)?.decisionId ?? 0;
  if (last > keptDecisions) ledger.database.write(writes.pruneDecisions, last - keptDecisions);
  return claims;
}

/** Asks the fuses about a task that an agent made, unless a person has approved it, and counts its start. */
function mayStart(ledger: Ledger, { lane, candidate }: Choice, now: Instant): boolean {
  const [createdBy, approval] = ledger.database.row(reads.maker, candidate.sequence) ?? [];
  if (createdBy !== 'agent' || approval === 'given') return true;
  const { key } = ledger.knownWorkspace(lane.workspaceId);
  const trip = ledger.policies.started(startFacts(ledger, key, now), now);
  if (trip === null) {
    ledger.database.write(writes.pruneExecutions, key, now - keptExecutions);
    ledger.database.write(writes.noteExecution, key, now);
    return true;
  }
  noteTrip(ledger, lane.workspaceId, trip, now);
  return false;
}

/** The lanes of workspaces that are not paused, and what a decision says of the house. */
function surveyOf(ledger: Ledger): {
  readonly open: readonly Lane[];
  readonly context: { readonly workspaces: number; readonly paused: number };
} {
  const lanes = [...ledger.heads.ready().values()];
  const { workspaces } = ledger.heads;
  if (ledger.paused.size === 0) return { open: lanes, context: { workspaces, paused: 0 } };
  const isPaused = ({ workspaceId }: Lane): boolean => ledger.paused.has(workspaceId);
  const paused = new Set(lanes.filter(isPaused).map(({ workspaceId }) => workspaceId)).size;
  return { open: lanes.filter((lane) => !isPaused(lane)), context: { workspaces, paused } };
}

/**
 * The lanes of which something may start: the policy lets their workspace, and their signature is free. Each signature
 * is asked for once, and none for a workspace that may not start anything: nothing is kept for what would not use it.
 */
function grantable(
  lanes: readonly Lane[],
  { policy, now }: Pick<PassOptions, 'policy' | 'now'>,
  running: readonly string[],
): Lane[] {
  const answers = new Map<string, boolean>();
  return lanes.filter(({ workspaceId, signature }) => {
    if (!policy.mayRun(workspaceId)) return false;
    let answer = answers.get(signature);
    if (answer === undefined) answers.set(signature, (answer = policy.grantable(signature, running, now)));
    return answer;
  });
}

interface House {
  readonly workspaces: number;
  readonly paused: number;
  readonly running: number;
  readonly freeWorkers: number;
  readonly resources: readonly string[];
}

function claimOne(
  ledger: Ledger,
  choice: Choice,
  { policy, now, generation }: PassOptions,
  house: House,
): Claim & { readonly lane: number } {
  const { database } = ledger;
  const { candidate, reason, top } = choice;
  // An instant of a clock that was ahead is no instant to wait from.
  const readySince = Math.min(now, numberOf(database.row(reads.readySince, candidate.sequence)) ?? now);
  database.write(writes.claim, generation, now, candidate.sequence);
  const [task] = ledger.tasks(database.rows(reads.taskBySequence, candidate.sequence));
  if (task === undefined) throw new Error('The policy chose a task that is not there.');
  const lane = ledger.lane(ledger.knownWorkspace(task.workspaceId).key, task.signature).key;
  ledger.heads.take(lane, candidate.sequence);
  putBuckets(ledger, policy.take(choice, now));
  const decisionId = ledger.nextDecision();
  database.write(
    writes.insertDecision,
    decisionId,
    task.id,
    task.claim,
    now,
    reason,
    candidate.score,
    JSON.stringify(top.map(cellsOf)),
    JSON.stringify(house),
  );
  return { lane, task, readySince, decisionId };
}

/** A candidate in the order of `candidateColumns`: half the length of its JSON. */
function cellsOf({ sequence, id, pin, score }: Candidate): readonly unknown[] {
  return [sequence, id, pin, score];
}
