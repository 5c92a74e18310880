/**
 * The trace of the priority workload: 1,000 tasks, each of the 100 intents in each of its 10 wordings once, in one
 * workspace with one goal. The same seed gives the same trace, on any machine.
 */
import { goalLinks, languages, readGoals, readIntents } from './data/pairs.ts';
import type { ArtefactKind, Goal, GoalLink, Language } from './data/pairs.ts';
import { shuffled } from './draws.ts';
import { seededRandom } from '../support/seededChance.ts';

/** The seeds every system is run with, in pairs. */
export const traceSeeds = [1, 2, 3, 4, 5, 6, 7, 8] as const;

export interface TraceTask {
  /** Which intent the text words; for the judge only, never shown to what is judged. */
  readonly intent: number;
  readonly language: Language;
  /** Which of the five wordings of that language, 0-4. */
  readonly wording: number;
  readonly text: string;
  /** Intrinsic value, 0-1000. */
  readonly value: number;
  readonly consumes: readonly ArtefactKind[];
  /** Tasks that wait for it and are not themselves in the trace, 0-20. */
  readonly dependents: number;
  /** Age when it arrives, in days with a fraction, 0 up to but not including 30. */
  readonly ageDays: number;
  readonly goalLink: GoalLink;
}

export interface PriorityTrace {
  readonly seed: number;
  readonly goal: Goal;
  /** In order of arrival, which tells nothing about anything else. */
  readonly tasks: readonly TraceTask[];
}

/** The trace of a seed. The goals take turns by seed, so that eight seeds see all of them. */
export function priorityTrace(seed: number): PriorityTrace {
  const random = seededRandom(seed);
  const goals = readGoals();
  const turn = (((seed - 1) % goals.length) + goals.length) % goals.length;
  const goal = goals[turn];
  if (goal === undefined) throw new Error('goals.json holds no goal');
  const tasks = readIntents().flatMap((intent) =>
    languages.flatMap((language) =>
      intent[language].map((text, wording): TraceTask => ({
        intent: intent.id,
        language,
        wording,
        text,
        value: intent.value,
        consumes: intent.consumes,
        dependents: drawDependents(random),
        ageDays: drawAge(random),
        goalLink: intent.serves[turn] ?? goalLinks[0],
      })),
    ),
  );
  return { seed, goal, tasks: shuffled(tasks, random) };
}

/** Nobody waits for six tasks in ten; for the others a few do, seldom many: exponential with mean 4, 1 to 20. */
function drawDependents(random: () => number): number {
  if (random() < 0.6) return 0;
  return Math.min(20, 1 + Math.floor(-4 * Math.log(1 - random())));
}

/** Most tasks are young: half are under eight days, a quarter over sixteen. */
function drawAge(random: () => number): number {
  return 30 * random() ** 2;
}
