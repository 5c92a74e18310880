/** Cuts a text into words, as they are looked up. */
import { stemmer as stemEnglish } from '@orama/stemmers/english';
import { stemmer as stemItalian } from '@orama/stemmers/italian';

export const languages = ['en', 'it'] as const;
export type Language = (typeof languages)[number];

export interface Word {
  /** Lower case, without accents; `→` for an arrow. */
  readonly text: string;
  /** Written with a capital letter where no sentence begins, or with a digit: perhaps a name. */
  readonly marked: boolean;
  /** Written in capitals: `AI` is a field, `ai` is also an Italian preposition. */
  readonly capitals: boolean;
}

/** Words, abbreviations with dots, words with apostrophes or hyphens, numbers with separators, and arrows. */
const pattern =
  /->|=>|→|[\p{L}\p{N}][\p{L}\p{N}\p{M}]*(?:[.,:'’&+/_-][\p{L}\p{N}][\p{L}\p{N}\p{M}]*)*(?:\+\+|#)?/gu;

/** More words than this are not read: what comes after tells nothing that changes what a task is about. */
const wordLimit = 400;

export function wordsOf(text: string): readonly Word[] {
  const words: Word[] = [];
  const normal = text.normalize('NFKC');
  let long = 0;
  let capitalised = 0;
  let end = 0;
  for (const match of normal.matchAll(pattern)) {
    const begins = words.length === 0 || sentenceEnd.test(normal.slice(end, match.index));
    end = match.index + match[0].length;
    for (const [place, part] of [...partsOf(match[0])].entries()) {
      if (words.length === wordLimit) return words;
      const plain = plainWord(part);
      if (plain === '') continue;
      const capital = part !== part.toLowerCase();
      if (plain.length > 3) {
        long += 1;
        if (capital) capitalised += 1;
      }
      const capitals = /^\p{Lu}[\p{Lu}\p{N}.]+$/u.test(part);
      const marked = /\p{N}/u.test(part) || capitals || (capital && !(begins && place === 0));
      words.push({ text: plain, marked, capitals });
    }
  }
  // In A Title Written Like This capital letters tell nothing.
  return capitalised >= 4 && capitalised === long
    ? words.map((word) => (word.capitals ? word : { ...word, marked: /\p{N}/u.test(word.text) }))
    : words;
}

/** Between two words, what begins a new sentence, or something like it. */
const sentenceEnd = /[.!?:;–—()[\]"“”«»\n]|\s-\s/u;

/** Lower case and without accents, so that `perché` and `perche` are one word. */
export function plainWord(word: string): string {
  const plain = word
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .replaceAll('’', "'");
  return /^\p{L}(?:\.\p{L})+$/u.test(plain) ? plain.replaceAll('.', '') : plain;
}

/** `l'app` is two words and `app's` is one; a list without spaces is several, a number with separators is one. */
function* partsOf(found: string): Generator<string> {
  if (found === '->' || found === '=>') {
    yield '→';
    return;
  }
  const numeric = /^[\p{N}.,:/-]+\p{L}*$/u.test(found);
  for (const piece of numeric ? [found] : found.split(/[/:,&_+]|\.(?=\p{L}{2})/u)) {
    const [head = '', ...rest] = piece.split(/['’]/u);
    const tail = rest.join("'");
    if (tail === '') yield head;
    else if (/^(?:s|re|ve|ll|d|m)$/iu.test(tail)) yield head;
    else if (/^t$/iu.test(tail)) yield `${head}'t`;
    else {
      yield head;
      yield tail;
    }
  }
}

/** Stems that are remembered, of each language: working one out takes longer than all else that is done with a word. */
const stemMemory = 10_000;
const stems: Readonly<Record<Language, Map<string, string>>> = { en: new Map(), it: new Map() };

/** What is left of a word without its ending; the same word in the plural, or conjugated, has the same. */
export function stemOf(word: string, language: Language): string {
  const known = stems[language].get(word);
  if (known !== undefined) return known;
  const stem = language === 'en' ? stemEnglish(word) : stemItalian(word);
  if (stems[language].size >= stemMemory) stems[language].clear();
  stems[language].set(word, stem);
  return stem;
}
