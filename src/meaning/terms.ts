/** How what was learned is written down: a few lines for each meaning. */
import type { Instant } from '../core/model.ts';
import type { LearnedTerm } from '../core/priority/meanings.ts';
import type { KnownMeaning } from './knownMeaning.ts';
import type { Lexicon } from './lexicon.ts';

/** Between the kind of a line, the meaning and the concept. */
const separator = '\u001F';
const wordingLine = (key: string): string => `wording${separator}${key}`;
const namedLine = (key: string, concept: string): string => `named${separator}${key}${separator}${concept}`;
const valueLine = (key: string): string => `value${separator}${key}`;
const aloneLine = (key: string): string => `alone${separator}${key}`;

/** A wording that a model found not to be of the meaning it looks like. */
export function apartTerm(key: string, at: Instant): LearnedTerm {
  return { term: wordingLine(key), concept: '', agreed: 0, disagreed: 1, at };
}

/** A wording that a person has taken out of its meaning. */
export function aloneTerm(key: string, at: Instant): LearnedTerm {
  return { term: aloneLine(key), concept: '', agreed: 0, disagreed: 1, at };
}

/** The lines of a meaning. */
export function termsOf(
  { key, wordings, named, judged, value }: KnownMeaning,
  at: Instant,
): readonly LearnedTerm[] {
  return [
    { term: valueLine(key), concept: key, agreed: judged, disagreed: Math.round(value), at },
    ...[...wordings.values()].map((one) => ({
      term: wordingLine(one.key),
      concept: key,
      agreed: one.agreed,
      disagreed: one.disagreed,
      at,
    })),
    ...[...named].map(([concept, { count }]) => ({
      term: namedLine(key, concept),
      concept: key,
      agreed: count,
      disagreed: 0,
      at,
    })),
  ];
}

export interface Learned {
  readonly known: readonly KnownMeaning[];
  readonly apart: readonly string[];
  readonly alone: readonly string[];
}

/** Lines read without giving the thread back: a few milliseconds. */
const portion = 2_000;

/** What lines tell, the oldest first. Lines that make no sense count for nothing. */
export async function learnedFrom(
  terms: readonly LearnedTerm[],
  lexicon: Lexicon,
  breathe: () => Promise<void> = () => Promise.resolve(),
): Promise<Learned> {
  const known = new Map<string, KnownMeaning>();
  const [apart, alone]: [string[], string[]] = [[], []];
  const lines = terms
    .map((term) => ({ ...term, parts: term.term.split(separator) }))
    .toSorted((a, b) => a.at - b.at);
  await breathe();
  for (const { parts, concept, agreed, disagreed } of lines) {
    const [kind, key = ''] = parts;
    if (kind === 'value')
      known.set(key, { key, wordings: new Map(), named: new Map(), judged: agreed, value: disagreed });
    if (kind === 'wording' && concept === '') apart.push(key);
    if (kind === 'alone') alone.push(key);
  }
  for (const [place, { parts, concept, agreed, disagreed }] of lines.entries()) {
    if (place % portion === 0) await breathe();
    const [kind, key = '', name = ''] = parts;
    const meaning = known.get(concept);
    if (meaning === undefined) continue;
    if (kind === 'wording') {
      const concepts = key.split(' ').map((one) => lexicon.conceptNamed(one));
      meaning.wordings.set(key, { key, concepts, agreed, disagreed });
    }
    if (kind === 'named') meaning.named.set(name, { concept: lexicon.conceptNamed(name), count: agreed });
  }
  // The key of a meaning is that of one of its wordings.
  return { known: [...known.values()].filter(({ key, wordings }) => wordings.has(key)), apart, alone };
}
