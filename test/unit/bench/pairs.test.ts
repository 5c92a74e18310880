import assert from 'node:assert/strict';
import {
  halfOf,
  languages,
  parseIntents,
  parseNearTwins,
  readGoals,
  readIntents,
  readNearTwins,
  twinFamilies,
} from '../../bench/data/pairs.ts';

/** What remains when case, punctuation and spacing are not counted. */
const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

describe("the judge's data", () => {
  const intents = readIntents();
  const twins = readNearTwins();
  const goals = readGoals();

  it('has 100 intents, each in five Italian and five English wordings', () => {
    assert.deepEqual(
      intents.map((intent) => intent.id),
      Array.from({ length: 100 }, (_, index) => index + 1),
    );
    for (const intent of intents) {
      for (const language of languages) assert.equal(intent[language].length, 5, String(intent.id));
    }
  });

  it('says nothing twice, case and punctuation apart', () => {
    const texts = [
      ...intents.flatMap((intent) => [...intent.it, ...intent.en]),
      ...twins.flatMap((t) => [t.a, t.b]),
    ];
    const seen = new Set<string>();
    for (const text of texts) {
      assert.ok(!seen.has(bare(text)), text);
      seen.add(bare(text));
    }
    assert.equal(seen.size, 1400);
  });

  it("holds the chapter's pair and its English twins as one intent", () => {
    const [chapter] = intents;
    assert.ok(chapter);
    assert.ok(chapter.it.includes('Scrivi blog post su AI'));
    assert.ok(chapter.it.includes('Crea articolo su intelligenza artificiale'));
    assert.ok(chapter.en.includes('Write blog post about AI'));
    assert.ok(chapter.en.includes('Create an article on artificial intelligence'));
  });

  it('spreads the values over the whole scale, no two alike, most of them modest', () => {
    const values = intents.map((intent) => intent.value).sort((a, b) => a - b);
    assert.equal(new Set(values).size, 100);
    assert.ok((values[0] ?? NaN) < 50 && (values[99] ?? NaN) > 900);
    assert.ok((values[50] ?? NaN) < 300);
  });

  it('links every goal to some intents directly, to some in part, and to most not at all', () => {
    for (const [index] of goals.entries()) {
      const links = intents.map((intent) => intent.serves[index]);
      assert.ok(links.includes(1) && links.includes(0.5));
      assert.ok(links.filter((link) => link === 0).length > 50);
    }
  });

  it('has 200 near twins, at least 15 in every family', () => {
    assert.equal(twins.length, 200);
    for (const family of twinFamilies) {
      assert.ok(twins.filter((pair) => pair.family === family).length >= 15, family);
    }
  });

  it('splits the intents into halves that depend on the id alone', () => {
    const seen = intents.filter((intent) => halfOf(intent.id) === 'seen').map((intent) => intent.id);
    assert.equal(seen.length, 52);
    assert.deepEqual(seen.slice(0, 8), [1, 2, 3, 4, 5, 6, 8, 9]);
  });

  it('names the place of a mistake', () => {
    const intent = { id: 1, value: 10, consumes: [], serves: [0, 1], it: ['uno'], en: ['one'] };
    assert.equal(parseIntents({ intents: [intent] }, 2).length, 1);
    const wrong = (over: object, place: RegExp): void => {
      assert.throws(() => parseIntents({ intents: [{ ...intent, ...over }] }, 2), place);
    };
    wrong({ value: 1001 }, /intents\[0\]\.value/);
    wrong({ serves: [0] }, /intents\[0\]\.serves/);
    wrong({ serves: [0, 0.7] }, /intents\[0\]\.serves\[1\]/);
    wrong({ consumes: ['dreams'] }, /intents\[0\]\.consumes\[0\]/);
    wrong({ en: [' one'] }, /intents\[0\]\.en\[0\]/);
    assert.throws(() => parseIntents({ intents: [intent, intent] }, 2), /twice/);
    assert.throws(() => parseIntents([], 2), /intents/);
    assert.throws(
      () => parseNearTwins({ pairs: [{ family: 'luck', a: 'a', b: 'b' }] }),
      /pairs\[0\]\.family/,
    );
  });
});
