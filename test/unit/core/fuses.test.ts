/** Single fuses, asked as the store asks them. */
import assert from 'node:assert/strict';
import { antiLoop } from '../../../src/core/fuses/antiLoop.ts';
import { defaultFuses } from '../../../src/core/fuses/fuseSettings.ts';
import { likenessOf } from '../../../src/core/fuses/likeness.ts';
import { reentryDelay } from '../../../src/core/fuses/reentry.ts';
import { answersIn, countedFrom, forgottenAfter } from '../../../src/core/fuses/trip.ts';
import type { Ending } from '../../../src/core/fuses/trip.ts';
import { settlementOf } from '../../../src/core/settlement.ts';
import type { RetryPorts } from '../../../src/core/settlement.ts';
import { maxDeferrals } from '../../../src/core/workers/retryPolicy.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SeededChance } from '../../support/seededChance.ts';
import { ready, taskId } from '../ui/pictures.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('Earlier trips', () => {
  const byTime = (at: number, endedAt: number): Ending => ({ at, endedAt, by: 'time' });
  const byUser = (at: number, endedAt: number): Ending => ({ at, endedAt, by: 'user' });

  it('double the next wait while each comes within a day of the one before, and nobody answers', () => {
    const now = 100 * hour;
    const lately = [byTime(now - 2 * hour, now - hour), byTime(now - 20 * hour, now - 10 * hour)];
    assert.equal(answersIn(lately, now).byTime, 2);
    assert.equal(
      answersIn([...lately, byTime(now - 60 * hour, now - 50 * hour)], now).byTime,
      2,
      'a day apart',
    );
    assert.equal(
      answersIn([...lately, byUser(0, now - 21 * hour), byTime(0, now - 22 * hour)], now).byTime,
      2,
    );
    assert.equal(answersIn([byUser(0, now - hour), ...lately], now).byTime, 0);
    assert.equal(answersIn([byTime(0, now - forgottenAfter)], now).byTime, 1);
    assert.equal(answersIn([byTime(0, now - forgottenAfter - 1)], now).byTime, 0);
  });

  it('add to a limit by the answers of a person since an instant, and by nothing else', () => {
    const endings = [byTime(0, 900), byUser(0, 500), byTime(0, 400), byUser(0, 100)];
    const { byUser: all, last, lastByUser } = answersIn(endings, 1_000);
    assert.deepEqual([all, last, lastByUser], [2, 900, 500]);
    assert.equal(answersIn(endings, 1_000, 500).byUser, 1);
    assert.equal(answersIn(endings, 1_000, 501).byUser, 0);
    assert.equal(countedFrom(answersIn([], 1_000)), 0);
  });
});

describe('The anti-loop fuse', () => {
  const now = 1_000 * hour;
  /** @param waited trips that ended by time, without an answer */
  const tripAfter = (waited: number): ReturnType<typeof antiLoop> =>
    antiLoop(
      {
        startedSince: () => defaultFuses.antiLoop,
        answers: () => ({ byUser: 0, byTime: waited, last: null, lastByUser: null }),
      },
      defaultFuses,
      now,
    );

  it('pauses a folder for a window, then for two, four and so on, for a day at most', () => {
    const waits = [0, 1, 2, 40].map((waited) => ((tripAfter(waited)?.resumesAt ?? 0) - now) / minute);
    assert.deepEqual(waits, [5, 10, 20, 24 * 60]);
  });

  it('is told the first time alone', () => {
    assert.deepEqual([tripAfter(0)?.repeats, tripAfter(1)?.repeats], [false, true]);
  });
});

describe('The wait of what repeats what is above it', () => {
  it('grows threefold, to ten minutes at most', () => {
    assert.deepEqual(
      [0, 1, 2, 3, 4, 5, 400].map((reentries) => reentryDelay(reentries) / 1_000),
      [0, 10, 30, 90, 270, 600, 600],
    );
  });
});

describe('The likeness of a task', () => {
  const above = ready('parent', { parent: taskId('root'), title: 'Fix it', input: { argv: ['a'] } }).task;
  const root = ready('root', { title: 'fix IT', input: { argv: ['a'] } }).task;
  const store = { task: (id: string) => Promise.resolve(id === 'root' ? root : undefined) };
  const like = async (title: string, argv: readonly string[]): ReturnType<typeof likenessOf> =>
    await likenessOf({ title, input: { argv } }, above, store, (text) => text.toLowerCase());

  it('counts those above it that mean the same and run the same', async () => {
    assert.equal((await like('FIX IT', ['a'])).reentries, 2);
    assert.equal((await like('FIX IT', ['b'])).reentries, 0);
    assert.equal((await like('Other', ['a'])).reentries, 0);
  });

  it('is the same for the same meaning and command alone', async () => {
    const { likeness } = await like('One', ['a', 'b']);
    assert.equal((await like('ONE', ['a', 'b'])).likeness, likeness);
    for (const [title, argv] of [
      ['Two', ['a', 'b']],
      ['One', ['a b']],
      ['One', ['b', 'a']],
      ['One', []],
    ] as const)
      assert.notEqual((await like(title, argv)).likeness, likeness);
  });
});

describe('A run that is told to slow down', () => {
  const ports: RetryPorts = {
    clock: new FakeClock(),
    chance: new SeededChance(),
    retry: () => ({ baseDelay: 1_000, maxDelay: 1_000 }),
    isHeldBack: () => false,
  };
  const eventAfter = (deferrals: number): string =>
    settlementOf(
      ready('a', { deferrals }).task,
      {
        kind: 'failed',
        error: { code: 'rate-limit', message: '' },
        retryable: true,
        rateLimited: { resource: null, retryAfter: null },
      },
      undefined,
      undefined,
      ports,
    ).event;

  it('goes back to the queue so often in a row, and then asks', () => {
    assert.deepEqual([0, maxDeferrals - 2, maxDeferrals - 1].map(eventAfter), ['defer', 'defer', 'ask']);
  });
});
