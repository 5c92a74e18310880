/** What a text says, as concepts: the same for texts that say the same in other words or another language. */
import { directionsIn } from './directions.ts';
import { figureOf } from './figures.ts';
import { languageOf } from './lexicon.ts';
import { ordinary } from './lexicon/ordinary.ts';
import type { Concept, Lexicon } from './lexicon.ts';
import { languages, stemOf, wordsOf } from './words.ts';
import type { Language, Word } from './words.ts';

/** The concepts of a text, each once, in the order in which they are first said; then the directions. */
export type Concepts = readonly Concept[];

/** A concept and the word it was said with, empty for several. */
export interface Said {
  readonly concept: Concept;
  readonly word: string;
}

const nothing: Concept = { name: '', kind: 'light' };

export function conceptsOf(text: string, lexicon: Lexicon): Concepts {
  const words = wordsOf(text);
  const language = primaryLanguage(words, lexicon);
  const said: Said[] = [];
  for (let at = 0; at < words.length;) {
    const { concepts, length } = step(words, at, language, lexicon);
    const word = length === 1 ? (words[at]?.text ?? '') : '';
    for (const concept of concepts) said.push({ concept, word });
    at += length;
  }
  const found = new Map<string, Concept>();
  for (const { concept } of said) if (concept.kind !== 'light') found.set(concept.name, concept);
  for (const name of directionsIn(said, language)) found.set(name, lexicon.conceptNamed(name));
  for (const [deed, things] of Object.entries(ordinary))
    if (things.some((name) => found.has(name))) found.delete(deed);
  return [...found.values()];
}

interface Step {
  readonly concepts: readonly Concept[];
  /** Words taken. */
  readonly length: number;
}

function step(words: readonly Word[], at: number, language: Language, lexicon: Lexicon): Step {
  const word = words[at] ?? { text: '', marked: false, capitals: false };
  let best: { readonly concept: Concept; readonly length: number } | undefined;
  for (const one of language === 'en' ? languages : languages.toReversed()) {
    const found = lexicon.find(words, at, one);
    if (found !== undefined && found.length > (best?.length ?? 0)) best = found;
  }
  const figure = figureOf(word.text);
  if (
    figure !== undefined &&
    (best === undefined || (best.length === 1 && !/\p{N}.*\p{L}{2}/u.test(word.text)))
  )
    return { concepts: [{ name: `#${figure}`, kind: 'number' }], length: 1 };
  // Little words can be names: Sara, or what an arrow points from or to.
  const pointed = words[at - 1]?.text === '→' || words[at + 1]?.text === '→';
  const isName =
    (pointed || (word.marked && !word.capitals)) && best?.length === 1 && best.concept.kind === 'light';
  if (best !== undefined && !isName) return { concepts: [best.concept], length: best.length };
  const parts = word.text.split('-').filter((part) => part !== '');
  if (parts.length < 2) return { concepts: [unknown(word, language)], length: 1 };
  const inner = parts.map((text) => ({ text, marked: word.marked, capitals: word.capitals }));
  const concepts = [];
  for (let place = 0; place < inner.length;) {
    const next = step(inner, place, language, lexicon);
    concepts.push(...next.concepts);
    place += next.length;
  }
  return { concepts, length: 1 };
}

function unknown({ text, marked }: Pick<Word, 'text' | 'marked'>, language: Language): Concept {
  if (text === '→') return nothing;
  return marked ? { name: `"${text}`, kind: 'name' } : { name: `~${stemOf(text, language)}`, kind: 'word' };
}

/** By its little words, and when they do not tell by what is known in which language. */
function primaryLanguage(words: readonly Word[], lexicon: Lexicon): Language {
  if (languageOf(words) === 'it') return 'it';
  let [english, italian] = [0, 0];
  for (const [at] of words.entries()) {
    english += lexicon.find(words, at, 'en') === undefined ? 0 : 1;
    italian += lexicon.find(words, at, 'it') === undefined ? 0 : 1;
  }
  return italian > english ? 'it' : 'en';
}
