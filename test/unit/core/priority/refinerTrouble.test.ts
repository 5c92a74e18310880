import assert from 'node:assert/strict';
import { ListBench, minute } from '../../../support/refinerBench.ts';
import { answered, failed, worth } from '../../../support/scriptedModel.ts';
import type { ModelScript } from '../../../support/scriptedModel.ts';

describe('The refiner, when the model fails,', () => {
  let bench: ListBench;

  beforeEach(() => {
    bench = new ListBench();
  });

  afterEach(async () => {
    await bench.stop();
  });

  const broken: ModelScript = () => failed('unavailable');

  it('leaves it alone for longer and longer, then goes on by itself with one call at a time', async () => {
    bench.add(60);
    bench.model.script = broken;
    await bench.go(10 * minute);
    const calls = bench.model.batches.length;
    assert.ok(calls >= 5 && calls <= 12, `${calls} calls in ten minutes`);
    assert.equal(bench.state, 'waiting');
    bench.model.script = worth;
    bench.model.latency = 1_000;
    bench.model.peak = 0;
    await bench.clock.advance(6 * minute);
    assert.deepEqual([bench.store.waiting, bench.model.peak], [0, 1]);
  });

  it('makes no more calls than it may at a time, however often there is something new', async () => {
    bench.model.latency = minute / 2;
    await bench.go(1_000);
    for (let count = 0; count < 20; count += 1) {
      bench.add(1, `More ${count}`);
      await bench.wake();
    }
    assert.deepEqual([bench.model.peak, bench.store.waiting], [8, 20]);
    await bench.clock.advance(2 * minute);
    assert.equal(bench.store.waiting, 0);
    bench.model.script = broken;
    bench.add(1, 'Another');
    await bench.wake(minute / 2 + 500);
    bench.model.script = worth;
    bench.model.peak = 0;
    for (let count = 0; count < 20; count += 1) {
      bench.add(1, `Later ${count}`);
      await bench.wake();
    }
    assert.equal(bench.model.peak, 1, 'one after a failure');
  });

  it('is not made to ask by new tasks before its time', async () => {
    bench.add(1);
    bench.model.script = () => failed('rate-limited', 5 * minute);
    await bench.go(1_000);
    for (let count = 0; count < 50; count += 1) {
      bench.add(1, `More ${count}`);
      bench.refiner.wake();
      await bench.clock.advance(1_000);
    }
    assert.equal(bench.model.batches.length, 1);
  });

  it('still gives out what it has said before', async () => {
    bench.store.add('Task worth 333');
    await bench.go();
    bench.model.script = broken;
    bench.store.add('Task worth 5');
    bench.refiner.wake();
    await bench.clock.advance(1_000);
    assert.equal(bench.state, 'waiting');
    const calls = bench.model.batches.length;
    const twin = bench.store.add('worth 333 task');
    bench.refiner.wake();
    await bench.clock.advance(5_000);
    assert.equal(bench.store.verdict(twin)?.value, 333);
    assert.ok(bench.model.batches.length <= calls + 1);
  });

  it('says so twice in the log, however long it lasts', async () => {
    bench.add(1);
    bench.model.script = broken;
    await bench.go(120 * minute);
    assert.equal(bench.log.lines.length, 2);
  });

  it('gives up an answer that does not come, and asks about fewer tasks next time', async () => {
    bench.add(40);
    bench.model.latency = null;
    await bench.go(minute + 1_000);
    assert.equal(bench.state, 'waiting');
    bench.model.latency = 0;
    await bench.clock.advance(10_000);
    assert.deepEqual(bench.model.batches.map(({ tasks }) => tasks.length).slice(0, 3), [25, 15, 12]);
  });

  it('waits for a person when the key is refused, and asks again when something has changed', async () => {
    bench.add(1);
    bench.model.script = () => failed('unauthorized');
    await bench.go(60 * minute);
    assert.deepEqual([bench.model.batches.length, bench.state], [1, 'stopped']);
    assert.deepEqual(bench.told, ['idle', 'asking', 'stopped'], 'screens are told');
    bench.model.script = worth;
    await bench.refiner.modelsChanged();
    await bench.clock.advance(1_000);
    assert.equal(bench.store.waiting, 0);
  });

  it('goes on without the one task that the endpoint refuses, which keeps the value it has', async () => {
    bench.add(8);
    const bad = bench.store.add('Forbidden');
    bench.model.script = (batch, call) =>
      batch.tasks.some(({ title }) => title === 'Forbidden') ? failed('refused') : worth(batch, call);
    await bench.go(20 * minute);
    assert.deepEqual([bench.store.waiting, bench.store.verdict(bad)], [1, undefined]);
    assert.equal(bench.state, 'idle', 'that is nothing to be told of');
    const tries = (): number => bench.asked.filter((title) => title === 'Forbidden').length;
    const before = tries();
    await bench.clock.advance(64 * minute);
    assert.ok(tries() <= before + 6, 'it is asked about ever less often');
  });

  for (const failure of ['refused', 'no-model'] as const) {
    it(`gives no task a value when everything is ${failure}, and goes on by itself when that is over`, async () => {
      bench.add(5);
      bench.model.script = () => failed(failure);
      await bench.go(60 * minute);
      const calls = bench.model.batches.length;
      assert.ok(calls >= 5 && calls <= 40, `${calls} calls in an hour`);
      assert.deepEqual([bench.store.waiting, bench.changed], [5, []]);
      bench.model.script = worth;
      await bench.clock.advance(20 * minute);
      assert.equal(bench.store.waiting, 0);
    });
  }

  it('takes it for the model when it refuses all after it had answered', async () => {
    bench.add(5);
    await bench.go();
    bench.model.script = () => failed('refused');
    bench.add(8, 'More');
    await bench.wake(30 * minute);
    assert.deepEqual([bench.store.waiting, bench.state], [8, 'waiting']);
  });

  it('waits no longer than a day, however long it is told to', async () => {
    bench.add(1);
    bench.model.script = (batch, call) =>
      call === 1 ? failed('rate-limited', 400 * 24 * 60 * minute) : worth(batch, call);
    await bench.go(24 * 60 * minute);
    await bench.clock.advance(minute);
    assert.equal(bench.store.waiting, 0);
  });

  it('counts what was sent of a call that was given up, and nothing for one that never left', async () => {
    bench.add(40);
    bench.model.latency = null;
    await bench.go(minute + 1_000);
    const { tokensToday } = bench.refiner.figures;
    const [first] = bench.model.batches;
    assert.ok(tokensToday > JSON.stringify(first).length / 4, `${tokensToday} tokens`);
    bench.model.latency = 0;
    bench.model.script = () => ({ ...failed('rate-limited', minute), notSent: true });
    await bench.clock.advance(5 * minute);
    assert.equal(bench.refiner.figures.tokensToday, tokensToday);
  });

  it('takes a call that may not be made now for no failure, and makes it when it may', async () => {
    bench.add(3);
    bench.model.script = (batch, call) =>
      call < 4 ? { ...failed('rate-limited', minute), notSent: true } : worth(batch, call);
    await bench.go(2 * minute);
    const { calls, failedCalls, asked, lastCall, state } = bench.refiner.figures;
    assert.deepEqual([calls, failedCalls, asked, lastCall, state.kind], [0, 0, 0, null, 'limited']);
    assert.deepEqual(bench.log.lines, []);
    await bench.clock.advance(2 * minute);
    assert.deepEqual([bench.store.waiting, bench.refiner.figures.calls], [0, 1]);
  });

  it('treats an answer that is none as a failure, and keeps nothing of it', async () => {
    bench.add(2);
    bench.model.script = () => 'No.';
    await bench.go(3_000);
    assert.deepEqual([bench.store.waiting, bench.store.cache.size, bench.state], [2, 0, 'waiting']);
  });

  it('takes what an answer that broke off has, and asks for less', async () => {
    bench.add(20);
    bench.model.script = (batch, call) => {
      const text = worth(batch, call) as string;
      return call === 1 ? answered(text.slice(0, text.length / 2), false) : text;
    };
    await bench.go();
    const [, second] = bench.model.batches;
    assert.ok(second !== undefined && second.tasks.length <= 10);
    assert.equal(bench.store.waiting, 0);
  });
});
