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

  it('gives a window its part of what is outside, and all of its own slots', () => {
    const resources = readResources(undefined, 0.5);
    assert.deepEqual(resources.get('google_search_api'), {
      ...{ kind: 'rate', capacity: 50, perSecond: 0.5, spike: null },
    });
    assert.deepEqual(resources.get('database_connections'), { kind: 'pool', capacity: 20 });
  });
});
