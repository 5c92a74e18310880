/**
 * Reads a model's answer to a batch. Models wrap JSON in prose, repeat tasks, invent some and forget others; whatever
 * can be trusted of an answer is kept, and the rest is named.
 */
import { readValue } from './judgement.ts';
import type { GivenValue } from './judgement.ts';

/** What was said of one task. */
export interface Verdict extends GivenValue {
  readonly reason: string;
  /** Canonical concepts of the task, as the model words them; untrusted. */
  readonly concepts: readonly string[];
}

export interface BatchAnswer {
  /** By the name the prompt gave the task. */
  readonly verdicts: ReadonlyMap<string, Verdict>;
  /** Named more than once: what was said of them is not trusted. */
  readonly repeated: readonly string[];
  /** Asked about and not named. */
  readonly missing: readonly string[];
  /** Whether there was anything in it that could be read as an answer. */
  readonly readable: boolean;
}

/** Longest reason that is kept. */
const reasonLimit = 300;
const conceptLimit = 12;
const conceptLength = 60;
/** An answer about fifty tasks has some thirty thousand characters; what is beyond this of one is not read. */
const textLimit = 200_000;
/**
 * Characters looked at behind brackets that open nothing: each costs a look at what follows, which a hostile answer can
 * make long. Some ten milliseconds.
 */
const lookLimit = 1_000_000;
/** What fails to be read as JSON costs as much as looking at so many, however short it is. */
const parseCost = 200;

/**
 * @param text the whole answer
 * @param asked the names of the tasks in the prompt; all others are ignored
 */
export function readAnswer(text: string, asked: readonly string[]): BatchAnswer {
  const items = itemsIn(text.slice(0, textLimit));
  const wanted = new Set(asked);
  const verdicts = new Map<string, Verdict>();
  const repeated = new Set<string>();
  for (const item of items ?? []) {
    const name = nameOf(item, asked);
    if (name === undefined || !wanted.has(name)) continue;
    if (verdicts.has(name)) repeated.add(name);
    verdicts.set(name, verdictOf(item));
  }
  for (const name of repeated) verdicts.delete(name);
  return {
    verdicts,
    repeated: [...repeated],
    missing: asked.filter((name) => !verdicts.has(name) && !repeated.has(name)),
    readable: items !== undefined,
  };
}

type Item = Readonly<Record<string, unknown>>;

/** All items in the text; an answer that breaks off still has those before the break. */
function itemsIn(text: string): readonly Item[] | undefined {
  const found = [...jsonIn(text)].map(itemsOf).filter((items) => items !== undefined);
  return found.length === 0 ? undefined : found.flat();
}

/** An array of items, an object that holds one, an object of items by name, or a lone item. */
function itemsOf(value: unknown): readonly Item[] | undefined {
  if (Array.isArray(value)) {
    const items = value.filter(isItem);
    return items.length > 0 || value.length === 0 ? items : undefined;
  }
  if (!isItem(value)) return undefined;
  if ('priority_score' in value || 'id' in value) return [value];
  const lists = Object.values(value).filter((inner) => Array.isArray(inner));
  const [list] = lists;
  if (list !== undefined) return itemsOf(list);
  const named = Object.entries(value).flatMap(([id, inner]) => {
    if (isItem(inner)) return [{ id, ...inner }];
    return typeof inner === 'number' ? [{ id, priority_score: inner }] : [];
  });
  // A lone object without a score is still an answer: its score is missing.
  return named.length > 0 ? named : [value];
}

/** A lone item needs no name when one task was asked about. */
function nameOf(item: Item, asked: readonly string[]): string | undefined {
  const { id } = item;
  if (typeof id === 'string') return id.trim();
  if (typeof id === 'number') return String(id);
  return asked.length === 1 ? asked[0] : undefined;
}

function verdictOf({ priority_score, reason, concepts }: Item): Verdict {
  return {
    ...readValue(priority_score),
    reason: typeof reason === 'string' ? oneLine(reason).slice(0, reasonLimit) : '',
    concepts: Array.isArray(concepts)
      ? concepts
          .filter((concept) => typeof concept === 'string')
          .map((concept) => oneLine(concept).slice(0, conceptLength))
          .filter((concept) => concept !== '')
          .slice(0, conceptLimit)
      : [],
  };
}

/** Control characters would let a model draw outside its line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
}

/** Every JSON object or array that stands in the text outside of others, in order. */
function* jsonIn(text: string): Generator {
  let left = lookLimit;
  for (let at = 0; at < text.length && left > 0; at += 1) {
    if (text[at] !== '{' && text[at] !== '[') continue;
    const end = endOfJson(text, at);
    const value = end === undefined ? undefined : parsed(text.slice(at, end));
    if (end === undefined || value === undefined) {
      // Only looked like JSON; there may be some further in.
      left -= (end ?? text.length) - at + parseCost;
      continue;
    }
    yield value;
    at = end - 1;
  }
}

/** Undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where the brackets that open at `start` are closed again, or undefined. */
function endOfJson(text: string, start: number): number | undefined {
  let depth = 0;
  let quoted = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (quoted) {
      if (character === '\\') at += 1;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
