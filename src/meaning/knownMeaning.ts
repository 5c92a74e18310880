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
  /** The key of one of its wordings: of the one it was first met in, while it has that. */
  readonly key: string;
  readonly wordings: Map<string, Wording>;
  readonly named: Map<string, Named>;
  /** Judgements of it, and the mean of their values. */
  judged: number;
  value: number;
  /** What it says, worked out when it is first asked for; undefined after a change. */
  profile?: Profile | undefined;
}

/** Names kept of a meaning. A model gives up to twelve at a time, and those that come again are the ones that tell. */
export const namedLimit = 24;

/** How much a concept tells, by how few meanings say it. */
export type Weight = (concept: Concept) => number;

/** Kinds whose members exclude each other: how many, who, for whom, where, when, from where to where. */
const exclusiveKinds: readonly Kind[] = ['number', 'name', 'audience', 'place', 'period', 'direction'];
/** Whether it says how many, who, for whom, where or when, and not what. */
export function isCircumstance({ kind }: Concept): boolean {
  return exclusiveKinds.includes(kind);
}

/** Words that turn a meaning round. */
const turning: ReadonlySet<string> = new Set([
  ...[
    'not',
    'except',
    'only',
    'before',
    'after',
    'instead',
    'then',
    'more',
    'less',
    'rather-less',
    'few',
    'against',
  ],
  ...['off', 'out', 'down', 'back', 'left', 'right-side', 'generic'],
]);
export function isTurning(name: string): boolean {
  return turning.has(name);
}

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
export type Shares = ReadonlyMap<string, Share>;

/** What is said of a meaning. */
export interface Profile {
  /** By its wordings and by models. */
  readonly shares: Shares;
  /** Of each wording. */
  readonly wordings: readonly Shares[];
  /** Names that its wordings say, of each kind. */
  readonly ofKind: ReadonlyMap<Kind, ReadonlySet<string>>;
  /** What none of its wordings leaves out and nobody may. */
  readonly needed: readonly string[];
  /** Words nobody knows that all of its wordings say. */
  readonly words: readonly string[];
  /** How many wordings name what is done. */
  readonly naming: number;
  /** Whether models mostly name something that is done. */
  readonly isDeedNamed: boolean;
}

/** What models name counts a little less than what people say. */
const namedShare = 0.7;

export function profileOf(meaning: KnownMeaning): Profile {
  return (meaning.profile ??= workedOut(meaning));
}

/** What one text says. */
export function sharesOf(concepts: readonly Concept[]): Shares {
  return new Map(concepts.map((concept) => [concept.name, { concept, share: 1 }]));
}

function workedOut(meaning: KnownMeaning): Profile {
  const shares = new Map<string, Share>();
  const ofKind = new Map<Kind, Set<string>>();
  const wordings = [...meaning.wordings.values()].map(({ concepts }) => concepts);
  for (const concept of wordings.flat()) {
    const said = shares.get(concept.name);
    if (said === undefined) shares.set(concept.name, { concept, share: 1 });
    else said.share += 1;
    ofKind.set(concept.kind, (ofKind.get(concept.kind) ?? new Set()).add(concept.name));
  }
  const always = [...shares.values()]
    .filter(({ share }) => share === wordings.length)
    .map(({ concept }) => concept);
  for (const said of shares.values()) said.share /= wordings.length;
  for (const [name, named] of meaning.named) {
    if (!isMostlyNamed(meaning, named)) continue;
    const share = (namedShare * named.count) / meaning.judged;
    const said = shares.get(name);
    if (said === undefined) shares.set(name, { concept: named.concept, share });
    else said.share = Math.max(said.share, share);
  }
  return {
    shares,
    ofKind,
    wordings: wordings.map(sharesOf),
    needed: always.filter(isNeeded).map(({ name }) => name),
    words: always.filter(({ kind }) => kind === 'word').map(({ name }) => name),
    naming: wordings.filter((concepts) => concepts.some(isDeed)).length,
    isDeedNamed: [...meaning.named.values()].some(
      (one) => isDeed(one.concept) && isMostlyNamed(meaning, one),
    ),
  };
}

/** Whether a text names something of a kind of which the meaning has always named others. */
export function contradicts(
  meaning: KnownMeaning,
  concepts: readonly Concept[],
  kinds: readonly Kind[],
): boolean {
  const { ofKind } = profileOf(meaning);
  return kinds.some((kind) => {
    const there = ofKind.get(kind);
    const here = concepts.filter((concept) => concept.kind === kind && !vague.has(concept.name));
    return here.length > 0 && there !== undefined && !here.some(({ name }) => there.has(name));
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
  ['ascending', 'descending'],
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
  const { ofKind } = profileOf(meaning);
  const says = (word: string): boolean => [...ofKind.values()].some((said) => said.has(word));
  return concepts.some(({ name }) =>
    contrasts.some((words) => words.includes(name) && !says(name) && words.some(says)),
  );
}
