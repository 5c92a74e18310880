import assert from 'node:assert/strict';
import { defaultFuses } from '../../../src/core/fuses/fuseSettings.ts';
import { fuseIds } from '../../../src/core/fuses/trip.ts';
import type { Task } from '../../../src/core/model.ts';
import { treeText } from '../../../src/ui/documents/treeText.ts';
import { tripTooltip } from '../../../src/ui/present/tripTooltip.ts';
import { fuseNames, tripRow } from '../../../src/ui/present/tripRow.ts';
import { keyOf, parseKey } from '../../../src/ui/tree/nodeKey.ts';
import { treeModel } from '../../../src/ui/tree/treeModel.ts';
import type { TreeModel } from '../../../src/ui/tree/treeModel.ts';
import { targetOf } from '../../../src/ui/commands/target.ts';
import { indexOf } from '../../../src/ui/present/taskIndex.ts';
import { now, ready, snapshot, taskId, trip, view, workspace } from './pictures.ts';

const reader = { now, readOnly: true };
const owner = { now, readOnly: false };

describe('a fuse that has blown', () => {
  it('is a row that says which, about what, what follows and until when', () => {
    const tree = tripRow(trip('tree-tasks', 'Release', { holds: false }), 'project', owner);
    assert.deepEqual([tree.label, tree.description], ['Tasks of a tree fuse', '“Release” · more is refused']);
    const loop = tripRow(trip('anti-loop', null, { resumesAt: now + 3_600_000 }), 'project', owner);
    assert.equal(loop.description, 'project · paused · resumes 13:00');
  });

  it('can be answered by the owner alone, and inspected by anybody', () => {
    assert.equal(tripRow(trip('failures', 'a'), '', reader).context, 'trip');
    assert.equal(tripRow(trip('anti-loop'), '', owner).context, 'trip answerable');
  });

  it('has a name for people, whichever it is', () => {
    assert.deepEqual(
      fuseIds.filter((id) => fuseNames[id] === ''),
      [],
    );
  });

  it('says in its tooltip why, since when and where', () => {
    const lines = tripTooltip(trip('anti-loop'), snapshot([workspace([])]), now);
    assert.ok(lines.some(({ text }) => text === 'The anti-loop fuse has blown.'));
    assert.ok(lines.some(({ lead, text }) => lead === 'Since' && text.endsWith('in project')));
  });

  it('is what a command was pressed on', () => {
    const key = keyOf({ kind: 'trip', trip: 12 });
    assert.deepEqual(parseKey(key), { kind: 'trip', trip: 12 });
    assert.deepEqual(targetOf([key], []).trips, [12]);
    assert.equal(parseKey('trip:x'), undefined);
  });
});

describe('what needs you', () => {
  const treeOf = (picture: ReturnType<typeof snapshot>): TreeModel =>
    treeModel(picture, {
      now,
      readOnly: false,
      index: indexOf(picture),
      tripped: new Set(picture.trips.flatMap(({ rootId }) => (rootId === null ? [] : [rootId]))),
    });
  const labels = (model: TreeModel): readonly string[] =>
    (model.nodes.get(keyOf({ kind: 'attention' }))?.children ?? []).map(
      (key) => model.nodes.get(key)?.row.label ?? '',
    );
  const asks = (name: string, unblocking: number): ReturnType<typeof view> =>
    view(
      name,
      { kind: 'needs_you', why: '?' },
      {
        scoreParts: { judgement: 500, unblocking, goal: 0, deadline: 0, age: 0, boost: 0 },
      },
    );

  it('is one list on top: fuses first, then what holds up most', () => {
    const model = treeOf(
      snapshot([workspace([asks('small', 0), asks('large', 200), ready('a')])], {
        trips: [trip('anti-loop')],
      }),
    );
    assert.equal(model.roots[0], keyOf({ kind: 'attention' }));
    assert.deepEqual(labels(model), ['Anti-loop fuse', 'large', 'small']);
  });

  it('is no list while there is but one question', () => {
    assert.deepEqual(labels(treeOf(snapshot([workspace([asks('one', 0)])]))), []);
  });

  it('marks the root of the tree it is about', () => {
    const model = treeOf(snapshot([workspace([ready('Root')])], { trips: [trip('failures', 'Root')] }));
    assert.equal(model.nodes.get(keyOf({ kind: 'task', id: taskId('Root') }))?.row.icon?.id, 'zap');
  });
});

describe('a tree of tasks, inspected', () => {
  const root = ready('Root').task;
  const child = (name: string, over: Partial<Task> = {}): Task => ({
    ...ready(name, { parent: 'Root' }).task,
    createdBy: 'agent',
    ...over,
  });

  it('says who made what, how deep, and what is left', () => {
    const approved = child('c', { contextData: { delegation_depth: 1, approval: 'given' } });
    const text = treeText({
      tasks: [
        root,
        child('a'),
        child('b', { contextData: { delegation_depth: 1, similar_to: 'a' } }),
        approved,
      ],
      trips: [trip('tree-tasks', 'Root')],
      settings: defaultFuses,
      now,
    });
    assert.match(text, /4 tasks, of which agents have made 3/);
    assert.match(text, /Tasks +3 of 50; a branch directly under the root may have 25/);
    assert.match(text, /Root {2}depth 0 · made by you/);
    assert.match(text, /b {2}depth 1 · made by the task above .* like a sibling/);
    assert.match(text, /c {2}.* approved/);
    assert.match(text, /Tasks of a tree: The tree-tasks fuse has blown/);
  });
});
