import assert from 'node:assert/strict';
import { SemanticMeanings } from '../../../src/meaning/semanticMeanings.ts';
import { lesson, meant, MemoryTerms } from '../../support/lessons.ts';

const clock = { wallClock: () => 1_000 };

/** Enough that rarity means something. */
const others = [
  lesson('Renew the SSL certificate', 'renew ssl certificate'),
  lesson('Organise the office move', 'organise office move'),
  lesson('Write the monthly customer newsletter', 'write monthly customer newsletter'),
  lesson('Hospital quote', 'prepare quote hospital'),
];
const outage = 'diagnose wobbling flywheel';

describe('The meaning of a task', () => {
  it('has a key that is another with another description, and with other kinds of things it is made from', () => {
    const meanings = new SemanticMeanings({ clock });
    const keys = [
      meant('Write the summary'),
      meant('Write the summary', 'for the board'),
      meant('Write the summary', '', ['Monthly sales report']),
      meant('Write the summary', '', ['Customer contract']),
    ].map((one) => meanings.keysOf(one).shared);
    assert.equal(new Set(keys).size, 4);
  });

  it('counts neither how many things it is made from nor their names', () => {
    const meanings = new SemanticMeanings({ clock });
    assert.equal(
      meanings.keysOf(meant('Summary', '', ['Sales report of Acme'])).shared,
      meanings.keysOf(meant('Summary', '', ['Report by Globex', 'Quarterly report'])).shared,
    );
  });

  it('of a title that says nothing known is what the title says', () => {
    const meanings = new SemanticMeanings({ clock });
    assert.notEqual(meanings.keysOf(meant('Do it')).shared, meanings.keysOf(meant('Make this')).shared);
    assert.equal(meanings.keysOf(meant('Do it')).shared, meanings.keysOf(meant('do  it!')).shared);
  });

  it('is more than a number, also when a model has judged one of them', async () => {
    const meanings = new SemanticMeanings({ clock });
    await meanings.learn([lesson('Task 14', 'task'), lesson('Later 14', 'later')]);
    assert.notEqual(meanings.keysOf(meant('Task 14')).shared, meanings.keysOf(meant('Later 14')).shared);
  });
});

describe('What is learned from a model', () => {
  const wobble = lesson('Flywheel wobbles', outage);
  const shake = lesson('The big disc trembles: look into it', outage);

  it('is never that two texts mean the same because of a number, a place or a day that they share', async () => {
    const meanings = new SemanticMeanings({ clock });
    await meanings.learn([lesson('Wobbles 60', outage), lesson('Trembles 60', outage)]);
    const known = meanings.keysOf(meant('Wobbles 60')).shared;
    assert.equal(meanings.keysOf(meant('Trembles 60')).shared, known);
    for (const title of ['Squeaks 60', 'Marble 60', '60'])
      assert.notEqual(meanings.keysOf(meant(title)).shared, known, title);
  });

  it('is that two wordings mean the same when it names the same concepts for both', async () => {
    const meanings = new SemanticMeanings({ clock });
    const [one, other] = [meant('Flywheel wobbles'), meant('The big disc trembles: look into it')];
    await meanings.learn([...others, wobble]);
    assert.notEqual(meanings.keysOf(one).shared, meanings.keysOf(other).shared);
    await meanings.learn([shake]);
    assert.equal(meanings.keysOf(one).shared, meanings.keysOf(other).shared);
    assert.equal(meanings.keysOf(meant('Trembling disc')).shared, meanings.keysOf(one).shared);
  });

  it('is nothing when the values are far apart', async () => {
    const meanings = new SemanticMeanings({ clock });
    await meanings.learn([...others, wobble, { ...shake, said: { ...shake.said, said: 900 } }]);
    assert.notEqual(meanings.keysOf(wobble.task).shared, meanings.keysOf(shake.task).shared);
  });

  const guards: readonly (readonly [string, string])[] = [
    ['Write the guide for developers', 'Write the guide for managers'],
    ['Order 10 flywheels', 'Order 12 flywheels'],
    ['Write the Q1 summary', 'Write the Q3 summary'],
    ['Answer Acme', 'Answer Globex'],
    ['Wake customers who paid', 'Wake customers who have not paid'],
  ];
  for (const [one, other] of guards) {
    it(`is never that "${one}" and "${other}" are the same`, async () => {
      const meanings = new SemanticMeanings({ clock });
      await meanings.learn([...others, lesson(one, 'alpha beta gamma')]);
      assert.notEqual(meanings.keysOf(meant(other)).shared, meanings.keysOf(meant(one)).shared);
    });
  }

  it('is unlearned when it says otherwise more often', async () => {
    const meanings = new SemanticMeanings({ clock });
    await meanings.learn([...others, wobble, shake]);
    const otherwise = { ...shake, said: { ...shake.said, concepts: ['music', 'concert', 'poster'] } };
    await meanings.learn([otherwise]);
    assert.equal(
      meanings.keysOf(wobble.task).shared,
      meanings.keysOf(shake.task).shared,
      'once is not enough',
    );
    await meanings.learn([otherwise]);
    assert.notEqual(meanings.keysOf(wobble.task).shared, meanings.keysOf(shake.task).shared);
  });

  it('is kept, and there again after a restart', async () => {
    const store = new MemoryTerms();
    const before = new SemanticMeanings({ store, clock });
    await before.learn([...others, wobble, shake]);
    const after = new SemanticMeanings({ store, clock });
    assert.notEqual(after.keysOf(shake.task).shared, before.keysOf(shake.task).shared);
    await after.load();
    assert.equal(after.keysOf(shake.task).shared, before.keysOf(shake.task).shared);
    assert.deepEqual(after.learned, before.learned);
  });

  it('can be looked at, taken back for one wording, and forgotten', async () => {
    const store = new MemoryTerms();
    const meanings = new SemanticMeanings({ store, clock });
    await meanings.learn([...others, wobble, shake]);
    const [first] = meanings.learned;
    assert.equal(first?.wordings.length, 2);
    const wording = first.wordings[1]?.wording ?? '';
    await meanings.setApart([wording]);
    assert.notEqual(meanings.keysOf(wobble.task).shared, meanings.keysOf(shake.task).shared);
    const again = new SemanticMeanings({ store, clock });
    await again.load();
    assert.notEqual(
      again.keysOf(wobble.task).shared,
      again.keysOf(shake.task).shared,
      'also after a restart',
    );
    await meanings.clear();
    assert.equal(store.lines.size, 0);
    assert.deepEqual(meanings.learned, []);
  });

  it('survives lines that make no sense', async () => {
    const store = new MemoryTerms();
    store.lines.set('?', { term: '?', concept: 'x', agreed: 1, disagreed: 0, at: 0 });
    const meanings = new SemanticMeanings({ store, clock });
    await meanings.load();
    assert.deepEqual(meanings.learned, []);
  });
});
