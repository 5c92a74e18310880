/**
 * What a description adds to a title, as a key: sentence by sentence as concepts, in the order of the text. A sentence
 * that says no more than the title, or nothing but politeness, adds nothing. There is no likeness here and nothing is
 * learned: every number, name, negation and direction counts, and every word that nobody knows.
 */
import { plainText } from '../core/priority/plainText.ts';
import type { Concepts } from './concepts.ts';
import { isTurning } from './knownMeaning.ts';
import type { Kind } from './lexicon.ts';

/**
 * What is longer is compared as it is written: keys are kept by the thousand, and of a sentence only so many words are
 * read, see `wordsOf`.
 */
const textLimit = 2_000;
const sentenceLimit = 600;
const keyLimit = 400;
/** Between sentences; no concept has it in its name. */
const separator = ' | ';
const sentenceEnd = /[.!?;…]+(?=\s|$)|[。！？；]|\n+/u;
/** Kinds of which a sentence can say several without one belonging to another. */
const loose: ReadonlySet<Kind> = new Set(['topic', 'relation', 'direction']);

/**
 * @param title as it is written, and what it says
 * @param read what a text says
 */
export function addedBy(
  description: string,
  title: { readonly text: string; readonly concepts: Concepts },
  read: (text: string) => Concepts,
): string {
  const sentences = withoutTitle(description, title.text).split(sentenceEnd);
  if (description.length > textLimit || sentences.some(({ length }) => length > sentenceLimit))
    return plainText(description);
  const said = new Set(title.concepts.map(({ name }) => name));
  // Of a title in which order counts a part may say something else.
  const least = isInOrder(title.concepts) ? said.size : 0;
  const parts: string[] = [];
  for (const sentence of sentences) {
    const concepts = read(sentence);
    const names = concepts.map(({ name }) => name);
    const isSaid = names.length >= least && names.every((name) => said.has(name));
    if (names.length === 0 || isSaid) continue;
    parts.push((isInOrder(concepts) ? names : names.toSorted()).join(' '));
  }
  const key = parts.join(separator);
  return key.length > keyLimit ? plainText(description) : key;
}

/** A title that is repeated, as whole sentences, adds nothing, however many it is. */
function withoutTitle(description: string, title: string): string {
  const at = title === '' ? -1 : description.indexOf(title);
  if (at === -1) return description;
  const [before, after] = [description.slice(0, at), description.slice(at + title.length)];
  const isWhole = /(?:^|[.!?:;\n])\s*$/u.test(before) && /^\s*(?:$|[.!?;\n])/u.test(after);
  return isWhole ? `${before}\n${after}` : description;
}

/** Whether the order of a sentence may say what belongs to what: where one of its words turns others, or two are alike. */
function isInOrder(concepts: Concepts): boolean {
  const kinds = concepts.map(({ kind }) => kind).filter((kind) => !loose.has(kind));
  return concepts.some(({ name }) => isTurning(name)) || new Set(kinds).size < kinds.length;
}
