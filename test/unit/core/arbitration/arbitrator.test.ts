/** Who may have what. */
import assert from 'node:assert/strict';
import { Arbitrator } from '../../../../src/core/arbitration/arbitrator.ts';
import { demandsIn, signatureOf } from '../../../../src/core/arbitration/requirements.ts';
import { modelRate } from '../../../../src/core/arbitration/resource.ts';
import type { Resource } from '../../../../src/core/arbitration/resource.ts';

const resources = new Map<string, Resource>([
  ['search', { kind: 'rate', capacity: 10, perSecond: 1, spike: null }],
  ['calm', { kind: 'rate', capacity: 100, perSecond: 10, spike: 3 }],
  ['slots', { kind: 'pool', capacity: 4 }],
  ['money', { kind: 'budget', capacity: 5, period: 'day' }],
]);
const open = (): Arbitrator => new Arbitrator({ resources: () => resources, trusted: () => true });
const limited = { kind: 'limited' as const, startedAt: 0, retryAfter: null };
const failing = { kind: 'failing' as const, retryAfter: null };

describe('a signature', () => {
  it('says amounts, in any order the same', () => {
    const demands = [
      { resource: 'slots', amount: 1 },
      { resource: 'search', amount: 2.5 },
    ];
    assert.equal(signatureOf(demands), signatureOf(demands.toReversed()));
    assert.deepEqual([...demandsIn(signatureOf(demands))].toSorted(), [
      ['search', 2.5],
      ['slots', 1],
    ]);
  });
});

describe('the arbitrator', () => {
  it('grants all of what is named or nothing', () => {
    const arbitrator = open();
    arbitrator.take('search*9', 0);
    arbitrator.give('search*9', 0);
    assert.equal(arbitrator.grantable('search*2 + slots', [], 0), false);
    assert.equal(arbitrator.grantable('slots*4', [], 0), true, 'nothing was taken of the slots');
    assert.equal(arbitrator.grantable('search*2 + slots', [], 1_000), true);
  });

  it('counts slots by what runs, so that they cannot leak', () => {
    const arbitrator = open();
    assert.equal(arbitrator.grantable('slots*3', ['slots*2'], 0), false);
    assert.equal(arbitrator.grantable('slots*2', ['slots*2'], 0), true);
    assert.equal(arbitrator.grantable('slots*3', [], 0), true);
  });

  it('takes no more within a second than the spike limit, whatever there is', () => {
    const arbitrator = open();
    for (const time of [0, 100, 200]) arbitrator.take('calm', time);
    assert.equal(arbitrator.lackOf('calm', [], 300)?.until, 1_000);
    assert.equal(arbitrator.lackOf('calm*2', [], 300)?.until, 1_100);
    assert.equal(arbitrator.lackOf('calm', [], 1_000), null);
  });

  it('says what is longest in coming', () => {
    const arbitrator = open();
    arbitrator.take('search*10', 0);
    arbitrator.take('money*5', 0);
    assert.deepEqual(arbitrator.lackOf('money + search', [], 0), { resource: 'money', until: 86_400_000 });
  });

  it('reserves for what has waited half a minute, of that resource alone', () => {
    const arbitrator = open();
    const busy = ['slots*3'];
    assert.equal(arbitrator.grantable('slots*4', busy, 0), false);
    assert.equal(arbitrator.grantable('slots', busy, 29_000), true, 'not yet');
    assert.equal(arbitrator.grantable('slots', busy, 31_000), false, 'others let it fill up');
    assert.equal(arbitrator.grantable('search', busy, 31_000), true);
    assert.equal(arbitrator.grantable('slots*4', [], 32_000), true);
    arbitrator.take('slots*4', 32_000);
    assert.equal(arbitrator.grantable('slots', busy, 33_000), true, 'nobody waits any more');
  });

  it('reserves nothing for what lacks something that is far away', () => {
    const arbitrator = open();
    arbitrator.take('money*5', 0);
    assert.equal(arbitrator.grantable('money + slots*4', ['slots*3'], 0), false);
    assert.equal(arbitrator.grantable('slots', ['slots*3'], 60_000), true);
  });

  it('ends a reservation when what it was for is asked for no more', () => {
    const arbitrator = open();
    arbitrator.grantable('slots*4', ['slots*3'], 0);
    arbitrator.endPass(new Set(['slots']));
    assert.equal(arbitrator.grantable('slots', ['slots*3'], 41_000), true);
  });

  it('says when to look again, from when it was asked, and not for what may start', () => {
    const arbitrator = open();
    arbitrator.take('search*10', 0);
    arbitrator.give('search*10', 0);
    assert.equal(arbitrator.grantable('search', [], 0), false);
    const at = arbitrator.endPass(new Set(['search'])) ?? NaN;
    assert.equal(at, 1_000, 'it comes back by itself');
    assert.equal(arbitrator.grantable('slots*4', ['slots*3'], 0), false);
    assert.equal(arbitrator.endPass(new Set(['slots*4'])), null, 'a run that ends is a reason of its own');
    assert.equal(arbitrator.grantable('search', [], 0), false);
    assert.equal(arbitrator.grantable('search', [], at), true);
    assert.equal(arbitrator.endPass(new Set(['search'])), null);
    assert.equal(arbitrator.grantable('search', [], 0), false);
  });

  it('rests as long as it was told, then asks less often', () => {
    const arbitrator = open();
    arbitrator.take('search', 0);
    arbitrator.answered('search', { ...limited, retryAfter: 20_000 }, 1_000);
    assert.equal(arbitrator.lackOf('search', [], 2_000)?.until, 21_000);
    const { pace, level } = arbitrator.bucketAt('search', 1_000);
    assert.ok(pace.share < 1 && level === 0);
  });

  it('takes many at once for too many at once, when there is plenty and no limit was known', () => {
    const arbitrator = open();
    for (const time of [0, 10, 20, 30, 40]) arbitrator.take('search', time);
    arbitrator.answered('search', { ...limited, startedAt: 40 }, 200);
    const { pace } = arbitrator.bucketAt('search', 200);
    assert.equal(pace.share, 1, 'the rate is as it was');
    assert.equal(pace.spike, 3);
  });

  it('leaves alone what fails five times, and then lets one try for all', () => {
    const arbitrator = open();
    for (let time = 0; time < 5; time += 1) arbitrator.answered('search', failing, time);
    assert.equal(arbitrator.lackOf('search', [], 10)?.until, 30_004);
    assert.equal(arbitrator.lackOf('search', [], 31_000), null);
    arbitrator.take('search', 31_000);
    assert.equal(arbitrator.lackOf('search', [], 31_001)?.until, null, 'until the first has been answered');
    arbitrator.give('search', 32_000);
    arbitrator.answered('search', failing, 32_000);
    assert.equal(arbitrator.lackOf('search', [], 32_001)?.until, 92_000, 'twice as long');
    arbitrator.answered('search', { kind: 'ok' }, 92_001);
    arbitrator.take('search', 92_002);
    assert.equal(arbitrator.lackOf('search', [], 92_003), null);
  });

  it('lets one try for all while much of what is asked has to be asked again', () => {
    const arbitrator = open();
    const answers = (kind: 'ok' | 'failing', count: number): void => {
      for (let number = 0; number < count; number += 1)
        arbitrator.answered('search', kind === 'ok' ? { kind } : failing, 0);
    };
    for (let round = 0; round < 100; round += 1) {
      answers('failing', 1);
      answers('ok', 6);
    }
    arbitrator.take('search', 0);
    assert.equal(arbitrator.lackOf('search', [], 1), null, 'a seventh is within the budget');
    for (let round = 0; round < 20; round += 1) {
      answers('failing', 1);
      answers('ok', 1);
    }
    assert.deepEqual(arbitrator.lackOf('search', [], 1), { resource: 'search', until: null });
    arbitrator.give('search', 2);
    assert.equal(arbitrator.lackOf('search', [], 2), null, 'one at a time');
    answers('ok', 6);
    arbitrator.take('search', 3);
    assert.equal(arbitrator.lackOf('search', [], 4), null, 'well again');
  });

  it('gives back what was reserved and not used, and charges what was used beyond', () => {
    const arbitrator = open();
    arbitrator.take('search*4', 0);
    arbitrator.give('search*4', 0, { search: 1 });
    assert.equal(arbitrator.bucketAt('search', 0).level, 9);
    arbitrator.take('search', 0);
    arbitrator.give('search', 0, { search: 3 });
    assert.equal(arbitrator.bucketAt('search', 0).level, 6);
    const changed = arbitrator.give('slots', 0, { search: 4, slots: 2, nothing: 1 });
    assert.deepEqual([...changed.keys()], ['search'], 'nobody had said that it would be used');
    assert.equal(arbitrator.bucketAt('search', 0).level, 2);
  });

  it('goes on after a restart with what was kept, and what was under way counts as sent', () => {
    const arbitrator = open();
    const kept = arbitrator.take('search*8', 0);
    const again = open();
    again.restore(kept, 0);
    assert.equal(again.bucketAt('search', 1_000).level, 3);
  });

  it('believes what the other side says of its limits where that is less', () => {
    const arbitrator = open();
    arbitrator.told('search', { limit: 60, remaining: 2, reset: 116_000 }, 0);
    const { level, pace } = arbitrator.bucketAt('search', 0);
    assert.equal(level, 2);
    assert.equal(pace.share, 0.5, '58 in 116 seconds');
  });

  it('believes it also where that is more, when the settings say nothing', () => {
    const arbitrator = new Arbitrator({
      resources: () => new Map([['model', modelRate]]),
      trusted: () => true,
    });
    arbitrator.take('model*60', 0);
    arbitrator.give('model*60', 0);
    arbitrator.take('model', 0);
    arbitrator.told('model', { limit: 600, remaining: 590, reset: 1_000 }, 0);
    const { level, pace } = arbitrator.bucketAt('model', 0);
    assert.equal(level, 59, 'as much as is assumed to fit, less what is under way');
    assert.equal(pace.share, 2, '10 in a second');
  });
});
