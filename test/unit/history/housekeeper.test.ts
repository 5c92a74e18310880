import assert from 'node:assert/strict';
import { Housekeeper } from '../../../src/core/history/housekeeper.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { RecordingLog } from '../../support/recordingLog.ts';

describe('The housekeeper', () => {
  let clock: FakeClock;
  let log: RecordingLog;
  let began: number[];
  let work: (signal: AbortSignal) => Promise<void>;
  let keeper: Housekeeper;

  beforeEach(() => {
    clock = new FakeClock();
    log = new RecordingLog();
    began = [];
    work = () => Promise.resolve();
    keeper = new Housekeeper({
      clock,
      log,
      tidy: async (signal) => {
        began.push(clock.monotonic());
        await work(signal);
      },
    });
  });

  it('has no timer while nothing happens', async () => {
    assert.equal(clock.waiting, 0);
    keeper.changed();
    await clock.advance(10_000);
    assert.deepEqual([began, clock.waiting], [[5_000], 0]);
  });

  it('waits until the house is quiet', async () => {
    for (let second = 0; second < 10; second += 1) {
      keeper.changed();
      await clock.advance(1_000);
    }
    assert.deepEqual(began, []);
    await clock.advance(10_000);
    assert.deepEqual(began, [14_000]);
  });

  it('does not wait for ever for a house that never is', async () => {
    for (let second = 0; second < 400; second += 1) {
      keeper.changed();
      await clock.advance(1_000);
    }
    assert.deepEqual(began, [120_000, 240_000, 360_000]);
  });

  it('does one thing at a time, and goes on after a failure', async () => {
    const { promise, reject } = Promise.withResolvers<undefined>();
    work = () => promise;
    keeper.changed();
    await clock.advance(5_000);
    keeper.changed();
    await clock.advance(20_000);
    assert.deepEqual(began, [5_000]);
    reject(new Error('The disk is full.'));
    work = () => Promise.resolve();
    await clock.advance(10_000);
    assert.equal(began.length, 2);
    assert.match(log.lines[0]?.message ?? '', /disk is full/);
  });

  it('stops what is under way when the house closes, and begins nothing any more', async () => {
    work = (signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      });
    keeper.changed();
    await clock.advance(5_000);
    await keeper.close();
    keeper.changed();
    assert.deepEqual([began.length, clock.waiting, log.lines.length], [1, 0, 0]);
  });
});
