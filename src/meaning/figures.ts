/** Numbers, in figures or in words. They are never left out of a meaning. */

const spelled: Readonly<Record<string, number>> = {
  ...numbered(
    2,
    'two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen',
  ),
  ...numbered(17, 'seventeen eighteen nineteen twenty'),
  ...numbered(
    2,
    'due tre quattro cinque sei sette otto nove dieci undici dodici tredici quattordici quindici',
  ),
  ...numbered(16, 'sedici diciassette diciotto diciannove venti'),
  ...{ thirty: 30, forty: 40, fifty: 50, sixty: 60, seventy: 70, eighty: 80, ninety: 90, hundred: 100 },
  ...{ trenta: 30, quaranta: 40, cinquanta: 50, sessanta: 60, settanta: 70, ottanta: 80, novanta: 90 },
  ...{ cento: 100, thousand: 1_000, mille: 1_000, mila: 1_000, million: 1_000_000, milione: 1_000_000 },
  ...{ twice: 2, thrice: 3, milioni: 1_000_000, dozen: 12, dozzina: 12, zero: 0, half: 0.5, meta: 0.5 },
};

function numbered(first: number, words: string): Record<string, number> {
  return Object.fromEntries(words.split(' ').map((word, place) => [word, first + place]));
}

/**
 * The number that a word says, in a form of its own: `1.000`, `1,000` and `thousand` are the same one. A number with
 * letters (`v2`, `15th`, `10k`) is one too.
 * @param word as `wordsOf` gives it
 * @returns undefined for a word that is no number
 */
export function figureOf(word: string): string | undefined {
  const value = spelled[word];
  if (value !== undefined) return String(value);
  if (!/^v?\p{N}/u.test(word)) return undefined;
  const plain = word.replace(/^v/u, '').replace(/^(\d+)(?:st|nd|rd|th|o|a)$/u, '$1');
  return plain
    .replace(/^\d{1,3}(?:[.,]\d{3})+$/u, (grouped) => grouped.replace(/[.,]/gu, ''))
    .replaceAll(',', '.');
}
