/** A meaning that models have judged, with the wordings it is known in. */
import type { Concept, Kind } from './lexicon.ts';

/** One way to say a meaning, with the evidence for it. */
export interface Wording {
  /** Its concepts, as a key. */
  readonly key: string;
  readonly concepts: readonly Concept[];
  agreed: number;
  disagreed: number;
}

/** A concept that models named, and how often. */
export interface Named {
  readonly concept: Concept;
  count: number;
}

export interface KnownMeaning {
  /** The key of the wording it was first met in. */
  readonly key: string;
  readonly wordings: Map<string, Wording>;
  readonly named: Map<string, Named>;
  /** Judgements of it, and the mean of their values. */
  judged: number;
  value: number;
}

/** How much a concept tells, by how few meanings say it. */
export type Weight = (concept: Concept) => number;

/** Kinds whose members exclude each other: how many, who, for whom, where, when, from where to where. */
const exclusiveKinds: readonly Kind[] = ['number', 'name', 'audience', 'place', 'period', 'direction'];
/** Words that turn a meaning round. */
const turning: ReadonlySet<string> = new Set([
  'not',
  'except',
  'only',
  'before',
  'after',
  'instead',
  'then',
  'more',
  'less',
]);
/** So general that they can be added. */
const general: ReadonlySet<string> = new Set(['user', 'team', 'company']);
/** Actions that say little of what is done. */
const vague: ReadonlySet<string> = new Set(
  'manage ask give use perform help receive answer keep plan fill send allow show read present wait change'.split(
    ' ',
  ),
);

/** What a new wording may not add, as it makes another task of it. */
export function isDistinctive({ name, kind }: Concept): boolean {
  return (exclusiveKinds.includes(kind) && !general.has(name)) || turning.has(name) || kind === 'artefact';
}

/** What a new wording may not leave out where it is always said. */
export function isNeeded({ name, kind }: Concept): boolean {
  return kind === 'number' || kind === 'name' || turning.has(name);
}

export function isDeed({ name, kind }: Concept): boolean {
  return kind === 'action' && !vague.has(name);
}

/** Whether models mostly name a concept of this meaning, rather than once by mistake. */
export function isMostlyNamed({ judged }: KnownMeaning, { count }: Named): boolean {
  return count * 2 > judged;
}

/** A concept that is said of a meaning, and in what share of what is known of it. */
export interface Share {
  readonly concept: Concept;
  share: number;
}

/** What models name counts a little less than what people say. */
const namedShare = 0.7;

/** All that is said of a meaning, by name. */
export function profileOf(meaning: KnownMeaning): ReadonlyMap<string, Share> {
  const shares = new Map<string, Share>();
  const part = 1 / meaning.wordings.size;
  for (const { concepts } of meaning.wordings.values()) {
    for (const concept of concepts) {
      const said = shares.get(concept.name);
      if (said === undefined) shares.set(concept.name, { concept, share: part });
      else said.share += part;
    }
  }
  for (const [name, named] of meaning.named) {
    if (!isMostlyNamed(meaning, named)) continue;
    const share = (namedShare * named.count) / meaning.judged;
    const said = shares.get(name);
    if (said === undefined) shares.set(name, { concept: named.concept, share });
    else said.share = Math.max(said.share, share);
  }
  return shares;
}

/** Whether a text names something of a kind of which the meaning has always named others. */
export function contradicts(
  meaning: KnownMeaning,
  concepts: readonly Concept[],
  kinds: readonly Kind[],
): boolean {
  return kinds.some((kind) => {
    const here = concepts.filter((concept) => concept.kind === kind && !vague.has(concept.name));
    if (here.length === 0) return false;
    const there = new Set<string>();
    for (const wording of meaning.wordings.values()) {
      for (const concept of wording.concepts) if (concept.kind === kind) there.add(concept.name);
    }
    return there.size > 0 && !here.some(({ name }) => there.has(name));
  });
}

/** Words of which one denies the others, though each is a word of its own. */
const contrasts: readonly (readonly string[])[] = [
  ['paid', 'overdue', 'free-of-charge'],
  ['old', 'new', 'current'],
  ['active', 'inactive'],
  ['positive', 'negative', 'angry'],
  ['internal', 'external'],
  ['public', 'private'],
  ['left', 'right-side'],
  ['upper', 'lower-place'],
  ['temporary', 'permanent'],
  ['big', 'small'],
  ['short', 'long'],
  ['draft-state', 'final'],
  ['manual-way', 'automatic'],
  ['digital', 'paper'],
  ['available', 'missing'],
  ['incoming-dir', 'outgoing-dir'],
  ['domestic', 'abroad'],
];

/** Whether a text says something that excludes what has always been said of the meaning. */
export function isOtherwise(
  meaning: KnownMeaning,
  concepts: readonly Concept[],
  ...also: readonly Kind[]
): boolean {
  if (contradicts(meaning, concepts, [...exclusiveKinds, ...also])) return true;
  const said = new Set(
    [...meaning.wordings.values()].flatMap((wording) => wording.concepts.map(({ name }) => name)),
  );
  return concepts.some(({ name }) =>
    contrasts.some(
      (words) => words.includes(name) && !said.has(name) && words.some((word) => said.has(word)),
    ),
  );
}
