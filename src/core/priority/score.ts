/**
 * The score of a task: what was judged plus live arithmetic on facts. Pure, integer, and explainable: every part is
 * kept, so "why this one next?" has an answer. The sum is not clamped; only the judgement is.
 */
import type { Instant, PriorityLevel, ScoreParts } from '../model.ts';
import { earliest } from './earliest.ts';
import { goalWords } from './goalWords.ts';
import { levelValue } from './judgement.ts';
import { atLevel } from './verdict.ts';

/** Everything a score depends on. */
export interface ScoreFacts {
  /** What a model thinks it is worth, before the level moves it; null while nobody has judged it. */
  readonly judged: number | null;
  readonly priority: PriorityLevel;
  /** Points the user has added, or taken away. */
  readonly boost: number;
  /** Unfinished tasks that wait for this one, directly or through others, each counted once. */
  readonly dependents: number;
  readonly text: string;
  readonly goal: string;
  readonly dueAt: Instant | null;
  readonly createdAt: Instant;
}

export interface Score {
  readonly value: number;
  readonly parts: ScoreParts;
  /** When a part changes by the passing of time alone; null when it never will. */
  readonly changesAt: Instant | null;
}

/** How tasks are scored; the store runs it inside its transactions. `now` is wall-clock milliseconds. */
export type ScorePolicy = (facts: ScoreFacts, now: Instant) => Score;

/** The search for dependents stops here: beyond it the unblocking term has saturated to within six per cent. */
export const dependentsBound = 64;

const hour = 3_600_000;
const day = 24 * hour;

/** Points by the time left, tightest first. */
const deadlineSteps: readonly (readonly [left: number, points: number])[] = [
  [0, 300],
  [hour, 250],
  [4 * hour, 150],
  [day, 75],
];

/** Points by age, youngest first; together never above 300, so waiting alone never outweighs a judgement by more. */
const ageSteps: readonly (readonly [age: number, points: number])[] = [
  [day, 40],
  [3 * day, 100],
  [7 * day, 190],
  [14 * day, 300],
];

/** Judgement plus live terms; without a model the level the user chose stands for the judgement. */
export const scoreOf: ScorePolicy = (facts, now) => {
  const deadline = deadlineStep(facts.dueAt, now);
  const age = ageStep(facts.createdAt, now);
  const parts: ScoreParts = {
    judgement: facts.judged === null ? levelValue[facts.priority] : atLevel(facts.judged, facts.priority),
    unblocking: unblocking(facts.dependents),
    goal: goalLink(facts.text, facts.goal),
    deadline: deadline.points,
    age: age.points,
    boost: facts.boost,
  };
  const value = Object.values<number>({ ...parts }).reduce((sum, points) => sum + points, 0);
  return { value, parts, changesAt: earliest(deadline.changesAt, age.changesAt) };
};

/**
 * Concave and saturating: 120 points for the first dependent, 429 for ten (more than the 400 between high and low),
 * 600 at most. A hyperbola (Michaelis-Menten form) because it needs one constant besides the ceiling.
 */
function unblocking(dependents: number): number {
  return Math.round((600 * dependents) / (dependents + 4));
}

/** Up to 150 points by the share of the goal's words found in the task, see `goalWords`. */
function goalLink(text: string, goal: string): number {
  const wanted = goalWords(goal);
  if (wanted.size === 0) return 0;
  const present = goalWords(text);
  let all = 0;
  let found = 0;
  for (const [word, weight] of wanted) {
    all += weight;
    if (present.has(word)) found += weight;
  }
  return Math.round((150 * found) / all);
}

interface Step {
  readonly points: number;
  readonly changesAt: Instant | null;
}

function deadlineStep(dueAt: Instant | null, now: Instant): Step {
  if (dueAt === null) return { points: 0, changesAt: null };
  const left = dueAt - now;
  let changesAt: Instant | null = null;
  for (const [limit, points] of deadlineSteps) {
    if (left <= limit) return { points, changesAt };
    changesAt = dueAt - limit;
  }
  return { points: 0, changesAt };
}

function ageStep(createdAt: Instant, now: Instant): Step {
  let points = 0;
  for (const [limit, value] of ageSteps) {
    if (now - createdAt < limit) return { points, changesAt: createdAt + limit };
    points = value;
  }
  return { points, changesAt: null };
}
