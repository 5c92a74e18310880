import assert from 'node:assert/strict';
import { crashAgainAndAgain } from '../bench/crash.ts';

describe('a host that is killed fifty times while it runs commands', () => {
  it('loses nothing acknowledged, runs nothing twice at a time, and leaves no process behind', async function () {
    this.timeout(300_000);
    const { acknowledged, claims, kills, ...faults } = await crashAgainAndAgain(50, 2);
    assert.deepEqual(faults, { lost: 0, unfinished: 0, repeated: 0, overlaps: 0, hollow: 0, orphans: 0 });
    assert.equal(kills, 50);
    assert.ok(acknowledged >= 50, `only ${acknowledged} were acknowledged`);
    assert.ok(claims >= 50, `only ${claims} claims were made`);
  });
});
