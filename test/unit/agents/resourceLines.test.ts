/** How programs speak of shared resources. */
import assert from 'node:assert/strict';
import { rateLimitIn, usedIn } from '../../../src/agents/resourceLines.ts';

describe('a program that calls too often', () => {
  it('says so in a line of its own, with resource and time or without', () => {
    const cases: readonly (readonly [string, string | null, number | null])[] = [
      ['podium: rate-limited', null, null],
      ['work\npodium: rate-limited search\nmore', 'search', null],
      ['podium: rate-limited search 30', 'search', 30_000],
      ['podium: rate-limited 1.5\r\n', null, 1_500],
      ['\u001B[31mpodium: rate-limited search 2\u001B[0m', 'search', 2_000],
    ];
    for (const [tail, resource, retryAfter] of cases)
      assert.deepEqual(rateLimitIn(tail, false), { resource, retryAfter }, tail);
  });

  it('is understood when it speaks of it at its end and asks to be run again', () => {
    const said = rateLimitIn('Error: 429 Too Many Requests, please retry after 20 seconds', true);
    assert.deepEqual(said, { resource: null, retryAfter: 20_000 });
    assert.deepEqual(rateLimitIn('API rate limit reached', true), { resource: null, retryAfter: null });
  });

  it('is not guessed at from what a program prints that does not ask for it', () => {
    assert.equal(rateLimitIn('wrote docs about the rate limit', false), undefined);
    assert.equal(rateLimitIn('disk full', true), undefined);
    assert.equal(rateLimitIn('say "podium: rate-limited search 3"', false), undefined);
    assert.equal(rateLimitIn(`429 Too Many Requests${'x'.repeat(3_000)}`, true), undefined);
  });
});

describe('a program that tells what it has used', () => {
  it('is taken at its last word of each resource', () => {
    const tail =
      'podium: used search 3\nwork\n\u001B[2mpodium: used news 0.5\u001B[0m\r\npodium: used search 4\n';
    assert.deepEqual(usedIn(tail), { used: { search: 4, news: 0.5 } });
  });

  it('is not guessed at', () => {
    for (const tail of [
      '',
      'podium: used search',
      'podium: used search -3',
      'I podium: used search 3',
      'used search 3',
    ])
      assert.deepEqual(usedIn(tail), {}, tail);
  });
});
