import assert from 'node:assert/strict';
import fc from 'fast-check';
import { frontKeys, risingKeys } from '../../../src/store/orderKeys.ts';

const rises = (keys: readonly number[]): boolean =>
  keys.every((key, place) => place === 0 || key > (keys[place - 1] ?? Infinity));

describe('The keys of an order', () => {
  it('rise, whichever were there before', () => {
    const key = fc.option(
      fc.oneof(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        // Neighbours that a double can hardly tell.
        fc.integer({ min: 0, max: 9 }).map((step) => 2 ** 20 + step * 2 ** -32),
      ),
      { nil: null },
    );
    fc.assert(
      fc.property(fc.array(key, { maxLength: 30 }), fc.integer({ min: -9, max: 0 }), (keys, lowest) => {
        const result = risingKeys(keys, lowest);
        assert.equal(result.length, keys.length);
        assert.ok(rises(result), result.join());
      }),
      { numRuns: 1_000 },
    );
  });

  it('collide after sixty moves into one gap when they are not given anew', () => {
    const collides = (room?: number): boolean => {
      let keys: readonly number[] = risingKeys([null, null], null);
      for (let move = 0; move < 60; move += 1) {
        const three = risingKeys([keys[0] ?? 0, null, keys[1] ?? 0], null, room);
        if (!rises(three)) return true;
        keys = three.slice(0, 2);
      }
      return false;
    };
    assert.equal(collides(), false);
    assert.equal(collides(0), true);
  });

  it('are changed for as few tasks as can be', () => {
    const keys = [1_000, 2_000, 3_000, 4_000];
    assert.deepEqual(risingKeys(keys, null), keys);
    const moved = risingKeys([1_000, 4_000, 2_000, 3_000], null);
    assert.deepEqual([moved[0], moved[2], moved[3]], [1_000, 2_000, 3_000]);
    assert.ok(rises(moved));
  });

  it('stay above zero at the top of a list, and below it only before what was run now', () => {
    let top = 1_000;
    for (let move = 0; move < 5_000; move += 1) {
      const [first = 0] = risingKeys([null, top], -3);
      assert.ok(first > 0, String(move));
      top = first;
    }
    const [before = 0, now, after = 0] = risingKeys([null, -2, null], -3);
    assert.ok(before < -2 && now === -2 && after > 0);
  });

  it('stay where they were of zero when the list is numbered anew', () => {
    const tight = 2 ** 20 + 2 ** -30;
    const keys = risingKeys([-5, -4, 2 ** 20, null, tight], -7);
    assert.ok(rises(keys), keys.join());
    assert.deepEqual(
      keys.map((key) => key < 0),
      [true, true, false, false, false],
    );
    assert.ok((keys[1] ?? 0) < -7, 'before all that other folders run now');
  });

  it('go before every other one for Run Now', () => {
    assert.deepEqual(frontKeys(2, -3), [-5, -4]);
    assert.deepEqual(frontKeys(2, 7), [-2, -1]);
    assert.deepEqual(frontKeys(1, null), [-1]);
  });
});
