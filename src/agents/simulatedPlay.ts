/**
 * What a simulated worker is told to play: a description that is JSON with a member `simulate`. It can make sub-tasks
 * that play the same, also under titles by turns, fail or ask: how fuses are tried out without any real agent.
 */
import type { AgentRun } from '../core/ports.ts';

export interface Play {
  /** Sub-tasks each run makes. */
  readonly children: number;
  /** Titles of the sub-tasks, by turns; without them they are numbered. */
  readonly titles: readonly string[];
  /** How long a run takes; as for any simulated one when absent. */
  readonly seconds?: number;
  readonly fails?: boolean;
  readonly asks?: string;
}

const mostChildren = 1_000;
const mostSeconds = 3_600;

/** The play a description holds, or undefined when it is an ordinary one. */
export function playOf(description: string): Play | undefined {
  if (!description.startsWith('{')) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(description);
  } catch {
    return undefined; // An ordinary text that begins with a brace.
  }
  const { simulate } = value as { readonly simulate?: unknown };
  if (typeof simulate !== 'object' || simulate === null) return undefined;
  const { children, titles, seconds, fails, asks } = simulate as Readonly<Record<string, unknown>>;
  return {
    children: within(children, mostChildren) ?? 0,
    titles: Array.isArray(titles) ? titles.filter((title): title is string => typeof title === 'string') : [],
    ...(within(seconds, mostSeconds) === undefined ? {} : { seconds: within(seconds, mostSeconds) ?? 0 }),
    ...(typeof fails === 'boolean' ? { fails } : {}),
    ...(typeof asks === 'string' ? { asks } : {}),
  };
}

/** Makes the sub-tasks of a play, which play the same. @returns what those were told that were refused */
export async function createAll(run: AgentRun, { children, titles }: Play): Promise<readonly string[]> {
  const { title, description } = run.task;
  const refusals: string[] = [];
  for (let index = 0; index < children; index += 1) {
    const others = titles.filter((one) => one !== title);
    const named = others[index % Math.max(1, others.length)] ?? titles[0];
    const answer = await run.createSubTask({ title: named ?? `${title}.${index + 1}`, description });
    if (answer.kind === 'refused') refusals.push(answer.message);
  }
  return refusals;
}

function within(value: unknown, most: number): number | undefined {
  return typeof value === 'number' && value >= 0 ? Math.min(value, most) : undefined;
}
