import assert from 'node:assert/strict';
import { TextMeanings } from '../../../../src/core/priority/textMeanings.ts';

const key = (title: string, description = '', upstream: readonly string[] = []): string =>
  new TextMeanings().keyOf({ title, description, upstream });

describe('The plain meaning of a text', () => {
  it('is the same in other case, spacing and punctuation, and for prerequisites in any order', () => {
    assert.equal(key('Fix  the Parser!'), key('fix the parser'));
    assert.equal(
      key('a', '', ['x', 'y']),
      key(
        'A',
        '',
        ['Y', 'X'].toReversed().map((one) => one.toLowerCase()),
      ),
    );
  });

  it('is another in another order of words, with another description or other prerequisites', () => {
    const texts = [
      key('from A to B'),
      key('from B to A'),
      key('from A to B', 'x'),
      key('from A to B', '', ['x']),
    ];
    assert.equal(new Set(texts).size, 4);
  });

  it('has a bounded key that still tells long texts apart', () => {
    const long = 'word '.repeat(1_000);
    assert.ok(key(long).length < 500);
    assert.notEqual(key(`${long}one`), key(`${long}two`));
  });

  it('is kept of words in any script', () => {
    assert.notEqual(key('修复解析器'), key('写文档'));
  });
});
