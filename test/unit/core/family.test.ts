import assert from 'node:assert/strict';
import { descendantsOf } from '../../../src/core/family.ts';
import { finished, ready, taskId } from '../ui/pictures.ts';

const children: Readonly<Record<string, readonly string[]>> = {
  parent: ['child', 'other'],
  child: ['grandchild'],
  grandchild: ['great-grandchild'],
};
const store = {
  children: (id: string) =>
    Promise.resolve((children[id] ?? []).map((name) => (name === 'other' ? finished : ready)(name).task)),
};

describe('The sub-tasks of tasks', () => {
  it('are found however deep they are, finished or not', async () => {
    assert.deepEqual(await descendantsOf(store, [taskId('parent')]), [
      'child',
      'other',
      'grandchild',
      'great-grandchild',
    ]);
    assert.deepEqual(await descendantsOf(store, [taskId('other')]), []);
  });

  it('are counted once and never as their own when a parent and its child are both asked for', async () => {
    assert.deepEqual(await descendantsOf(store, ['child', 'parent'].map(taskId)), [
      'grandchild',
      'other',
      'great-grandchild',
    ]);
  });
});
