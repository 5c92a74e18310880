/** However much models teach, what is remembered of it has a bound. */
import assert from 'node:assert/strict';
import { namedLimit } from '../../../src/meaning/knownMeaning.ts';
import type { Concept } from '../../../src/meaning/lexicon.ts';
import {
  apartLimit,
  LearnedMeanings,
  lineLimit,
  meaningLimit,
  wordingLimit,
} from '../../../src/meaning/learnedMeanings.ts';
import type { Lesson } from '../../../src/meaning/learnedMeanings.ts';
import { SemanticMeanings } from '../../../src/meaning/semanticMeanings.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { lesson, MemoryTerms } from '../../support/lessons.ts';

const word = (name: string): Concept => ({ name, kind: 'word' });
const about = (words: string, named: string): Lesson => ({
  key: words,
  concepts: words.split(' ').map(word),
  named: named.split(' ').map(word),
  value: 500,
});

describe('What is remembered of words', () => {
  it('is so many meanings and lines, whatever their number, and nothing of those forgotten', () => {
    const learned = new LearnedMeanings();
    const random = seededRandom(1);
    const draw = (): string => `w${String(Math.floor(random() * 40_000))}`;
    for (let time = 0; time < 3 * meaningLimit; time += 1) {
      const named = Array.from({ length: 1 + Math.floor(12 * random()) }, draw).join(' ');
      learned.learn(about(`t${String(time)} ${draw()}`, named));
      if (time % 3 === 0) learned.setApart(`apart${String(time)}`);
      if (time % 3 === 1) learned.setAlone(`alone${String(time)}`);
    }
    const { meanings, wordings, lines, apart, alone, concepts, likened, strange } = learned.sizes;
    assert.ok((meanings ?? NaN) <= meaningLimit && (meanings ?? NaN) > meaningLimit / 4);
    assert.ok((lines ?? NaN) <= lineLimit && (lines ?? NaN) > lineLimit / 2);
    assert.deepEqual([apart, alone], [apartLimit, apartLimit]);
    assert.ok((wordings ?? NaN) <= lineLimit);
    assert.ok((concepts ?? NaN) <= 2 * lineLimit, 'none is left of meanings that are forgotten');
    assert.ok((likened ?? NaN) + (strange ?? NaN) <= 10_000);
    for (const { key } of learned.meanings.slice()) assert.notEqual(learned.meaning(key), undefined);
  });

  it('is nothing once all of it is taken out', () => {
    const learned = new LearnedMeanings();
    for (let time = 0; time < 50; time += 1) learned.learn(about(`a${String(time)} b c`, 'x y z'));
    assert.ok((learned.sizes.wordings ?? 0) >= wordingLimit);
    for (const { wordings } of learned.meanings)
      for (const key of [...wordings.keys()]) learned.setApart(key);
    const { meanings, wordings, concepts, lines } = learned.sizes;
    assert.deepEqual([meanings, wordings, concepts, lines], [0, 0, 0, 0]);
  });

  it('is the names of a meaning that come most often, and those that came last', () => {
    const learned = new LearnedMeanings();
    for (let time = 0; time < 100; time += 1)
      learned.learn(about('a b c', `steady firm lasting fixed stable once${String(time)}`));
    const [meaning] = learned.meanings;
    assert.equal(meaning?.named.size, namedLimit);
    assert.equal(meaning.named.get('steady')?.count, 100);
    assert.ok(meaning.named.has('once99') && !meaning.named.has('once0'));
  });

  it('has in the store the lines it needs and no more, and writes only those that change', async () => {
    const store = new MemoryTerms();
    const clock = { wallClock: () => 0 };
    const meanings = new SemanticMeanings({ store, clock });
    for (let time = 0; time < 40; time += 1)
      await meanings.learn([lesson('Grease the flywheel', `grease flywheel once${String(time)}`)]);
    assert.equal(store.lines.size, 2 + namedLimit);
    assert.deepEqual(store.changes.at(-1)?.put.length, 5, 'value, wording, and the three names that came');
    assert.deepEqual(store.changes.at(-1)?.drop.length, 1);
    const again = new SemanticMeanings({ store, clock });
    await again.load();
    await again.learn([lesson('Grease the flywheel', 'grease flywheel')]);
    assert.equal(store.lines.size, 2 + namedLimit);
    assert.deepEqual(store.changes.at(-1)?.put.length, 4);
  });

  it('loses lines of the store that say nothing, or too much', async () => {
    const store = new MemoryTerms();
    const at = 0;
    for (const term of ['?', 'wording\u001Fof none', 'value\u001Fwithout wordings'])
      store.lines.set(term, { term, concept: 'x', agreed: 1, disagreed: 0, at });
    const meanings = new SemanticMeanings({ store, clock: { wallClock: () => at } });
    await meanings.load();
    assert.deepEqual(meanings.learned, []);
    await meanings.learn([lesson('Grease the flywheel', 'grease')]);
    assert.deepEqual(
      [...store.lines.keys()].filter((term) => !term.includes('flywheel')),
      [],
    );
  });

  it('is learned a few lessons at a time, and the thread is given back in between', async () => {
    let breaths = 0;
    const breathe = (): Promise<void> => {
      breaths += 1;
      return Promise.resolve();
    };
    const meanings = new SemanticMeanings({ clock: { wallClock: () => 0 }, breathe });
    await meanings.learn(
      Array.from({ length: 50 }, (_, time) => lesson(`Grease flywheel ${String(time)}`, 'grease')),
    );
    assert.equal(breaths, 10);
  });
});
