/** How programs speak of shared resources. */
import assert from 'node:assert/strict';
import { rateLimitIn, spentIn, usedIn } from '../../../src/agents/resourceLines.ts';

const now = Date.UTC(2030, 5, 1, 12, 30);

describe('a program that calls too often', () => {
  it('says so in a line of its own, with resource and time or without', () => {
    const cases: readonly (readonly [string, string | null, number | null])[] = [
      ['podium: rate-limited', null, null],
      ['work\npodium: rate-limited search\nmore', 'search', null],
      ['podium: rate-limited search 30', 'search', 30_000],
      ['podium: rate-limited model m at host 4', 'model m at host', 4_000],
      ['podium: rate-limited search 30\npodium: rate-limited search 5', 'search', 5_000],
      ['podium: rate-limited 1.5\r\n', null, 1_500],
      ['\u001B[31mpodium: rate-limited search 2\u001B[0m', 'search', 2_000],
    ];
    for (const [tail, resource, retryAfter] of cases)
      assert.deepEqual(rateLimitIn(tail, false, now), { resource, retryAfter }, tail);
  });

  it('is understood when it speaks of it at its end and asks to be run again', () => {
    const said = rateLimitIn('Error: 429 Too Many Requests, please retry after 20 seconds', true, now);
    assert.deepEqual(said, { resource: null, retryAfter: 20_000 });
    assert.deepEqual(rateLimitIn('API rate limit reached', true, now), { resource: null, retryAfter: null });
  });

  it('is not guessed at from what a program prints that does not ask for it', () => {
    assert.equal(rateLimitIn('wrote docs about the rate limit', false, now), undefined);
    assert.equal(rateLimitIn('disk full', true, now), undefined);
    assert.equal(rateLimitIn('say "podium: rate-limited search 3"', false, now), undefined);
    assert.equal(rateLimitIn(`429 Too Many Requests${'x'.repeat(3_000)}`, true, now), undefined);
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

describe('a program that tells what it has cost', () => {
  it('is taken at its last word, in tokens and in millionths of money', () => {
    const tail = 'podium: spent tokens 10\npodium: spent cost 0.25\npodium: spent tokens 1200';
    assert.deepEqual(spentIn(tail), { tokens: 1_200, costMicros: 250_000 });
    assert.deepEqual(spentIn('podium: spent time 3'), {});
  });
});

describe('common command-line agents', () => {
  const hour = 3_600_000;
  const said: readonly (readonly [string, number | null])[] = [
    ["You've hit your limit · resets 3pm (Europe/Rome)", 0.5 * hour],
    ["You've hit your session limit · resets 3:50pm (Asia/Tokyo)", 18 * hour + 20 * 60_000],
    [`Claude AI usage limit reached|${now / 1_000 + 90}`, 90_000],
    [
      "You've hit your usage limit. Upgrade or try again in 2 days 17 hours 14 minutes.",
      65 * hour + 14 * 60_000,
    ],
    ['stream error: exceeded retry limit, last status: 429 Too Many Requests', null],
    ['{"type":"usage_limit_reached","resets_in_seconds":13872}', 13_872_000],
    ['Rate limit reached for gpt-5 in organization org. Please try again in 1.5s.', 1_500],
    ['[API Error: {"code": 429, "status": "RESOURCE_EXHAUSTED"}] Please retry in 34.07s.', 34_070],
    ['API Error: 429 {"type":"error","error":{"type":"rate_limit_error"}}', null],
    ["You've hit your limit · resets 3pm (Nowhere/Such)", null],
  ];
  for (const [text, wait] of said)
    it(`are understood in their own words: ${text.slice(0, 60)}`, () => {
      assert.deepEqual(rateLimitIn(`working\n${text}\n`, false, now), { resource: null, retryAfter: wait });
    });
});
