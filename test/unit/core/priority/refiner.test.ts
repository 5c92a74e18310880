import assert from 'node:assert/strict';
import type { WorkspaceId } from '../../../../src/core/model.ts';
import { Spend } from '../../../../src/core/priority/spend.ts';
import { drain } from '../../../support/fakeClock.ts';
import { readyTasks } from '../../../support/memoryJudgements.ts';
import { ListBench, minute } from '../../../support/refinerBench.ts';
import { failed, worth } from '../../../support/scriptedModel.ts';

const home = 'home' as WorkspaceId;

describe('The refiner', () => {
  let bench: ListBench;

  beforeEach(() => {
    bench = new ListBench();
  });

  afterEach(async () => {
    await bench.stop();
  });

  it('judges what waits, at most fifty in a call and a few calls at a time', async () => {
    bench.add(420);
    bench.model.latency = 4_000;
    await bench.go(30_000);
    assert.deepEqual(
      bench.model.batches.map(({ tasks }) => tasks.length),
      [50, 50, 50, 50, 50, 50, 50, 50, 20],
    );
    assert.deepEqual([bench.model.peak, bench.store.waiting, bench.state], [8, 0, 'idle']);
    assert.equal(new Set(bench.changed).size, 1);
  });

  it('is not kept from asking by one answer that does not come, nor from what was added since', async () => {
    bench.add(60);
    bench.model.latency = null;
    await bench.go(1_000);
    bench.model.latency = 100;
    bench.add(20, 'Other');
    bench.refiner.wake();
    await bench.clock.advance(2_000);
    assert.deepEqual([bench.store.waiting, bench.state], [60, 'asking']);
    assert.equal(bench.model.batches.at(-1)?.tasks.length, 20);
  });

  it('shows a batch in another order than that of its rank', async () => {
    bench.add(30);
    await bench.go();
    assert.notDeepEqual(
      bench.asked,
      bench.asked.toSorted((a, b) => Number(a.split(' ')[1]) - Number(b.split(' ')[1])),
    );
  });

  it('asks once about what means the same, and everything that means it gets the answer', async () => {
    const ids = ['Write 640 words', '640 words write', 'words WRITE 640'].map((title) =>
      bench.store.add(title),
    );
    await bench.go();
    assert.equal(bench.asked.length, 1);
    assert.deepEqual(
      ids.map((id) => bench.store.verdict(id)?.value),
      [640, 640, 640],
    );
    bench.store.add('write words 640');
    bench.refiner.wake();
    await bench.clock.advance(1_000);
    assert.deepEqual([bench.asked.length, bench.refiner.figures.fromCache], [1, 1]);
  });

  it('leaves nothing waiting that the cache can answer, however much it is', async () => {
    for (let count = 0; count < 1_000; count += 1) bench.store.add('Task 7');
    await bench.go();
    assert.equal(bench.asked.length, 1);
    assert.equal(bench.store.waiting, 0);
    assert.equal(bench.refiner.figures.first, 0);
  });

  it('fills a call from behind what the cache has answered', async () => {
    bench.store.add('Task 7');
    await bench.go();
    for (let count = 0; count < 400; count += 1) bench.store.add('Task 7');
    bench.add(50, 'Other');
    bench.refiner.wake();
    await bench.clock.advance(10_000);
    assert.deepEqual(
      bench.model.batches.map(({ tasks }) => tasks.length),
      [1, 25, 25],
    );
    assert.equal(bench.store.waiting, 0);
  });

  it('asks nothing while there is a free worker for everything, and begins when there is none', async () => {
    bench.store.ready = [readyTasks(10)];
    bench.add(3);
    await bench.go(minute);
    assert.deepEqual([bench.asked.length, bench.state], [0, 'not-needed']);
    bench.store.ready = [readyTasks(11)];
    bench.refiner.wake();
    await bench.clock.advance(1_000);
    assert.equal(bench.asked.length, 3);
  });

  it('asks nothing about a single task that waits: there is nothing to choose between', async () => {
    bench.freeWorkers = 0;
    bench.store.ready = [readyTasks(1)];
    bench.add(3);
    await bench.go(minute);
    assert.deepEqual([bench.asked.length, bench.state], [0, 'not-needed']);
    bench.store.ready = [readyTasks(2)];
    await bench.wake();
    assert.equal(bench.asked.length, 3);
  });

  it('asks nothing for tasks that wait for trust, nor for one of each kind that waits for what it shares', async () => {
    bench.hindrances.set('trust', 'trust').set('a', 'shared').set('b', 'shared');
    bench.store.ready = [
      readyTasks(50, 'home', 'trust'),
      readyTasks(1, 'home', 'a'),
      readyTasks(1, 'home', 'b'),
    ];
    bench.add(3);
    await bench.go(minute);
    assert.equal(bench.asked.length, 0);
  });

  it('asks while several wait for the same thing, though workers are free', async () => {
    bench.hindrances.set('a', 'shared');
    bench.store.ready = [readyTasks(2, 'home', 'a')];
    bench.add(3);
    await bench.go();
    assert.equal(bench.asked.length, 3);
  });

  it('lets what was judged count until it is clear that there is no model', async () => {
    bench.store.isOn = true;
    bench.current = null;
    await bench.go(20_000);
    assert.deepEqual([bench.state, bench.store.isOn], ['off', true]);
    await bench.clock.advance(20_000);
    assert.deepEqual([bench.state, bench.store.isOn], ['off', false]);
  });

  it('asks nothing without a model, and begins when there is one', async () => {
    bench.current = null;
    bench.add(3);
    await bench.go(minute);
    assert.deepEqual([bench.state, bench.clock.waiting], ['off', 0]);
    bench.current = bench.model;
    await bench.refiner.modelsChanged();
    await bench.clock.advance(1_000);
    assert.equal(bench.store.waiting, 0);
  });

  it('judges what still waits anew after half an hour, without anything happening', async () => {
    bench.add(8);
    await bench.go();
    await bench.clock.advance(29 * minute);
    assert.equal(bench.asked.length, 8);
    await bench.clock.advance(5 * minute);
    assert.equal(bench.asked.length, 16);
    assert.ok(bench.model.batches.length > 2, 'not all of it at one moment');
  });

  it('judges nothing anew while nothing has to wait', async () => {
    bench.add(8);
    await bench.go();
    bench.store.ready = [readyTasks(8)];
    await bench.clock.advance(60 * minute);
    await bench.wake(60 * minute);
    assert.equal(bench.asked.length, 8);
  });

  it('judges what waits anew when another model is to judge', async () => {
    bench.add(8);
    await bench.go();
    bench.model.name = 'another';
    await bench.refiner.modelsChanged();
    await bench.clock.advance(1_000);
    assert.equal(bench.asked.length, 16);
  });

  it('drops an answer to a call that was made for another goal, and asks anew', async () => {
    bench.store.goal = 'old';
    bench.model.latency = 4_000;
    bench.model.script = ({ project, tasks }, call) =>
      worth(
        {
          project,
          tasks: tasks.map((one) => ({ ...one, title: project.current_goal === 'old' ? '100' : '600' })),
        },
        call,
      );
    const id = bench.store.add('Task');
    await bench.go(2_000);
    bench.store.goal = 'new';
    await bench.store.judgeAgain(home);
    await bench.clock.advance(3_000);
    assert.equal(
      bench.store.verdict(id),
      undefined,
      'the answer for the old goal is there, and counts for nothing',
    );
    await bench.clock.advance(10_000);
    assert.deepEqual([bench.store.verdict(id)?.value, bench.asked.length], [600, 2]);
  });

  it('asks once more about what an answer leaves out or names twice, and then takes the default', async () => {
    const left = bench.store.add('Left 1');
    const twice = bench.store.add('Twice 2');
    bench.model.script = ({ tasks }) => {
      const [two] = tasks.filter(({ title }) => title.startsWith('Twice'));
      const one = { id: two?.id, priority_score: 5 };
      return JSON.stringify(two === undefined ? { tasks: [] } : { tasks: [one, one] });
    };
    await bench.go(5_000);
    assert.equal(bench.model.batches.length, 2);
    for (const id of [left, twice]) {
      assert.deepEqual([bench.store.verdict(id)?.value, bench.store.verdict(id)?.source], [100, 'default']);
    }
  });

  it('keeps an answer without a number for a minute, and not for half an hour', async () => {
    const id = bench.store.add('Task worth 470');
    bench.model.script = (batch, call) => (call === 1 ? '{}' : worth(batch, call));
    await bench.go(59_000);
    assert.deepEqual([bench.store.verdict(id)?.value, bench.model.batches.length], [100, 1]);
    await bench.clock.advance(5_000);
    assert.deepEqual([bench.store.verdict(id)?.value, bench.store.verdict(id)?.source], [470, 'model']);
  });

  it('asks less and less often about what is never answered with a number, and the cache never hears of it', async () => {
    const id = bench.store.add('Task');
    bench.model.script = () => '{}';
    await bench.go(20 * minute);
    const calls = (): number => bench.model.batches.length;
    assert.equal(calls(), 5, 'after 1, 3, 7 and 15 minutes');
    await bench.clock.advance(100 * minute);
    assert.ok(calls() <= 12, 'every sixteen minutes at most');
    assert.deepEqual([bench.store.cache.size, bench.store.verdict(id)?.source], [0, 'default']);
    const twin = bench.store.add('task');
    await bench.wake();
    assert.equal(bench.store.verdict(twin), undefined, 'what means the same is told nothing of it');
  });

  it('does not trade a sound judgement for one that makes no sense', async () => {
    const id = bench.store.add('Task worth 470');
    bench.model.script = (batch, call) => (call === 1 ? worth(batch, call) : '{}');
    await bench.go();
    await bench.clock.advance(40 * minute);
    assert.ok(bench.model.batches.length > 1);
    assert.deepEqual([bench.store.verdict(id)?.value, bench.store.verdict(id)?.source], [470, 'model']);
  });

  it('goes on with other tasks while one that made no sense is left alone', async () => {
    bench.store.add('Odd');
    bench.model.script = (batch, call) =>
      batch.tasks.some(({ title }) => title === 'Odd') ? '{}' : worth(batch, call);
    await bench.go(5_000);
    const id = bench.store.add('Task worth 480');
    bench.refiner.wake();
    await bench.clock.advance(5_000);
    assert.equal(bench.store.verdict(id)?.value, 480);
  });

  it('gives an outlier the end of the scale, and asks again after a minute', async () => {
    const id = bench.store.add('Task worth 30');
    bench.model.script = (batch, call) =>
      call === 1 ? JSON.stringify([{ id: 't1', priority_score: -40 }]) : worth(batch, call);
    await bench.go(30_000);
    assert.deepEqual([bench.store.verdict(id)?.value, bench.store.verdict(id)?.source], [0, 'outlier']);
    assert.equal(bench.store.cache.size, 0);
    await bench.clock.advance(minute);
    assert.equal(bench.store.verdict(id)?.value, 30);
  });

  it('uses what was said for half an hour, then asks anew while the old judgement serves', async () => {
    bench.store.add('Task 480');
    await bench.go();
    const later = bench.store.add('480 Task');
    await bench.clock.advance(29 * minute);
    bench.refiner.wake();
    await bench.clock.advance(1_000);
    assert.deepEqual([bench.asked.length, bench.store.verdict(later)?.source], [1, 'cache']);
    const muchLater = bench.store.add('task 480');
    bench.model.latency = 4_000;
    await bench.clock.advance(5 * minute);
    bench.refiner.wake();
    await bench.clock.advance(2_000);
    assert.equal(bench.store.verdict(muchLater)?.value, 480);
    await bench.clock.advance(10_000);
    assert.deepEqual([bench.asked.length, bench.store.verdict(muchLater)?.source], [2, 'model']);
  });

  it('asks anew under another goal', async () => {
    bench.add(1);
    await bench.go();
    bench.store.goal = 'Something else';
    await bench.store.judgeAgain(home);
    bench.refiner.wake();
    await bench.clock.advance(1_000);
    assert.equal(bench.asked.length, 2);
  });

  it('stops for the day when its tokens are used up, also after a reload, and goes on the next', async () => {
    bench.settings = { timeout: minute, dailyTokens: 100 };
    bench.add(60);
    await bench.go();
    assert.deepEqual([bench.model.batches.length, bench.state], [1, 'spent']);
    const again = new Spend({
      note: (name) => Promise.resolve(bench.notes.get(name)),
      putNote: () => Promise.resolve(),
    });
    await again.load();
    assert.equal(again.today(bench.clock.wallClock()), 110);
    await bench.clock.advance(24 * 60 * minute);
    assert.equal(bench.model.batches.length, 2);
  });

  it('judges a workspace anew when a person asks, also while workers are free, and tells how far it is', async () => {
    bench.store.ready = [];
    bench.add(60);
    await bench.go();
    bench.model.latency = 3_000;
    const progress: number[] = [];
    const done = bench.refiner.judgeAgain(home, new AbortController().signal, (left) => progress.push(left));
    await bench.clock.advance(30_000);
    assert.equal(await done, null);
    assert.deepEqual([progress[0], progress.at(-1)], [60, 0]);
  });

  it('says why a judgement anew ended early', async () => {
    bench.add(2);
    bench.model.script = () => failed('unauthorized');
    await bench.refiner.start();
    const done = bench.refiner.judgeAgain(home, new AbortController().signal, () => undefined);
    await bench.clock.advance(1_000);
    assert.equal(await done, 'It is unauthorized.');
  });

  it('gives every workspace its turn', async () => {
    for (const workspace of ['a', 'b', 'c']) {
      for (let value = 1; value <= 70; value += 1) bench.store.add(`${workspace} ${value}`, {}, workspace);
    }
    bench.model.latency = 1_000;
    await bench.go(3_300);
    const firsts = bench.model.batches.map(({ tasks: [task] }) => task?.title[0]);
    assert.deepEqual([...new Set(firsts)].toSorted(), ['a', 'b', 'c']);
    assert.equal(firsts.length, 9);
  });

  it('leaves the tasks of folders alone that are not open', async () => {
    bench.store.add('Task', {}, 'closed');
    await bench.go(minute);
    assert.equal(bench.asked.length, 0);
  });

  it('ends a call under way when the house closes', async () => {
    bench.add(1);
    bench.model.latency = null;
    await bench.go(1_000);
    const stopped = bench.refiner.stop();
    await drain();
    await stopped;
    assert.equal(bench.clock.waiting, 0);
  });
});
