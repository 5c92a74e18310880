import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { limitsTable, marks, readme } from '../support/limitsTable.ts';

describe('the table of limits', () => {
  it('stands in the README as the code has it, without a blank cell', () => {
    const text = readFileSync(readme, 'utf8');
    const shown = text.slice(text.indexOf(marks.begin) + marks.begin.length, text.indexOf(marks.end));
    const plain = (table: string): string =>
      table
        .replaceAll(/ +\|/g, ' |')
        .replaceAll(/-+/g, '-')
        .replaceAll('| -', '|-')
        .replaceAll('- |', '-|')
        .trim();
    assert.equal(plain(shown), plain(limitsTable()), 'run node test/support/limitsTable.ts');
  });
});
