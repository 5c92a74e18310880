import assert from 'node:assert/strict';
import { dropPlace } from '../../../src/ui/tree/dropPlace.ts';
import type { Drop } from '../../../src/ui/tree/dropPlace.ts';
import { finished, ready, running, snapshot, view, workspace, workspaceId } from './pictures.ts';

const picture = snapshot([
  workspace(
    [
      running('runs'),
      ready('a', { pin: 1 }),
      ready('b'),
      ready('c'),
      ready('d'),
      view('blocked', { kind: 'blocked', by: [] }),
      view('blocked pin', { kind: 'blocked', by: [] }, { pin: 2 }),
    ],
    { finished: [finished('done')] },
  ),
  workspace([ready('far')], { workspace: { id: workspaceId('other') } }),
]);
const drop = (dragged: readonly string[], target: string | undefined): Drop =>
  dropPlace(
    picture,
    dragged.map((name) => `task:${name}`),
    target,
  );
const refusal = (made: Drop): string => (made.kind === 'refused' ? made.message : made.kind);

describe('A row that is dropped', () => {
  it('takes the place of the row it is dropped on, from below and from above', () => {
    assert.deepEqual(drop(['d'], 'task:b'), { kind: 'move', ids: ['d'], place: { before: 'b' } });
    assert.deepEqual(drop(['a'], 'task:c'), { kind: 'move', ids: ['a'], place: { after: 'c' } });
  });

  it('on its folder is first in the queue', () => {
    assert.deepEqual(drop(['d'], 'workspace:w'), { kind: 'move', ids: ['d'], place: 'first' });
  });

  it('goes with the others that are dragged, in the order in which they are shown', () => {
    assert.deepEqual(drop(['d', 'a', 'c'], 'task:b'), {
      kind: 'move',
      ids: ['a', 'c', 'd'],
      place: { before: 'b' },
    });
  });

  it('on itself or on one that is dragged with it stays where it was', () => {
    assert.deepEqual(drop(['a'], 'task:a'), { kind: 'nothing' });
    assert.deepEqual(drop(['a', 'b'], 'task:b'), { kind: 'nothing' });
  });

  it('may be one that is pinned though it still waits for another', () => {
    assert.equal(drop(['blocked pin'], 'task:b').kind, 'move');
    assert.equal(drop(['c'], 'task:blocked pin').kind, 'move');
  });

  it('is refused in words where there is no place', () => {
    assert.match(refusal(drop(['runs'], 'task:b')), /"runs" has no place in the queue: it is running/);
    assert.match(refusal(drop(['blocked'], 'task:b')), /waiting for other tasks/);
    assert.match(refusal(drop(['blocked', 'runs'], 'task:b')), /2 tasks of these have no place/);
    assert.match(refusal(drop(['b'], 'task:runs')), /Only next to a task that waits/);
    assert.match(refusal(drop(['b'], 'task:far')), /Tasks stay in their folder/);
    assert.match(refusal(drop(['done'], 'task:b')), /"done" has no place in the queue: it is completed/);
    assert.match(refusal(drop(['b'], 'task:done')), /Only next to a task that waits/);
    assert.match(refusal(drop(['b'], 'finished:w')), /Drop tasks on a task that waits/);
    assert.match(refusal(drop(['b'], undefined)), /Drop tasks on a task that waits/);
    assert.match(refusal(dropPlace(picture, ['workspace:w'], 'task:b')), /Only tasks can be moved/);
    assert.match(refusal(dropPlace(picture, [7, {}], 'task:b')), /Only tasks can be moved/);
  });

  it('is refused in a window that only reads', () => {
    const read = { ...picture, role: { kind: 'reader', ownedBy: 'another window' } } as const;
    assert.match(
      refusal(dropPlace(read, ['task:a'], 'task:b')),
      /another window; here they can only be read/,
    );
  });
});
