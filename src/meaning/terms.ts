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

/** A wording that is of no other's meaning. */
export function apartTerm(key: string, at: Instant): LearnedTerm {
  return { term: wordingLine(key), concept: '', agreed: 0, disagreed: 1, at };
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

/** The meanings that lines tell of, the oldest first, and the wordings set apart. Lines that make no sense count for nothing. */
export function meaningsIn(
  terms: readonly LearnedTerm[],
  lexicon: Lexicon,
): { readonly known: readonly KnownMeaning[]; readonly apart: readonly string[] } {
  const known = new Map<string, KnownMeaning>();
  const apart: string[] = [];
  const lines = terms.map((term) => ({ ...term, parts: term.term.split(separator) }));
  for (const { parts, concept, agreed, disagreed } of lines.toSorted((a, b) => a.at - b.at)) {
    const [kind, key = ''] = parts;
    if (kind === 'value')
      known.set(key, { key, wordings: new Map(), named: new Map(), judged: agreed, value: disagreed });
    if (kind === 'wording' && concept === '') apart.push(key);
  }
  for (const { parts, concept, agreed, disagreed } of lines) {
    const [kind, key = '', name = ''] = parts;
    const meaning = known.get(concept);
    if (meaning === undefined) continue;
    if (kind === 'wording') {
      const concepts = key.split(' ').map((one) => lexicon.conceptNamed(one));
      meaning.wordings.set(key, { key, concepts, agreed, disagreed });
    }
    if (kind === 'named') meaning.named.set(name, { concept: lexicon.conceptNamed(name), count: agreed });
  }
  return { known: [...known.values()].filter(({ wordings }) => wordings.size > 0), apart };
}
