/**
 * What of a text can be found again in another one, in any script. No list of words and no dictionary, so that the same
 * text gives the same on every machine.
 *
 * Where words have spaces between them it is the words of three letters or more; vowel signs and accents are part of
 * them. A long word weighs more than a short one: in most languages the words that say nothing are short. Where words
 * have none, or grow together with what follows them, it is every few characters in a row: two where a character is a
 * syllable or more (Chinese, Japanese, Korean), four where it is a letter (Thai, Lao, Khmer, Burmese), as two letters
 * are found anywhere.
 */

/** Of a long text the rest is not read: it takes a millisecond at most to read as much. */
const limit = 4_000;

const runs =
  /(?<syllables>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}ー]+)|(?<letters>[\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]+)|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー])[\p{L}\p{N}\p{M}])+/gu;
const shortest = 3;
/** Weight of characters in a row: of a word of four letters, as about two such pieces make a word of eight. */
const pieceWeight = 2;

/** Words and pieces, with how much each weighs. */
export function goalWords(text: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const plain = text.slice(0, limit).normalize('NFKC').toLowerCase();
  for (const { 0: run, groups } of plain.matchAll(runs)) {
    const length = groups?.syllables === undefined ? (groups?.letters === undefined ? 0 : 4) : 2;
    if (length > 0) addPieces(found, run, length);
    else if (run.length >= shortest) found.set(run, run.length - (shortest - 1));
  }
  return found;
}

/** A run that is shorter than a piece is one. */
function addPieces(found: Map<string, number>, run: string, length: number): void {
  const characters = Array.from(run);
  const last = Math.max(0, characters.length - length);
  for (let at = 0; at <= last; at += 1) found.set(characters.slice(at, at + length).join(''), pieceWeight);
}
