import assert from 'node:assert/strict';
import { cutPower } from '../../support/powerCut.ts';

/** The bench does 1,000. */
const points = 200;

describe('When the power goes', function () {
  this.timeout(120_000);

  it('everything acknowledged is there afterwards, and nothing that never was', async () => {
    for (let seed = 1; seed <= points; seed += 1)
      assert.deepEqual(await cutPower({ seed }), [], `seed ${seed}`);
  });
});
