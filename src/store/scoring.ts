/** Keeps scores up to date: marks what a change touches, and brings due scores and due retries up to date in portions. */
import type { Instant } from '../core/model.ts';
import { dependentsBound } from '../core/priority/score.ts';
import type { Score } from '../core/priority/score.ts';
import { priorityLevels } from '../core/model.ts';
import { never } from './dueTimes.ts';
import type { Ledger } from './ledger.ts';
import { numberOf, numbersOf } from './rows.ts';
import { endDueTrips } from './tripping.ts';
import { reads } from './reads.ts';
import { writes } from './statements.ts';

/**
 * What one pass brings up to date, in plain rows: some 5 ms. A row with many dependents or a long description counts
 * for several. The rest follows in the next pass.
 */
const portion = 150;
const dependentsPerRow = 10;
const charactersPerRow = 1_500;
/** No task has so many dependents: nothing stops the search. */
const unbounded = Number.MAX_SAFE_INTEGER;

/** `more`: the tasks now wait for something; counts beyond the bound of the score need no update. */
export type GraphChange = 'more' | 'fewer';

/** Everything unfinished that `tasks` wait for, directly or through others, has a score that is out of date. */
export function outdatePrerequisites(ledger: Ledger, tasks: readonly number[], change: GraphChange): void {
  if (tasks.length === 0) return;
  const bound = change === 'more' ? dependentsBound : unbounded;
  for (const row of ledger.database.write(writes.outdatePrerequisites, JSON.stringify(tasks), bound)) {
    const [workspace] = numbersOf(row);
    if (workspace !== undefined) ledger.due.note(workspace, 0);
  }
}

/** Counts anew what the direct dependents of `tasks` wait for, after these changed their status or went away. */
export function recountDependents(ledger: Ledger, tasks: readonly number[]): void {
  recount(ledger, dependentsOf(ledger, tasks));
}

export interface Dependent {
  readonly sequence: number;
  readonly lane: number;
}

export function dependentsOf(ledger: Ledger, tasks: readonly number[]): Dependent[] {
  return ledger.database.rows(reads.waitingFor, JSON.stringify(tasks)).map((row) => {
    const [sequence = 0, lane = 0] = numbersOf(row);
    return { sequence, lane };
  });
}

export function recount(ledger: Ledger, tasks: readonly Dependent[]): void {
  if (tasks.length === 0) return;
  ledger.database.write(writes.recount, JSON.stringify(tasks.map(({ sequence }) => sequence)));
  for (const { lane } of tasks) ledger.heads.touch(lane);
}

/** Ends waiting times that are over and renews scores that are due, a portion at most. */
export function catchUp(ledger: Ledger, now: Instant): void {
  endDueTrips(ledger, now);
  let left = portion;
  for (const workspace of ledger.due.reached(now)) {
    for (const row of ledger.database.rows(reads.dueScheduled, workspace, now, Math.ceil(left))) {
      const [sequence = 0, lane = 0] = numbersOf(row);
      ledger.database.write(writes.promoteToQueue, sequence);
      ledger.heads.touch(lane);
      left -= 1;
    }
    for (const row of ledger.database.rows(reads.dueScores, workspace, now, Math.max(0, Math.ceil(left)))) {
      const [sequence = 0] = numbersOf(row);
      left -= rescore(ledger, sequence, now);
      if (left <= 0) break;
    }
    ledger.due.read(workspace);
    if (left <= 0) break;
  }
}

/**
 * Renews the score of one unfinished task.
 * @returns what it took, in plain rows
 */
export function rescore(ledger: Ledger, sequence: number, now: Instant): number {
  const row = ledger.database.row(reads.facts, sequence) ?? [];
  const [workspace, lane, level, title, description, dueAt, createdAt, judged, boost, id, ...before] = row;
  if (typeof workspace !== 'number' || typeof lane !== 'number') return 0;
  const dependents = numberOf(ledger.database.row(reads.dependents, sequence, dependentsBound)) ?? 0;
  const text = `${String(title)}\n${String(description)}`;
  const score = ledger.policies.score(
    {
      priority: priorityLevels.find((known) => known === level) ?? 'medium',
      // Without a judge the level the user chose counts, whatever was judged before.
      judged: ledger.judging && typeof judged === 'number' ? judged : null,
      boost: typeof boost === 'number' ? boost : 0,
      dependents,
      text,
      goal: ledger.workspaceByKey(workspace).goal,
      dueAt: typeof dueAt === 'number' ? dueAt : null,
      createdAt: typeof createdAt === 'number' ? createdAt : now,
    },
    now,
  );
  const { judgement, unblocking, goal, deadline, age } = score.parts;
  const changesAt = score.changesAt ?? never;
  ledger.database.write(
    writes.setScore,
    score.value,
    judgement,
    unblocking,
    goal,
    deadline,
    age,
    dependents,
    changesAt,
    sequence,
  );
  noteChange(ledger, String(id), before.map(Number), score, now);
  ledger.heads.touch(lane);
  ledger.due.note(workspace, changesAt);
  return 1 + dependents / dependentsPerRow + text.length / charactersPerRow;
}

/** @param before value and parts as they were, in the order in which `reads.facts` gives them */
function noteChange(ledger: Ledger, id: string, before: readonly number[], now: Score, at: Instant): void {
  const [score = 0, judgement = 0, unblocking = 0, goal = 0, deadline = 0, age = 0] = before;
  if (score === now.value) return;
  // A boost changes nothing else, and what it was before is in the difference.
  const boost = score - judgement - unblocking - goal - deadline - age;
  ledger.changes.note(id, { at, score, parts: { judgement, unblocking, goal, deadline, age, boost } });
}
