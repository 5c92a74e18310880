/** What the simulated model knows of the texts of a trace, and the words it calls them by. */
import { readIntents } from '../data/pairs.ts';
import { utility, worthForGoal } from '../oracle.ts';
import type { PriorityTrace, TraceTask } from '../priorityTrace.ts';
import type { Truth } from './simulatedModel.ts';

/** Words that name no concept, in both languages of the data. */
const fillers = new Set(
  (
    'a an the of on in to for and or with by from at as is are be it its this that our my we i you us me your their ' +
    'il lo la i gli le un uno una di a da in con su per tra fra del dello della dei degli delle al allo alla ai agli ' +
    'alle dal dalla sul sullo sulla sui sugli sulle nel nella e o ed che si ci mi ti vi ne'
  ).split(' '),
);
const conceptLimit = 8;

/** The words of a text that say something, lower case, each once. */
export function conceptsOf(text: string): readonly string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+(?:[.'’-][\p{L}\p{N}]+)*/gu) ?? [];
  return [...new Set(words.filter((word) => !fillers.has(word)))];
}

/**
 * Canonical concepts of every intent, English and the same for all its wordings, as the prompt asks for them: the
 * words of its first English wording that say something.
 */
export function canonicalConcepts(): ReadonlyMap<number, readonly string[]> {
  return new Map(readIntents().map(({ id, en }) => [id, conceptsOf(en[0] ?? '').slice(0, conceptLimit)]));
}

/** By text. */
export function truthsOf({ tasks }: Pick<PriorityTrace, 'tasks'>): Map<string, Truth> {
  const concepts = canonicalConcepts();
  return new Map(
    tasks.map((task) => [
      task.text,
      { worth: worthForGoal(task), concepts: concepts.get(task.intent) ?? [] },
    ]),
  );
}

/** What waiting for a task of the trace costs, to the oracle. */
export function utilityOf(task: TraceTask): number {
  return utility({ ...task, hoursLeft: null });
}
