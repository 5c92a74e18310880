/** Who waits for a judgement, and what was judged; all within the caller's transaction. */
import type { Instant, TaskId, WorkspaceId } from '../core/model.ts';
import { frameOf } from '../core/priority/frame.ts';
import { freshness, renewsAt } from '../core/priority/freshness.ts';
import type { Judgement } from '../core/priority/judgement.ts';
import type {
  AwaitingJudgement,
  CachedJudgement,
  JudgingRound,
  Opinion,
  Readiness,
  TaskVerdict,
  UnjudgedTask,
} from '../core/priority/judgementStore.ts';
import { Cells, textsOf } from './cells.ts';
import type { Row } from './database.ts';
import { shown } from './laneHeads.ts';
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
/** Tasks of a workspace in whose company others may be shown. */
const companyLimit = 12;
/** Ready tasks of a workspace, nearest to their start, whose judgement is kept up to date; so many at least of a lane. */
const renewedTasks = 200;
const renewedOfLane = 5;
const day = 86_400_000;

/** A renewal is not waited for: what is due follows from what there is. */
const opinionNumber: Readonly<Record<Exclude<Opinion, 'renewal'>, number>> = { first: 1, second: 2 };

export function awaitingIn(ledger: Ledger): readonly AwaitingJudgement[] {
  if (!ledger.judging) return [];
  return ledger.database.rows(reads.awaitingOpinion).map((row) => {
    const [workspace = 0, first = 0, second = 0] = numbersOf(row);
    return { workspaceId: ledger.workspaceId(workspace), first, second };
  });
}

/** @param most how far the tasks of a lane are counted */
export function readinessIn(ledger: Ledger, most: number): Readiness {
  const lanes = [...ledger.heads.ready()]
    .filter(([, { workspaceId }]) => !ledger.paused.has(workspaceId))
    .map(([key, { workspaceId, signature, best }]) => {
      const isAll = best.length < shown;
      const count = isAll ? best.length : numberOf(ledger.database.row(reads.readyUpTo, key, most));
      return { workspaceId, signature, count: Math.min(most, count ?? 0) };
    });
  const running = ledger.database.rows(reads.running).map((row) => ledger.signature(numbersOf(row)[0] ?? 0));
  return { lanes, running };
}

/** @param model name of the judge */
export function roundOf(
  ledger: Ledger,
  workspaceId: WorkspaceId,
  model: string,
  limit: number,
  now: Instant,
): JudgingRound {
  const { key, workspace } = ledger.knownWorkspace(workspaceId);
  const frame = frameOf(workspaceId, workspace.goal, model);
  const first = unjudged(ledger, key, 'first', limit);
  const second = unjudged(ledger, key, 'second', limit - first.length);
  const old = outdated(ledger, workspaceId, frame, now);
  const oldest = oldestReady(ledger, workspaceId);
  return {
    tasks: [...first, ...second, ...old.tasks.slice(0, Math.max(0, limit - first.length - second.length))],
    renewAt: old.nextAt,
    context: {
      goal: workspace.goal,
      blocked: countsOf(ledger, key).blocked,
      oldestDays: oldest === null ? 0 : Math.max(0, now - oldest) / day,
    },
    examples: ledger.database.rows(reads.judgedExamples, key, exampleRows, frame, exampleLimit).map((row) => {
      const cells = new Cells(row);
      return { title: cells.text(), value: cells.number(), key: cells.text() };
    }),
    company: ledger.database.rows(reads.someWaiting, key, companyLimit).map((row) => {
      const cells = new Cells(row);
      return { id: cells.text() as TaskId, title: cells.text(), description: cells.text() };
    }),
  };
}

function unjudged(
  ledger: Ledger,
  workspace: number,
  opinion: keyof typeof opinionNumber,
  limit: number,
): UnjudgedTask[] {
  if (limit <= 0 || !ledger.judging) return [];
  return ledger.database
    .rows(reads.unjudged, workspace, opinionNumber[opinion], limit)
    .map((row) => unjudgedTask(ledger, new Cells(row), opinion));
}

/** @param cells the next are sequence, id, title and description */
function unjudgedTask(ledger: Ledger, cells: Cells, opinion: Opinion): UnjudgedTask {
  const sequence = cells.number();
  return {
    id: cells.text() as TaskId,
    title: cells.text(),
    description: cells.text(),
    opinion,
    upstream: upstreamOf(ledger, sequence),
  };
}

function upstreamOf(ledger: Ledger, sequence: number): string[] {
  return ledger.database
    .rows(reads.upstreamTitles, sequence, upstreamLimit)
    .map((row) => new Cells(row).text());
}

/**
 * Of the ready tasks nearest to their start, those whose judgement has grown old, or was made for another goal, by
 * another model or in other words; best first.
 */
function outdated(
  ledger: Ledger,
  workspaceId: WorkspaceId,
  frame: string,
  now: Instant,
): { readonly tasks: readonly UnjudgedTask[]; readonly nextAt: Instant | null } {
  if (!ledger.judging) return { tasks: [], nextAt: null };
  const lanes = [...ledger.heads.ready()].filter(([, lane]) => lane.workspaceId === workspaceId);
  const each = Math.max(renewedOfLane, Math.ceil(renewedTasks / Math.max(1, lanes.length)));
  const due: { readonly task: UnjudgedTask; readonly score: number }[] = [];
  let nextAt: Instant | null = null;
  for (const [lane] of lanes) {
    for (const row of ledger.database.rows(reads.judgedOfLane, lane, each)) {
      const cells = new Cells(row);
      const [key, at, score] = [cells.text(), cells.number(), cells.number()];
      const state = key.startsWith(frame) ? freshness(key, at, now) : 'expired';
      const isOld = state === 'renew' || state === 'expired';
      if (isOld) due.push({ task: unjudgedTask(ledger, cells, 'renewal'), score });
      else nextAt = Math.min(nextAt ?? Infinity, renewsAt(key, at) + 1);
    }
  }
  return { tasks: due.toSorted((a, b) => b.score - a.score).map(({ task }) => task), nextAt };
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

/**
 * Gives tasks their judgement and, at once, the score that follows from it. What was judged on something else than is
 * there by now is dropped, and the task goes on waiting.
 */
export function giveVerdicts(ledger: Ledger, verdicts: readonly TaskVerdict[], now: Instant): void {
  if (!ledger.judging) return;
  for (const { taskId, title, description, upstream, goal, unconfirmed, ...judged } of verdicts) {
    const row = ledger.database.row(reads.verdictFacts, taskId);
    if (row === undefined) continue;
    const cells = new Cells(row);
    const sequence = cells.number();
    const judgedOn = [ledger.workspaceByKey(cells.number()).goal, cells.text(), cells.text()];
    const isUnfinished = cells.number() === 1;
    const judgement: Judgement = { ...judged, at: Math.round(judged.at), version: cells.number() + 1 };
    const isSame = areSame(judgedOn, [goal, title, description]);
    if (!isUnfinished || !isSame || !areSame(upstreamOf(ledger, sequence), upstream)) continue;
    const opinion = unconfirmed ? opinionNumber.second : null;
    ledger.database.write(writes.setJudged, JSON.stringify(judgement), opinion, sequence);
    rescore(ledger, sequence, now);
  }
}

function areSame(these: readonly string[], those: readonly string[]): boolean {
  return these.length === those.length && these.every((text, place) => text === those[place]);
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
      Math.round(one.at),
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
