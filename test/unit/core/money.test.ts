import assert from 'node:assert/strict';
import { costOf, noPrices } from '../../../src/core/money.ts';

const usage = (promptTokens: number | null, completionTokens: number | null) => ({
  promptTokens,
  completionTokens,
});

describe('What a call costs', () => {
  it('is its tokens at their prices, in millionths', () => {
    assert.equal(costOf(usage(1_000_000, 0), { input: 2.5, output: 10 }), 2_500_000);
    assert.equal(costOf(usage(1_200, 340), { input: 2.5, output: 10 }), 3_000 + 3_400);
    assert.equal(costOf(usage(3, 0), { input: 0.1, output: 0 }), 1, 'rounded up');
    assert.equal(costOf(usage(30, 0), { input: 0.1, output: 0 }), 3, 'and not because 0.1 is none in binary');
  });

  it('is nothing where no price is known, or nothing was counted', () => {
    assert.equal(costOf(usage(5_000, 5_000), noPrices), 0);
    assert.equal(costOf(usage(null, null), { input: 2.5, output: 10 }), 0);
    assert.equal(costOf(usage(null, 100), { input: 2.5, output: 10 }), 1_000);
  });
});
