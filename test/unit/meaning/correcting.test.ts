/** A person takes wordings out of what was learned; that stays so, whatever models say later. */
import assert from 'node:assert/strict';
import type { TaskId } from '../../../src/core/model.ts';
import { SemanticMeanings } from '../../../src/meaning/semanticMeanings.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { lesson, meant, MemoryTerms } from '../../support/lessons.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { frameOf } from '../../../src/core/priority/frame.ts';
import { promptVersion } from '../../../src/core/priority/prompt.ts';
import { draft, home, openHarness, putHome, task } from '../../support/storeHarness.ts';

const clock = new FakeClock();
const others = [
  lesson('Renew the SSL certificate', 'renew ssl certificate'),
  lesson('Organise the office move', 'organise office move'),
  lesson('Hospital quote', 'prepare quote hospital'),
];
const outage = 'diagnose wobbling flywheel';
const wobble = lesson('Flywheel wobbles', outage);
const shake = lesson('The big disc trembles: look into it', outage);
const shiver = lesson('Rotor shivers badly', outage);
const all = [wobble, shake, shiver];

const titles = all.map(({ task: { title } }) => title);
/** Where a title is among those who share with it. */
const sharing = (meanings: SemanticMeanings): readonly string[] =>
  titles.map((title) => meanings.keysOf(meant(title)).shared);
const taught = async (store = new MemoryTerms()): Promise<SemanticMeanings> => {
  const meanings = new SemanticMeanings({ store, clock });
  await meanings.learn([...others, ...all]);
  assert.equal(new Set(sharing(meanings)).size, 1, 'all three share');
  return meanings;
};
const reopened = async (store: MemoryTerms): Promise<SemanticMeanings> => {
  const meanings = new SemanticMeanings({ store, clock });
  await meanings.load();
  return meanings;
};
/** Of the one that gave the meaning its key, and of another. */
const places = [0, 1] as const;

describe('A wording that a person takes out of its meaning', () => {
  for (const place of places) {
    describe(place === 0 ? 'and which gave it its key' : 'and which joined it later', () => {
      const rest = [0, 1, 2].filter((one) => one !== place);
      const alone = (meanings: SemanticMeanings): void => {
        const keys = sharing(meanings);
        assert.ok(!rest.some((one) => keys[one] === keys[place]), 'it shares with none');
        assert.equal(new Set(rest.map((one) => keys[one])).size, 1, 'the others go on sharing');
      };
      const takenOut = async (store: MemoryTerms): Promise<SemanticMeanings> => {
        const meanings = await taught(store);
        await meanings.setApart([meanings.learned[0]?.wordings.at(place)?.wording ?? '']);
        return meanings;
      };

      it('shares with none of the others, at once and after a restart', async () => {
        const store = new MemoryTerms();
        alone(await takenOut(store));
        alone(await reopened(store));
      });

      it('does not come back when models judge it, or the others, again', async () => {
        const store = new MemoryTerms();
        const meanings = await takenOut(store);
        for (let time = 0; time < 3; time += 1) await meanings.learn([...all.slice(place), ...all]);
        alone(meanings);
        const again = await reopened(store);
        alone(again);
        await again.learn([...all].reverse());
        alone(again);
        alone(await reopened(store));
      });

      it('is not found again by what only looks like it', async () => {
        const meanings = await takenOut(new MemoryTerms());
        await meanings.learn(all);
        const [own] = [titles[place] ?? ''];
        const near = meanings.keysOf(meant(`${own} constantly`)).shared;
        assert.notEqual(near, meanings.keysOf(meant(own)).shared);
      });

      it('leaves no line behind that nothing reads', async () => {
        const store = new MemoryTerms();
        const meanings = await takenOut(store);
        await meanings.learn(all);
        const again = await reopened(store);
        const before = store.lines.size;
        await again.learn([others[0] ?? wobble]);
        assert.equal(store.lines.size, before);
        assert.deepEqual(again.learned, meanings.learned);
      });

      it('has what was judged for that meaning judged again', async () => {
        const store = new MemoryTerms();
        const meanings = await taught(store);
        const before = sharing(meanings)[0] ?? '';
        assert.ok(
          store.changes.every(({ unsettled }) => unsettled.length === 0),
          'learning unsettles nothing',
        );
        await meanings.setApart([meanings.learned[0]?.wordings.at(place)?.wording ?? '']);
        const [beginning, ...more] = store.changes.at(-1)?.unsettled ?? [];
        assert.deepEqual(more, []);
        assert.ok(before.startsWith(beginning ?? '-'));
      });
    });
  }

  it('can be all of them', async () => {
    const meanings = await taught();
    await meanings.setApart(meanings.learned[0]?.wordings.map(({ wording }) => wording) ?? []);
    await meanings.learn(all);
    assert.equal(new Set(sharing(meanings)).size, 3);
  });

  it('is told of, and so is that all was forgotten', async () => {
    let told = 0;
    const meanings = new SemanticMeanings({ clock, onCorrected: () => (told += 1) });
    await meanings.learn([...others, ...all]);
    assert.equal(told, 0);
    await meanings.setApart([meanings.learned[0]?.wordings[1]?.wording ?? '']);
    assert.equal(told, 1);
    await meanings.clear();
    assert.equal(told, 2);
  });
});

describe('What a model unlearns', () => {
  it('no longer shares the key of the meaning, also where it gave it its key', async () => {
    const meanings = await taught();
    const otherwise = { ...wobble, said: { ...wobble.said, concepts: ['music', 'concert', 'poster'] } };
    await meanings.learn([otherwise, otherwise]);
    const [one, other, third] = sharing(meanings);
    assert.notEqual(one, other);
    assert.equal(other, third);
  });
});

describe('Judgements after a correction', () => {
  const now = clock.wallClock();
  let files: SimulatedFiles;
  let store: EmbeddedStore;
  let meanings: SemanticMeanings;

  beforeEach(async () => {
    files = new SimulatedFiles();
    store = await openHarness({ files });
    await putHome(store);
    meanings = new SemanticMeanings({ store: store.terms, clock });
  });

  afterEach(async () => {
    await store.close();
  });

  /** One task for each title, and one that means something else, all judged and kept. */
  const judged = async (): Promise<void> => {
    await meanings.learn([...others, ...all]);
    const texts = [...titles, 'Hospital quote'];
    await store.addTasks(texts.map((title, place) => draft(String(place), { title })));
    for (const [place, title] of texts.entries()) {
      const key = `${frameOf(home, '', 'm')}${meanings.keysOf(meant(title)).shared}`;
      const said = { key, said: 640, reason: 'r', model: 'm', promptVersion, rounds: 2 };
      const of = { taskId: String(place) as TaskId, title, description: '', upstream: [], goal: '' };
      const verdict = { ...said, ...of, value: 640, at: now, speaks: false };
      await store.judgements.judge(
        [{ ...verdict, source: 'model', unconfirmed: false }],
        [{ ...said, concepts: [], at: now }],
        now,
      );
    }
  };
  const waiting = async (): Promise<readonly string[]> =>
    (await store.judgements.judgingRound(home, 'm', 100, now)).tasks.map(({ id }) => id).toSorted();
  const cached = async (title: string): Promise<number> => {
    const key = `${frameOf(home, '', 'm')}${meanings.keysOf(meant(title)).shared}`;
    return (await store.judgements.cachedJudgements([key])).size;
  };

  it('are waited for by all that shared the meaning, keep their rank until then, and by nothing else', async () => {
    await store.judgements.setJudging(true);
    await judged();
    assert.deepEqual(await waiting(), []);
    await meanings.setApart([meanings.learned[0]?.wordings[0]?.wording ?? '']);
    assert.deepEqual(await waiting(), ['0', '1', '2']);
    assert.equal((await task(store, '0')).scoreParts.judgement, 640);
    assert.deepEqual(await Promise.all(titles.map(cached)), [0, 0, 0]);
    assert.equal(await cached('Hospital quote'), 1);
    await store.close();
    store = await openHarness({ files });
    assert.deepEqual(await waiting(), ['0', '1', '2'], 'also after a restart');
    const again = new SemanticMeanings({ store: store.terms, clock });
    await again.load();
    await again.learn(all);
    assert.deepEqual(
      sharing(again).map((key) => key === sharing(again)[0]),
      [true, false, false],
    );
  });

  it('are taken back at once when there is no judge', async () => {
    await store.judgements.setJudging(true);
    await judged();
    await store.judgements.setJudging(false);
    await meanings.setApart([meanings.learned[0]?.wordings[0]?.wording ?? '']);
    assert.equal((await task(store, '0')).judgement, null);
    assert.equal((await task(store, '0')).scoreParts.judgement, 500);
    await store.judgements.setJudging(true);
    assert.deepEqual(await waiting(), ['0', '1', '2']);
    assert.equal((await task(store, '3')).judgement?.value, 640, 'nobody has doubted it');
  });

  it('are all waited for when everything is forgotten', async () => {
    await store.judgements.setJudging(true);
    await judged();
    await meanings.clear();
    assert.deepEqual(await waiting(), ['0', '1', '2', '3']);
    assert.equal(await cached('Hospital quote'), 0);
    assert.deepEqual(await store.terms.terms(), []);
  });
});
