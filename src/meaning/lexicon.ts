/**
 * The words that Podium knows: which of them say the same, in English and Italian, and what kind of thing they say.
 * More words are more lines in `lexicon/`; a person can add their own.
 */
import { actions } from './lexicon/actions.ts';
import { light } from './lexicon/light.ts';
import { audiences, places } from './lexicon/people.ts';
import { periods, relations } from './lexicon/qualities.ts';
import { artefacts, topics } from './lexicon/things.ts';
import { languages, stemOf, wordsOf } from './words.ts';
import type { Language, Word } from './words.ts';

/** `light` says nothing; `word` is one that nobody knows, `name` one that looks like a name. */
export type Kind =
  | 'action'
  | 'artefact'
  | 'topic'
  | 'audience'
  | 'place'
  | 'period'
  | 'relation'
  | 'number'
  | 'direction'
  | 'name'
  | 'word'
  | 'light';

export interface Concept {
  readonly name: string;
  readonly kind: Kind;
}

export interface Found {
  readonly concept: Concept;
  /** Words of the text that say it, from where it was looked for. */
  readonly length: number;
}

interface Ending {
  readonly concept: Concept;
  /** The form as it is written; of two with one stem the one that is written alike is meant. */
  readonly form: string;
  /** Found only as it is written, without regard to stems. */
  readonly strict: boolean;
}

class Node {
  readonly next = new Map<string, Node>();
  readonly endings: Ending[] = [];
}

/** A form written in capitals is found only in capitals. */
function inCapitals(word: string): string {
  return word.toUpperCase();
}

/** Little words may stand inside a form of several words. */
export const littleWords: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: new Set(
    'a an the of in on to for and with by from at is are be our my your their its his her this that it them him'.split(
      ' ',
    ),
  ),
  it: new Set(
    (
      'il lo la i gli le l un uno una di d a da in con su per del dello della dei degli delle dell al allo alla ai agli ' +
      'alle all dal dallo dalla dai dagli dalle sul sullo sulla sui sugli sulle nel nello nella nei negli nelle e ed ' +
      'nostro nostra nostri nostre che si'
    ).split(' '),
  ),
};
/** So many of them in a row. */
const skipLimit = 3;

const sections: readonly (readonly [Kind, string])[] = [
  ['action', actions],
  ['artefact', artefacts],
  ['topic', topics],
  ['audience', audiences],
  ['place', places],
  ['period', periods],
  ['relation', relations],
];

/** A person's own word: it means what the other one means. */
export interface Synonym {
  readonly word: string;
  readonly means: string;
}

export class Lexicon {
  readonly #roots: Readonly<Record<Language, Node>> = { en: new Node(), it: new Node() };
  readonly #concepts = new Map<string, Concept>();

  /** @param synonyms added to what is known, and stronger than it */
  constructor(synonyms: readonly Synonym[] = []) {
    const nothing: Concept = { name: '', kind: 'light' };
    for (const [kind, text] of sections) {
      for (const line of text.trim().split('\n')) this.#addLine(line, kind);
    }
    const [english = '', italian = ''] = light.split('|');
    this.#addForms('en', english, nothing);
    this.#addForms('it', italian, nothing);
    for (const { word, means } of synonyms) {
      const concept = this.conceptOf(means);
      for (const language of languages) this.#add(language, word, concept, true);
    }
  }

  #addLine(line: string, kind: Kind): void {
    const [name = '', forms = ''] = line.split(' = ');
    const [english = '', italian = ''] = forms.split('|');
    const concept = { name: name.trim(), kind };
    this.#concepts.set(concept.name, concept);
    this.#addForms('en', english, concept);
    this.#addForms('it', italian, concept);
  }

  #addForms(language: Language, forms: string, concept: Concept): void {
    for (const form of forms.split(','))
      if (form.trim() !== '') this.#add(language, form.trim(), concept, false);
  }

  #add(language: Language, form: string, concept: Concept, first: boolean): void {
    const words = wordsOf(form);
    const kept = words.filter(
      ({ text }, place) => place === 0 || place === words.length - 1 || !littleWords[language].has(text),
    );
    let node = this.#roots[language];
    for (const { text, capitals } of kept) {
      const stem = capitals ? inCapitals(text) : stemOf(text, language);
      let next = node.next.get(stem);
      if (next === undefined) node.next.set(stem, (next = new Node()));
      node = next;
    }
    const ending = { concept, form: kept.map(({ text }) => text).join(' '), strict: form.startsWith('=') };
    if (first) node.endings.unshift(ending);
    else node.endings.push(ending);
  }

  /** A concept by its name, as `conceptsOf` gives it. */
  conceptNamed(name: string): Concept {
    const known = this.#concepts.get(name);
    if (known !== undefined) return known;
    if (name.startsWith('#')) return { name, kind: 'number' };
    if (name.startsWith('"')) return { name, kind: 'name' };
    return directionNamed(name) ?? { name, kind: 'word' };
  }

  /** What one word or phrase means; itself when nobody knows it. */
  conceptOf(phrase: string): Concept {
    const words = wordsOf(phrase);
    for (const language of languages) {
      const found = this.find(words, 0, language);
      if (found?.length === words.length) return found.concept;
    }
    // Spaces are between the names of a key.
    return { name: words.map(({ text }) => text).join('_'), kind: 'word' };
  }

  /** What a set of English words means, in whatever order they come: a phrase is found when all its words are there. */
  conceptsAmong(phrases: readonly string[]): readonly Concept[] {
    const words = phrases.flatMap((phrase) => wordsOf(phrase)).map(({ text }) => text);
    const found = new Map<string, Concept>();
    const used = new Set<string>();
    const walk = (node: Node, said: readonly string[]): void => {
      for (const { concept, strict } of said.length > 1 ? node.endings : []) {
        if (strict || concept.kind === 'light') continue;
        found.set(concept.name, concept);
        for (const word of said) used.add(word);
      }
      for (const word of words) {
        const next = said.includes(word) ? undefined : node.next.get(stemOf(word, 'en'));
        if (next !== undefined) walk(next, [...said, word]);
      }
    };
    walk(this.#roots.en, []);
    for (const phrase of phrases) {
      const [word] = wordsOf(phrase);
      if (word === undefined || used.has(word.text)) continue;
      const concept = this.conceptOf(phrase);
      if (concept.kind !== 'light') found.set(concept.name, concept);
    }
    return [...found.values()];
  }

  /** The longest thing that is said from a place on, or undefined when nobody knows the word there. */
  find(words: readonly Word[], from: number, language: Language): Found | undefined {
    let best: Found | undefined;
    // In the middle of a sentence a capital letter begins a name, which has no endings.
    const isName = words[from]?.marked === true && !words[from].capitals;
    const walk = (node: Node, at: number, said: readonly string[], skipped: number): void => {
      if (skipped === 0 && node.endings.length > 0 && at - from > (best?.length ?? 0)) {
        const form = said.join(' ');
        const stemmed = isName ? undefined : node.endings.find(({ strict }) => !strict);
        const ending = node.endings.find((one) => one.form === form) ?? stemmed;
        if (ending !== undefined) best = { concept: ending.concept, length: at - from };
      }
      const { text, capitals } = words[at] ?? {};
      if (text === undefined || node.next.size === 0) return;
      const next =
        (capitals === true ? node.next.get(inCapitals(text)) : undefined) ??
        node.next.get(stemOf(text, language));
      if (next !== undefined) walk(next, at + 1, [...said, text], 0);
      if (at > from && skipped < skipLimit && littleWords[language].has(text))
        walk(node, at + 1, said, skipped + 1);
    };
    walk(this.#roots[language], from, [], 0);
    return best;
  }
}

/** From where to where, as `directionsIn` names it; one written with « or » only matters to texts that say it too. */
export function directionNamed(name: string): Concept | undefined {
  if (/[»«]/u.test(name)) return { name, kind: 'relation' };
  return /[<>:]|^\+/u.test(name) ? { name, kind: 'direction' } : undefined;
}

/** The language a text is in, by its little words; English when nothing tells. */
export function languageOf(words: readonly Word[]): Language {
  let italian = 0;
  for (const { text } of words) {
    if (littleWords.it.has(text)) italian += 1;
    if (littleWords.en.has(text)) italian -= 1;
  }
  return italian > 0 ? 'it' : 'en';
}
