/** The setting `podium.resources`. */
import assert from 'node:assert/strict';
import { readResources } from '../../../../src/core/arbitration/resourceSettings.ts';

describe('the setting of resources', () => {
  it('takes resources of three kinds over those the house knows, and leaves out what makes no sense', () => {
    const problems: string[] = [];
    const resources = readResources(
      {
        search: { kind: 'rate', capacity: 10, perSecond: 2, spike: 3 },
        window: { kind: 'rate', limit: 100, windowSeconds: 60 },
        tokens: { kind: 'budget', capacity: 5_000, period: 'day' },
        twitter_api: null,
        bad: { kind: 'rate', capacity: 10 },
        worse: { kind: 'pool', capacity: 4, colour: 'red' },
        'a + b': { kind: 'pool', capacity: 1 },
        none: 7,
      },
      1,
      problems,
    );
    assert.deepEqual(resources.get('search'), { kind: 'rate', capacity: 10, perSecond: 2, spike: 3 });
    assert.deepEqual(resources.get('tokens'), { kind: 'budget', capacity: 5_000, period: 'day' });
    assert.equal(resources.has('twitter_api'), false);
    assert.ok(resources.has('google_search_api'));
    const window = resources.get('window');
    assert.ok(window?.kind === 'rate' && window.capacity + 60 * window.perSecond <= 100 + 1e-9);
    assert.equal(problems.length, 4, problems.join('\n'));
    assert.match(problems.join('\n'), /"bad" must have "capacity" and "perSecond"/);
    assert.match(problems.join('\n'), /"colour", which a pool does not have/);
  });

  it('keeps every window of the other side to its limit, however small, with the burst one wants', () => {
    const read = (entry: unknown): { readonly capacity: number; readonly perSecond: number } => {
      const resource = readResources({ x: entry }, 1).get('x');
      if (resource?.kind !== 'rate') throw new Error('It was left out.');
      return resource;
    };
    const rate = { kind: 'rate', windowSeconds: 60 };
    const one = read({ ...rate, limit: 1 });
    assert.ok(
      one.capacity === 1 && 1 / one.perSecond > 60 && 1 / one.perSecond < 70,
      'one, and the next one after it',
    );
    const wide = read({ ...rate, limit: 100, capacity: 40 });
    assert.deepEqual([wide.capacity, wide.perSecond], [40, 1]);
    for (const capacity of [0, 100, 120]) assert.throws(() => read({ ...rate, limit: 100, capacity }));
  });

  it('leaves every window at least one of what it has a part of', () => {
    const settings = {
      few: { kind: 'rate', capacity: 2, perSecond: 1, spike: 2 },
      day: { kind: 'budget', capacity: 2, period: 'day' },
    };
    const resources = readResources(settings, 0.25);
    assert.deepEqual([resources.get('few')?.capacity, resources.get('day')?.capacity], [1, 1]);
  });

  it('gives a window its part of what is outside, and all of its own slots', () => {
    const resources = readResources(undefined, 0.5);
    assert.deepEqual(resources.get('google_search_api'), {
      ...{ kind: 'rate', capacity: 50, perSecond: 0.5, spike: null, windowShare: 0.5 },
    });
    assert.deepEqual(resources.get('database_connections'), { kind: 'pool', capacity: 20 });
  });
});
