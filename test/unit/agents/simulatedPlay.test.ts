import assert from 'node:assert/strict';
import { playOf } from '../../../src/agents/simulatedPlay.ts';

describe('what a simulated worker plays', () => {
  it('is in a description that is JSON with a member for it, within bounds', () => {
    const text = JSON.stringify({ simulate: { children: 1e9, titles: ['a', 7], seconds: -1, fails: true } });
    assert.deepEqual(playOf(text), { children: 1_000, titles: ['a'], fails: true });
  });

  it('is nothing in any other description', () => {
    for (const text of ['', 'Make three', '{"a": 1}', '{ broken', '{"simulate": 3}', '[1]'])
      assert.equal(playOf(text), undefined, text);
  });
});
