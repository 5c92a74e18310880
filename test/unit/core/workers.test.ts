import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TaskId } from '../../../src/core/model.ts';
import { defaultRetryPolicy, retryDelay } from '../../../src/core/workers/retryPolicy.ts';
import { WorkerPool } from '../../../src/core/workers/workerPool.ts';

const id = (name: string): TaskId => name as TaskId;

function failing(thrown: unknown): void {
  throw thrown;
}

describe('the worker pool', () => {
  it('never runs more than its size', async () => {
    const pool = new WorkerPool(3, failing);
    const gate = Promise.withResolvers<undefined>();
    let running = 0;
    let peak = 0;
    const job = async (): Promise<void> => {
      running += 1;
      peak = Math.max(peak, running);
      await gate.promise;
      running -= 1;
    };
    const runs = ['a', 'b', 'c'].map((name) => pool.start(id(name), 1, job));
    assert.equal(pool.free, 0);
    assert.throws(() => pool.start(id('d'), 1, job), RangeError);
    gate.resolve(undefined);
    await Promise.all(runs.map((run) => run.done));
    assert.equal(peak, 3);
    assert.equal(pool.free, 3);
  });

  it('refuses to run a task twice at a time', async () => {
    const pool = new WorkerPool(2, failing);
    const gate = Promise.withResolvers<undefined>();
    const run = pool.start(id('a'), 1, () => gate.promise);
    assert.throws(() => pool.start(id('a'), 2, () => gate.promise), RangeError);
    gate.resolve(undefined);
    await run.done;
  });

  it('keeps the first reason for which a run is stopped', async () => {
    const pool = new WorkerPool(1, failing);
    const run = pool.start(
      id('a'),
      1,
      (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => resolve());
        }),
    );
    run.stop('timeout');
    run.stop('cancel');
    await run.done;
    assert.equal(run.stopped, 'timeout');
  });

  it('gives the worker back when a job throws', async () => {
    const thrown: unknown[] = [];
    const pool = new WorkerPool(1, (error) => thrown.push(error));
    await pool.start(id('a'), 1, () => Promise.reject(new Error('injected'))).done;
    assert.equal(pool.free, 1);
    assert.equal(thrown.length, 1);
  });

  it('ends nothing when it shrinks, and starts nothing until it has room', async () => {
    const pool = new WorkerPool(2, failing);
    const gate = Promise.withResolvers<undefined>();
    const runs = ['a', 'b'].map((name) => pool.start(id(name), 1, () => gate.promise));
    pool.resize(1);
    assert.equal(pool.free, 0);
    assert.equal(pool.busy, 2);
    gate.resolve(undefined);
    await Promise.all(runs.map((run) => run.done));
    assert.equal(pool.free, 1);
  });
});

describe('the retry delay', () => {
  it('lies between half of the doubling step and the whole, and never above the ceiling', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (attempt, random) => {
          const step = Math.min(
            defaultRetryPolicy.maxDelay,
            defaultRetryPolicy.baseDelay * 2 ** (attempt - 1),
          );
          const delay = retryDelay(defaultRetryPolicy, attempt, random);
          assert.ok(delay >= Math.floor(step / 2) && delay <= step);
        },
      ),
    );
  });
});
