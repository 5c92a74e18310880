/** Whose turn it is. */
import assert from 'node:assert/strict';
import { FairShare } from '../../../../src/core/arbitration/fairShare.ts';
import type { Resource } from '../../../../src/core/arbitration/resource.ts';
import type { TaskId, WorkspaceId } from '../../../../src/core/model.ts';

const [one, two] = ['one' as WorkspaceId, 'two' as WorkspaceId];
const resources = new Map<string, Resource>([
  ['search', { kind: 'rate', capacity: 10, perSecond: 1, spike: null }],
  ['slots', { kind: 'pool', capacity: 4 }],
]);

function turns(weightOf: (id: WorkspaceId) => number = () => 1): FairShare {
  return new FairShare({ resources: () => resources, weightOf });
}

const nextOf = (share: FairShare, signature = ''): WorkspaceId => {
  const contenders = [one, two].map((workspaceId) => ({ workspaceId, signature }));
  const [first = 0, second = 0] = share.turns(contenders);
  return first <= second ? one : two;
};

/** Starts `count` tasks one by one, each by the folder whose turn it is, and says how many each had. */
function started(share: FairShare, count: number, signature = '', duration = 1_000): Record<string, number> {
  const had: Record<string, number> = { one: 0, two: 0 };
  for (let task = 0; task < count; task += 1) {
    const next = nextOf(share);
    share.started(String(task) as TaskId, next, signature);
    share.ended(String(task) as TaskId, duration);
    had[next] = (had[next] ?? 0) + 1;
  }
  return had;
}

describe('the turns of folders', () => {
  it('are even when all weigh the same', () => {
    assert.deepEqual(started(turns(), 20), { one: 10, two: 10 });
  });

  it('go by weight', () => {
    assert.deepEqual(
      started(
        turns((id) => (id === one ? 3 : 1)),
        40,
      ),
      { one: 30, two: 10 },
    );
  });

  it('count what was really taken, not how many tasks', () => {
    const share = turns();
    let had = 0;
    for (let task = 0; task < 22; task += 1) {
      const next = nextOf(share);
      share.started(String(task) as TaskId, next, '');
      share.ended(String(task) as TaskId, next === one ? 10_000 : 1_000);
      if (next === one) had += 1;
    }
    assert.ok(had >= 2 && had <= 4, `${had} of 22 ten times as long`);
  });

  it('are apart for what is called: who called much is behind there, and nowhere else', () => {
    const share = turns();
    share.started('a' as TaskId, one, 'search*3');
    share.ended('a' as TaskId, 1_000);
    share.started('b' as TaskId, two, '');
    share.ended('b' as TaskId, 2_000);
    assert.equal(nextOf(share, 'search'), two);
    assert.equal(nextOf(share), one, 'the other had a worker for longer');
    assert.deepEqual(
      share.balances().map(({ had }) => had),
      [1, 2],
    );
  });

  it('give no credit for having had nothing to do', () => {
    const share = turns();
    for (let task = 0; task < 100; task += 1) {
      share.started(String(task) as TaskId, one, '');
      share.ended(String(task) as TaskId, 1_000);
    }
    const had = started(share, 20);
    assert.ok((had.two ?? 0) <= 11, `the newcomer had ${had.two} of 20`);
  });
});
