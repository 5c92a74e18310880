/** Limits in the headers of answers. */
import assert from 'node:assert/strict';
import { durationIn, rateFactsOf } from '../../../src/models/rateFacts.ts';

const now = Date.UTC(2030, 0, 1);
const read = (headers: Readonly<Record<string, string>>): ReturnType<typeof rateFactsOf> =>
  rateFactsOf((name) => headers[name] ?? null, now);

describe('the limits an endpoint tells', () => {
  it('are read in the words of those who began it', () => {
    const facts = read({
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '59',
      'x-ratelimit-reset-requests': '1s',
      'x-ratelimit-limit-tokens': '150000',
      'x-ratelimit-remaining-tokens': '149984',
      'x-ratelimit-reset-tokens': '6m0s',
    });
    assert.deepEqual(facts, {
      requests: { limit: 60, remaining: 59, reset: 1_000 },
      tokens: { limit: 150_000, remaining: 149_984, reset: 360_000 },
    });
  });

  it('are read with dates, and in the words of the drafts', () => {
    const other = read({
      'anthropic-ratelimit-requests-limit': '50',
      'anthropic-ratelimit-requests-remaining': '0',
      'anthropic-ratelimit-requests-reset': '2030-01-01T00:00:12Z',
    });
    assert.deepEqual(other, { requests: { limit: 50, remaining: 0, reset: 12_000 } });
    const draft = read({
      'ratelimit-limit': '100, 100;w=60',
      'ratelimit-remaining': '7',
      'ratelimit-reset': '30',
    });
    assert.deepEqual(draft, { requests: { limit: 100, remaining: 7, reset: 30_000 } });
  });

  it('are none where nothing sensible is said', () => {
    assert.equal(read({}), undefined);
    assert.equal(read({ 'x-ratelimit-remaining-requests': 'many', 'ratelimit-limit': '5' }), undefined);
    assert.deepEqual(
      ['20ms', '1m30.5s', '2h', 'soon', '-4', '1s2', ''].map((text) => durationIn(text, now)),
      [20, 90_500, 7_200_000, null, null, null, null],
    );
  });
});
