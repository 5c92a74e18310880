/**
 * What belongs to what, where the order of words says it. Above all from where to where: what tells `from staging to
 * production` from `from production to staging`, though both name the same two things.
 */
import type { Said } from './concepts.ts';
import { littleWords } from './lexicon.ts';
import type { Concept, Kind } from './lexicon.ts';
import type { Language } from './words.ts';

type Mark = 'from' | 'to' | 'with';

const marks: Readonly<Record<Language, Readonly<Record<string, Mark>>>> = {
  en: { from: 'from', to: 'to', into: 'to', onto: 'to', towards: 'to', '→': 'to', with: 'with', by: 'with' },
  it: {
    ...{ da: 'from', dal: 'from', dallo: 'from', dalla: 'from', dai: 'from', dagli: 'from', dalle: 'from' },
    ...{ a: 'to', ad: 'to', al: 'to', allo: 'to', alla: 'to', ai: 'to', agli: 'to', alle: 'to', all: 'to' },
    ...{ verso: 'to', in: 'to', '→': 'to', con: 'with', col: 'with', coi: 'with' },
  },
};

/** What can be at an end. */
const things: ReadonlySet<Kind> = new Set([
  ...(['artefact', 'topic', 'audience', 'place', 'name', 'word', 'number', 'period', 'relation'] as const),
]);
/** What can be counted. */
const counted: ReadonlySet<Kind> = new Set([...(['artefact', 'topic', 'audience', 'name', 'word'] as const)]);
/** Actions in which `with` names what comes in the place of the other. */
const exchanging = new Set(['replace', 'change', 'compare', 'update', 'fill', 'align']);
/** Actions that go from one thing to another, whatever their kinds. */
const moving = new Set([
  'align',
  'migrate',
  'convert',
  'import',
  'export',
  'sync',
  'move',
  'merge',
  'send',
  'upload',
  'download',
]);
/** Words between a preposition and what it belongs to. */
const reach = 4;
/** What comes first and what then depends on which of two it stands before. */
const ordering = new Set(['before', 'after', 'then', 'instead', 'except', 'not', 'only', 'against']);

/** Names of the directions in a text. */
export function directionsIn(said: readonly Said[], language: Language): readonly string[] {
  const actions = new Set(
    said.filter(({ concept }) => concept.kind === 'action').map(({ concept }) => concept.name),
  );
  const exchanges = [...exchanging].some((action) => actions.has(action));
  const moves = [...moving].some((action) => actions.has(action));
  const found: string[] = [];
  let from: string | undefined;
  let to: string | undefined;
  for (const [place, { concept, word }] of said.entries()) {
    const rest = said.slice(place + 1);
    const mark = concept.kind === 'light' ? (marks[language][word] ?? marks.en[word]) : undefined;
    // From one thing to another: what is done with them may be said in between.
    const ends = mark === 'from' || (mark === 'to' && from !== undefined);
    const near = nearest(rest, language);
    const next = ends && (near === undefined || !things.has(near.kind)) ? thingAmong(rest) : near;
    if (next === undefined) continue;
    if (ordering.has(concept.name)) found.push(`${concept.name}:${next.name}`);
    if (concept.kind !== 'light' || !things.has(next.kind)) continue;
    if (mark === 'from') from ??= next.name;
    const before = nearest(said.slice(0, place).toReversed(), language);
    if (before === undefined || !things.has(before.kind) || before.name === next.name) continue;
    const sameKind = before.kind === next.kind;
    if (
      mark === 'to' &&
      (moves || (isEnd(before) && (sameKind || before.kind === 'word' || next.kind === 'word')))
    )
      to ??= `${before.name}>${next.name}`;
    else if (mark === 'to' && isThing(before) && isThing(next)) found.push(`${before.name}»${next.name}`);
    if (mark === 'with' && exchanges) found.push(`${before.name}>${next.name}`);
    if (mark === 'to' && from !== undefined && from !== next.name) to = `${from}>${next.name}`;
  }
  if (to !== undefined) found.push(to);
  else if (from !== undefined) found.push(`${moves ? '<' : '«'}${from}`);
  return [...found, ...partiesIn(said, language), ...deedsIn(said, language), ...countsIn(said, language)];
}

function isEnd({ kind }: Concept): boolean {
  return kind !== 'topic' && kind !== 'artefact';
}

function isThing({ kind }: Concept): boolean {
  return kind === 'artefact' || kind === 'topic' || kind === 'word';
}

/** The first that is not a little word, unless something is done first. */
function nearest(said: readonly Said[], language: Language): Concept | undefined {
  const found = said.find(
    ({ concept, word }) => concept.kind !== 'light' || !littleWords[language].has(word),
  );
  return found?.concept.kind === 'light' ? undefined : found?.concept;
}

/** The first thing of the next few words. */
function thingAmong(said: readonly Said[]): Concept | undefined {
  return said.slice(0, reach).find(({ concept }) => things.has(concept.kind))?.concept;
}

/** To plan a review is not to review a plan: what is done first, where the other action is its object. */
function deedsIn(said: readonly Said[], language: Language): readonly string[] {
  const [first, ...rest] = said;
  const object = nearest(rest, language);
  return first?.concept.kind === 'action' && object?.kind === 'action' && object.name !== first.concept.name
    ? [`${first.concept.name}»${object.name}`]
    : [];
}

/** Ten of these and five of those, where two things are counted. */
function countsIn(said: readonly Said[], language: Language): readonly string[] {
  const counts = said.flatMap(({ concept }, place) => {
    const thing = concept.kind === 'number' ? nearest(said.slice(place + 1), language) : undefined;
    return thing !== undefined && counted.has(thing.kind) ? [`${concept.name}:${thing.name}`] : [];
  });
  return new Set(counts).size < 2 ? [] : counts;
}

/** Who gives and who gets, where two are named. */
function partiesIn(said: readonly Said[], language: Language): readonly string[] {
  const roled: { readonly name: string; readonly role: string; readonly party: boolean }[] = [];
  let role: string | undefined;
  for (const { concept, word } of said) {
    if (concept.kind === 'light') {
      role = roles[language][word] ?? role;
      continue;
    }
    const party = isParty(concept, said);
    if (party || things.has(concept.kind)) roled.push({ name: concept.name, role: role ?? '', party });
    role = undefined;
  }
  const parties = roled.filter(({ party }) => party);
  if (new Set(parties.map(({ name }) => name)).size >= 2) {
    const marked = parties.filter((one) => one.role !== '');
    const [first, second] = parties;
    return marked.length > 0
      ? marked.map((one) => `${one.role}${one.name}`)
      : [`${first?.name ?? ''}>${second?.name ?? ''}`];
  }
  const [to, of] = ['>', '<'].map((wanted) => roled.find((one) => one.role === wanted));
  return to === undefined || of === undefined || to.name === of.name ? [] : [`${of.name}»${to.name}`];
}

/** Words that name who gives or gets, or what was and will be, when both of a pair are said. */
const pairs: readonly (readonly [string, string])[] = [
  ['old', 'new'],
  ['free-of-charge', 'paid'],
  ['left', 'right-side'],
  ['internal', 'external'],
  ['sales', 'marketing-dept'],
];

function isParty({ kind, name }: Concept, said: readonly Said[]): boolean {
  if (kind === 'audience' || kind === 'name' || kind === 'place') return true;
  const other = pairs.find((pair) => pair.includes(name))?.find((one) => one !== name);
  return other !== undefined && said.some(({ concept }) => concept.name === other);
}

const roles: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { to: '>', for: '+', towards: '>', into: '>', from: '<', of: '<', by: '<' },
  it: Object.fromEntries([
    ...'a ad al allo alla ai agli alle all verso'.split(' ').map((word) => [word, '>'] as const),
    ['per', '+'],
    ...'da dal dallo dalla dai dagli dalle di del dello della dei degli delle dell'
      .split(' ')
      .map((word) => [word, '<'] as const),
  ]),
};
