import assert from 'node:assert/strict';
import { ListBench, minute } from '../../../support/refinerBench.ts';
import { failed, worth } from '../../../support/scriptedModel.ts';

describe('What the refiner tells of itself', () => {
  let bench: ListBench;

  beforeEach(() => {
    bench = new ListBench();
  });

  afterEach(async () => {
    await bench.stop();
  });

  it('counts every task of every call, and no more as being asked about than is under way', async () => {
    bench.add(100);
    bench.model.latency = 4_000;
    bench.model.script = (batch, call) => (call === 1 ? failed('unavailable') : worth(batch, call));
    await bench.go(2_000);
    const asking = (): number => {
      const { state } = bench.refiner.figures;
      return state.kind === 'asking' ? state.tasks : 0;
    };
    assert.equal(asking(), 100);
    await bench.clock.advance(5 * minute);
    const { calls, failedCalls, asked, fromCache } = bench.refiner.figures;
    const shown = bench.model.batches.reduce((sum, { tasks }) => sum + tasks.length, 0);
    assert.deepEqual([calls, failedCalls, asked, fromCache], [bench.model.batches.length, 1, shown, 0]);
    assert.equal(asking(), 0);
  });

  it('is not that it asks when the last answer is there and nothing has to wait any more', async () => {
    bench.add(60);
    bench.model.latency = 4_000;
    await bench.go(1_000);
    assert.equal(bench.state, 'asking');
    bench.store.ready = [];
    await bench.wake(minute);
    assert.equal(bench.state, 'not-needed');
  });

  it('counts a task once that the cache has judged, whatever follows', async () => {
    bench.store.add('Task worth 940');
    bench.store.add('Task worth 300');
    await bench.go();
    bench.store.add('worth 940 task');
    await bench.wake(40 * minute);
    assert.equal(bench.refiner.figures.fromCache, 1);
  });
});
