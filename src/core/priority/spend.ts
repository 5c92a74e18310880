/** What judging costs: tokens a day against a limit, kept in the store so that a reload does not start a new day. */
import type { Instant } from '../model.ts';
import type { ModelMessage, ModelUsage } from '../models.ts';
import type { Store } from '../ports.ts';

const noteName = 'spend';
const day = 86_400_000;

/** Characters of a token, for endpoints that do not count: on the low side, so that the count is on the high one. */
const charactersPerToken = 3;

interface Spent {
  /** Days since 1970, by universal time. */
  readonly day: number;
  readonly tokens: number;
}

export class Spend {
  readonly #store: Pick<Store, 'note' | 'putNote'>;
  #spent: Spent = { day: 0, tokens: 0 };

  constructor(store: Pick<Store, 'note' | 'putNote'>) {
    this.#store = store;
  }

  async load(): Promise<void> {
    this.#spent = parse(await this.#store.note(noteName)) ?? this.#spent;
  }

  /** Tokens used today. */
  today(now: Instant): number {
    return this.#spent.day === dayOf(now) ? this.#spent.tokens : 0;
  }

  /** When the next day begins. */
  nextDay(now: Instant): Instant {
    return (dayOf(now) + 1) * day;
  }

  async add(tokens: number, now: Instant): Promise<void> {
    this.#spent = { day: dayOf(now), tokens: this.today(now) + tokens };
    await this.#store.putNote(noteName, JSON.stringify(this.#spent));
  }
}

/** What a call used: as counted, or estimates that are rather too high. @param answer empty when there was none */
export function estimatedUsage(
  { promptTokens, completionTokens }: ModelUsage,
  messages: readonly ModelMessage[],
  answer: string,
): { readonly promptTokens: number; readonly completionTokens: number } {
  const characters = messages.reduce((sum, { content }) => sum + content.length, 0);
  return {
    promptTokens: promptTokens ?? Math.ceil(characters / charactersPerToken),
    completionTokens: completionTokens ?? Math.ceil(answer.length / charactersPerToken),
  };
}

/** Tokens of a call, counted or estimated. */
export function tokensOf(usage: ModelUsage, messages: readonly ModelMessage[], answer: string): number {
  const { promptTokens, completionTokens } = estimatedUsage(usage, messages, answer);
  return promptTokens + completionTokens;
}

function dayOf(now: Instant): number {
  return Math.floor(now / day);
}

function parse(text: string | undefined): Spent | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined; // Not written by this program; the day begins anew.
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { day: number, tokens } = value as Readonly<Record<string, unknown>>;
  return typeof number === 'number' && typeof tokens === 'number' ? { day: number, tokens } : undefined;
}
