import assert from 'node:assert/strict';
import { splitByAbility } from '../../../src/ui/commands/splitByAbility.ts';
import { abilities } from '../../../src/ui/present/abilities.ts';
import type { Ability } from '../../../src/ui/present/abilities.ts';
import { leftOutText } from '../../../src/ui/present/leftOut.ts';
import { failed, finished, ready, running, snapshot, taskId, workspace } from './pictures.ts';

const picture = snapshot([
  workspace([running('runs'), ready('pinned', { pin: 1 }), ready('a'), ready('b')], {
    finished: [finished('done'), failed('broken')],
  }),
]);
const split = (ability: Ability, ...names: string[]): ReturnType<typeof splitByAbility> =>
  splitByAbility(names.map(taskId), ability, picture);
const said = (ability: Ability, ...names: string[]): string =>
  leftOutText(ability, split(ability, ...names).unable, names.length);

describe('Tasks that are selected together', () => {
  it('are treated in the order in which the tree shows them, however they were chosen', () => {
    assert.deepEqual(split('deletable', 'done', 'b', 'a').able, ['a', 'b', 'done']);
  });

  it('are treated as far as they can be, and the others are named', () => {
    assert.deepEqual(split('pinnable', 'b', 'runs', 'pinned', 'a', 'done').able, ['a', 'b']);
    assert.equal(
      said('pinnable', 'b', 'runs', 'pinned', 'a', 'done'),
      '3 of 5 tasks were left out: 1 running, 1 pinned already, 1 completed.',
    );
    assert.equal(said('unpinnable', 'a', 'pinned'), '"a" was left out: not pinned.');
    assert.equal(said('retryable', 'runs', 'a', 'b'), 'All 3 tasks were left out: 1 running, 2 waiting.');
    assert.equal(said('retryable', 'broken', 'broken'), '');
  });

  it('say why nothing is done to the only one', () => {
    assert.equal(said('deletable', 'runs'), '"runs" stays as it is: running. Cancel what runs first.');
    assert.equal(said('pinnable', 'pinned'), '"pinned" stays as it is: pinned already.');
    assert.equal(said('withLog', 'a'), '"a" stays as it is: not started yet.');
    assert.equal(said('withResult', 'runs'), '"runs" stays as it is: without a result.');
  });

  it('leave nobody without an answer: each is either treated or named, whatever is asked', () => {
    const names = ['runs', 'pinned', 'a', 'done', 'broken'];
    for (const ability of abilities) {
      const { able, unable } = split(ability, ...names);
      assert.deepEqual([...able, ...unable.map(({ task }) => task.id)].sort(), [...names].sort(), ability);
      for (const view of unable) assert.doesNotMatch(leftOutText(ability, [view], 1), /: \.|undefined/);
    }
  });

  it('are tried last when the tree does not show them any more', () => {
    assert.deepEqual(split('deletable', 'gone', 'a').able, ['a', 'gone']);
  });

  it('are all left out in a window that only reads', () => {
    const read = { ...picture, role: { kind: 'reader', ownedBy: 'another window' } } as const;
    assert.deepEqual(splitByAbility([taskId('a')], 'deletable', read).able, []);
  });
});
