/**
 * What runs of a kind use of shared resources though nobody has said so: learned from what they report, as a mean in
 * which recent runs weigh most (exponential smoothing). What is asked for changes only when the mean has moved away
 * from it, so that tasks which wait are not changed at every run. Pure.
 */
import type { AgentId } from '../model.ts';

interface Usage {
  readonly mean: number;
  /** What is asked for, in whole units. */
  readonly amount: number;
}

/** By resource. */
export type Habit = Readonly<Record<string, Usage>>;

/** Weight of the newest run. */
const newest = 0.3;
/** How far the mean may be from what is asked for: an amount, or a part of it where that is more. */
const slack = 0.75;
const slackShare = 0.3;
/** Below this it was a thing of the past. */
const least = 0.25;
/** Resources of one habit. */
const mostNames = 10;

/** Runs that are alike: of one agent, and where that is given a command line, of one program and its first word. */
export function doerOf(agentId: AgentId, argv: readonly string[] | undefined): string {
  const words = (argv ?? []).filter((word) => !word.startsWith('-')).slice(0, 2);
  return [agentId, ...words].map((word) => word.slice(0, 100)).join(' ');
}

/**
 * The habit after another run.
 * @param used what the run has used; of what the habit has and it does not name, nothing
 * @param isAll whether it told of everything; otherwise it tells nothing of what it does not name
 */
export function afterRun(habit: Habit, used: Readonly<Record<string, number>>, isAll: boolean): Habit {
  const names = [...new Set([...Object.keys(habit), ...Object.keys(used)])];
  const entries = names.flatMap((name): (readonly [string, Usage])[] => {
    const before = habit[name];
    const really = used[name] ?? (isAll ? 0 : undefined);
    if (really === undefined) return before === undefined ? [] : [[name, before]];
    const mean = before === undefined ? really : before.mean + newest * (really - before.mean);
    if (mean < least) return [];
    const may = Math.max(slack, slackShare * (before?.amount ?? 0));
    const holds = before !== undefined && Math.abs(mean - before.amount) <= may;
    return [[name, { mean, amount: holds ? before.amount : amountFor(mean) }]];
  });
  return Object.fromEntries(entries.slice(0, mostNames));
}

/** Few different amounts, so that tasks which use about the same wait together: whole up to ten, then in steps. */
const steps = [1, 1.5, 2, 3, 5, 7, 10];

function amountFor(mean: number): number {
  if (mean <= 10) return Math.max(1, Math.round(mean));
  const power = 10 ** Math.floor(Math.log10(mean));
  return power * (steps.find((step) => step * power >= mean) ?? 10);
}

/** Whether both ask for the same. */
export function asksAlike(one: Habit, other: Habit): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => one[name]?.amount === other[name]?.amount)
  );
}
