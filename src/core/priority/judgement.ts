/**
 * What a model thinks a task is worth: its strategic value for the current goal, from 0 to 1000, apart from all that
 * is arithmetic (what it unblocks, its age, its deadline). A task without a judgement has a provisional one: the
 * value of the level the user chose.
 */
import type { Instant, PriorityLevel } from '../model.ts';

/** Highest value; the lowest is 0. Only the judgement is clamped to these, never a score. */
export const highestValue = 1_000;
/** Judged value of the three levels: of a task that nobody has judged, and the static baseline of the ranking. */
export const levelValue: Readonly<Record<PriorityLevel, number>> = { high: 700, medium: 500, low: 300 };

/** What an answer that lacks a number counts as. */
export const defaultValue = 100;
/**
 * How far the first judgement may lift a task above its provisional value. A second batch in another order has to
 * agree before more counts, so that a text which talks a model round once gains little.
 */
export const liftLimit = 150;

/**
 * Where a judgement came from: asked now, shared with a task that means the same, or a stand-in for an answer that
 * makes no sense, because there was no number or one out of range.
 */
export const judgementSources = ['model', 'cache', 'default', 'outlier'] as const;
export type JudgementSource = (typeof judgementSources)[number];

export interface Judgement {
  /** An integer from 0 to 1000: what counts, before the level the user chose moves it. */
  readonly value: number;
  /** What the model said; `value` is lower while the lift limit holds it back. */
  readonly said: number;
  /** In the model's words, one sentence; untrusted text. */
  readonly reason: string;
  readonly source: JudgementSource;
  /** Name of the model. */
  readonly model: string;
  /** Version of the prompt that asked. */
  readonly promptVersion: number;
  /** When it was said, which may be before this task got it. */
  readonly at: Instant;
  /** Rises with each judgement of the task. */
  readonly version: number;
  /** What it was made for: the meaning of the task under its goal. */
  readonly key: string;
  /** How many batches, each shuffled anew, have said so. */
  readonly rounds: number;
  /** Whether the text speaks to its judge, so that the value stays at the lift limit whatever is said. */
  readonly speaks: boolean;
}

/** A number a model gave, as it counts. */
export interface GivenValue {
  /** Integer from 0 to 1000. */
  readonly value: number;
  /** Whether it had to be brought into the range. */
  readonly outlier: boolean;
  /** Whether there was no number, and the default stands in. */
  readonly missing: boolean;
}

/** Reads what a model gave as a score: a number or the text of one; rounded, clamped; the default for all else. */
export function readValue(given: unknown): GivenValue {
  const number = numberOf(given);
  if (number === undefined) return { value: defaultValue, outlier: false, missing: true };
  const rounded = Math.round(number);
  const value = Math.min(highestValue, Math.max(0, rounded));
  return { value, outlier: value !== rounded, missing: false };
}

function numberOf(given: unknown): number | undefined {
  if (typeof given === 'number') return Number.isNaN(given) ? undefined : given;
  if (typeof given !== 'string' || !/^\s*[+-]?\d+(\.\d+)?\s*$/.test(given)) return undefined;
  return Number(given);
}
