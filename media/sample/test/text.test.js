import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brokenLinks, headingsIn, linksIn } from '../src/links.js';
import { countWords, slug } from '../src/text.js';

test('counts words in any script', () => {
  assert.equal(countWords('Two words, zwei Wörter, два слова'), 6);
  assert.equal(countWords(' -- '), 0);
});

test('makes the address of a heading', () => {
  assert.equal(slug('What is new in 2.0?'), 'what-is-new-in-2-0');
});

test('finds links with their lines', () => {
  assert.deepEqual(linksIn('a\n[b](c.md) and [d](#e)'), [
    { target: 'c.md', line: 2 },
    { target: '#e', line: 2 },
  ]);
});

test('finds headings of every level', () => {
  assert.deepEqual(headingsIn('# One\ntext\n### Two three\n'), ['one', 'two-three']);
});

test('tells broken links from good ones', () => {
  const text = '# Top\n[up](#top) [out](https://example.org) [file](a.md) [gone](b.md) [lost](#bottom)';
  const broken = brokenLinks(text, (path) => path === 'a.md').map(({ target }) => target);
  assert.deepEqual(broken, ['b.md', '#bottom']);
});
