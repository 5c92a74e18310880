import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parsePast } from '../../../src/core/history/pastTask.ts';
import { csv, formatFor, jsonLines } from '../../../src/ui/present/exportFormat.ts';
import { pastTask } from '../../support/pastTask.ts';

/** The cells of RFC 4180, read the slow way. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text.charAt(at);
    if (quoted && sign === '"' && text.charAt(at + 1) === '"') {
      cell += '"';
      at += 1;
    } else if (sign === '"') {
      quoted = !quoted;
    } else if (!quoted && (sign === ',' || sign === '\r')) {
      rows.at(-1)?.push(cell);
      cell = '';
      if (sign === '\r') {
        rows.push([]);
        at += 1;
      }
    } else {
      cell += sign;
    }
  }
  assert.equal(cell, '');
  return rows.slice(0, -1);
}

function titleIn(title: string): string | undefined {
  const [, row] = parseCsv(csv.head.slice(1) + csv.line(pastTask({ title })));
  return row?.[0];
}

describe('Exported history', () => {
  it('is chosen by the name of the file', () => {
    assert.equal(formatFor('/a/History.CSV'), csv);
    assert.equal(formatFor('/a/history.jsonl'), jsonLines);
    assert.equal(formatFor('history'), jsonLines);
  });

  it('gives every task back from its JSON line', () => {
    const task = pastTask({ title: 'ä "quoted"\u2028', result: 'two\nlines', argv: ['echo', '1'] });
    assert.equal(jsonLines.line(task).indexOf('\n'), jsonLines.line(task).length - 1);
    assert.deepEqual(parsePast(JSON.parse(jsonLines.line(task))), task);
  });

  it('has a table with one row for each task, whatever its texts contain', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (result, description) => {
        const rows = parseCsv(csv.head.slice(1) + csv.line(pastTask({ result, description })).repeat(2));
        const [head = [], first = [], second] = rows;
        assert.equal(rows.length, 3);
        assert.equal(first.length, head.length);
        assert.deepEqual(second, first);
        assert.equal(first[head.indexOf('result')]?.replace(/^'/, ''), result.replace(/^'/, ''));
      }),
    );
  });

  it('gives spreadsheets no formula to run', () => {
    for (const title of ['=HYPERLINK("http://x")', '+1+1', '-2', '@SUM(A1)', '\t=1', '\r=1', ' =1', '＝1'])
      assert.equal(titleIn(title), `'${title}`);
    for (const title of ['a = b', '1 - 2', 'me@example.org', "it's"]) assert.equal(titleIn(title), title);
  });

  it('says instants in a form that every program reads', () => {
    const [head = [], row = []] = parseCsv(csv.head.slice(1) + csv.line(pastTask({ finishedAt: 0 })));
    assert.equal(row[head.indexOf('finished')], '1970-01-01T00:00:00.000Z');
    assert.equal(row[head.indexOf('due')], '');
  });
});
