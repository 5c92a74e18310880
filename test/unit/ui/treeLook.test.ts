import assert from 'node:assert/strict';
import { isFiltered, lookText, parseLook, plainLook, wishOf } from '../../../src/ui/tree/treeLook.ts';
import type { TreeLook } from '../../../src/ui/tree/treeLook.ts';
import { noTasks } from '../../../src/core/metrics/snapshot.ts';
import { finished, ready, snapshot, workspace } from './pictures.ts';

const look = (filter: Partial<TreeLook['filter']>): TreeLook => ({
  ...plainLook,
  filter: { ...plainLook.filter, ...filter },
});

describe('the look of the tree', () => {
  it('asks the store for nothing special while everything is shown', () => {
    assert.deepEqual([isFiltered(plainLook), wishOf(plainLook)], [false, undefined]);
  });

  it('asks for what was chosen and for nothing else', () => {
    assert.deepEqual(wishOf(look({ text: 'x' })), { text: 'x' });
    assert.deepEqual(wishOf(look({ states: ['failed'] })), { states: ['failed'] });
  });

  it('says what is shown of how much', () => {
    const picture = snapshot([workspace([ready('a'), ready('b')], { finished: [finished('c')] })], {
      totals: { ...noTasks, ready: 3, completed: 1 },
    });
    assert.equal(lookText(plainLook, picture), '');
    assert.equal(
      lookText(look({ states: ['failed', 'attention'], text: 'parser' }), picture),
      '1 of 4 tasks are hidden. Filter: Failed or Needs you · "parser"',
    );
    const cut = snapshot([workspace([ready('a')], { more: null })]);
    assert.match(lookText(look({ text: 'a' }), cut), /^The first 1 that fit of 1 task are shown/);
  });

  it('survives a reload', () => {
    const saved = look({ states: ['failed'], agents: ['check' as never], text: 'x' });
    assert.deepEqual(parseLook(JSON.parse(JSON.stringify(saved))), saved);
  });

  for (const broken of [undefined, null, 7, 'x', [], {}, { grouping: 9, filter: 7 }]) {
    it(`is the plain one when what was saved is ${broken === undefined ? 'nothing' : JSON.stringify(broken)}`, () => {
      assert.deepEqual(parseLook(broken), plainLook);
    });
  }

  it('keeps of what was saved what still makes sense', () => {
    const saved = { grouping: 'queue', filter: { states: ['failed', 'gone', 'toString'], agents: [1, 'a'] } };
    assert.deepEqual(parseLook(saved), {
      grouping: 'queue',
      filter: { states: ['failed'], agents: ['a'], text: '' },
    });
  });
});
