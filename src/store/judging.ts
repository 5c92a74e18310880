/** Who waits for a judgement, and what was judged; all within the caller's transaction. */
import type { Instant, TaskId, WorkspaceId } from '../core/model.ts';
import type { Judgement } from '../core/priority/judgement.ts';
import type {
  AwaitingJudgement,
  CachedJudgement,
  JudgingRound,
  Opinion,
  ReadyCount,
  TaskVerdict,
  UnjudgedTask,
} from '../core/priority/judgementStore.ts';
import { Cells, textsOf } from './cells.ts';
import type { Row } from './database.ts';
import type { Ledger } from './ledger.ts';
import { numberOf, numbersOf } from './rows.ts';
import { rescore } from './scoring.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';
import { countsOf } from './viewing.ts';

/** Most judgements kept of things that mean the same. */
export const keptJudgements = 10_000;
/** Titles of prerequisites shown with a task. */
const upstreamLimit = 5;
/** Rows looked at for examples, and examples found. */
const exampleRows = 500;
const exampleLimit = 40;
const day = 86_400_000;

const opinionNumber: Readonly<Record<Opinion, number>> = { first: 1, second: 2 };

export function awaitingIn(ledger: Ledger): readonly AwaitingJudgement[] {
  if (!ledger.judging) return [];
  return ledger.database.rows(reads.awaitingOpinion).map((row) => {
    const [workspace = 0, first = 0, second = 0] = numbersOf(row);
    return { workspaceId: ledger.workspaceId(workspace), first, second };
  });
}

export function readyIn(ledger: Ledger): readonly ReadyCount[] {
  return ledger.database.rows(reads.readyCounts).map((row) => {
    const [workspace = 0, count = 0] = numbersOf(row);
    const workspaceId = ledger.workspaceId(workspace);
    return { workspaceId, count, isPaused: ledger.paused.has(workspaceId) };
  });
}

export function roundOf(ledger: Ledger, workspaceId: WorkspaceId, limit: number, now: Instant): JudgingRound {
  const { key, workspace } = ledger.knownWorkspace(workspaceId);
  const first = unjudged(ledger, key, 'first', limit);
  const second = unjudged(ledger, key, 'second', limit - first.length);
  const oldest = oldestReady(ledger, workspaceId);
  return {
    tasks: [...first, ...second],
    context: {
      goal: workspace.goal,
      blocked: countsOf(ledger, key).blocked,
      oldestDays: oldest === null ? 0 : Math.max(0, now - oldest) / day,
    },
    examples: ledger.database.rows(reads.judgedExamples, key, exampleRows, exampleLimit).map((row) => {
      const cells = new Cells(row);
      return { title: cells.text(), value: cells.number() };
    }),
  };
}

function unjudged(ledger: Ledger, workspace: number, opinion: Opinion, limit: number): UnjudgedTask[] {
  if (limit <= 0) return [];
  const { database } = ledger;
  return database.rows(reads.unjudged, workspace, opinionNumber[opinion], limit).map((row) => {
    const cells = new Cells(row);
    const sequence = cells.number();
    return {
      id: cells.text() as TaskId,
      title: cells.text(),
      description: cells.text(),
      opinion,
      upstream: database
        .rows(reads.upstreamTitles, sequence, upstreamLimit)
        .map((upstream) => new Cells(upstream).text()),
    };
  });
}

/** When the ready task was created that has waited longest. */
function oldestReady(ledger: Ledger, workspaceId: WorkspaceId): Instant | null {
  let oldest: number | undefined;
  for (const lane of ledger.heads.ready().values()) {
    if (lane.workspaceId !== workspaceId) continue;
    oldest = Math.min(oldest ?? Infinity, lane.oldest.sequence);
  }
  return oldest === undefined ? null : numberOf(ledger.database.row(reads.createdAt, oldest));
}

/** Gives tasks their judgement and, at once, the score that follows from it. */
export function giveVerdicts(ledger: Ledger, verdicts: readonly TaskVerdict[], at: Instant): void {
  for (const { taskId, title, description, unconfirmed, ...judged } of verdicts) {
    const row = ledger.database.row(reads.verdictFacts, taskId);
    if (row === undefined) continue;
    const cells = new Cells(row);
    const sequence = cells.number();
    const says = { title: cells.text(), description: cells.text() };
    const isUnfinished = cells.number() === 1;
    const judgement: Judgement = { ...judged, at, version: cells.number() + 1 };
    if (!isUnfinished || says.title !== title || says.description !== description) continue;
    const opinion = unconfirmed && ledger.judging ? opinionNumber.second : null;
    ledger.database.write(writes.setJudged, JSON.stringify(judgement), opinion, sequence);
    rescore(ledger, sequence, at);
  }
}

export function keepJudgements(ledger: Ledger, said: readonly CachedJudgement[]): void {
  const { database } = ledger;
  for (const one of said) {
    database.write(
      writes.putJudgement,
      one.key,
      one.said,
      one.reason,
      JSON.stringify(one.concepts),
      one.model,
      one.promptVersion,
      one.rounds,
      one.at,
    );
  }
  const surplus = (numberOf(database.row(reads.judgementCount)) ?? 0) - keptJudgements;
  if (surplus > 0) database.write(writes.pruneJudgements, surplus);
}

export function cachedJudgement(row: Row): CachedJudgement {
  const cells = new Cells(row);
  return {
    key: cells.text(),
    said: cells.number(),
    reason: cells.text(),
    concepts: textsOf(cells.json()),
    model: cells.text(),
    promptVersion: cells.number(),
    rounds: cells.number(),
    at: cells.number(),
  };
}
