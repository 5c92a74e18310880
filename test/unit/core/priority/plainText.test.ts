import assert from 'node:assert/strict';
import { plainText } from '../../../../src/core/priority/plainText.ts';

describe('A text made plain', () => {
  it('is the same in other case, spacing and punctuation', () => {
    assert.equal(plainText('Fix  the Parser!'), plainText('fix the parser'));
  });

  it('is another in another order of words', () => {
    assert.notEqual(plainText('from A to B'), plainText('from B to A'));
  });

  it('is bounded, and still tells long texts apart', () => {
    const long = 'word '.repeat(1_000);
    assert.ok(plainText(long).length < 500);
    assert.notEqual(plainText(`${long}one`), plainText(`${long}two`));
  });

  it('keeps words in any script', () => {
    assert.notEqual(plainText('修复解析器'), plainText('写文档'));
  });
});
