import assert from 'node:assert/strict';
import { defaultFuses } from '../../../src/core/fuses/fuseSettings.ts';
import { fuseIds } from '../../../src/core/fuses/trip.ts';
import type { TaskView } from '../../../src/core/metrics/snapshot.ts';
import type { Task } from '../../../src/core/model.ts';
import { treeText } from '../../../src/ui/documents/treeText.ts';
import { tripTooltip } from '../../../src/ui/present/tripTooltip.ts';
import { fuseNames, tripRow } from '../../../src/ui/present/tripRow.ts';
import { keyOf, parseKey } from '../../../src/ui/tree/nodeKey.ts';
import { plainLook } from '../../../src/ui/tree/treeLook.ts';
import { treeModel } from '../../../src/ui/tree/treeModel.ts';
import type { TreeModel } from '../../../src/ui/tree/treeModel.ts';
import { targetOf } from '../../../src/ui/commands/target.ts';
import { indexOf } from '../../../src/ui/present/taskIndex.ts';
import { treeDocument } from '../../../src/ui/documents/treeDocument.ts';
import type { TreeStanding } from '../../../src/core/trees.ts';
import { noFuses } from '../../support/noFuses.ts';
import { completed, pass } from '../../support/scriptedAgent.ts';
import { openTestDesk } from '../../support/testDesk.ts';
import { failed, finished, now, ready, snapshot, taskId, trip, view, workspace } from './pictures.ts';
import type { Wish } from './pictures.ts';

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
  const asks = (name: string, over: Wish = {}): TaskView => view(name, { kind: 'needs_you', why: '?' }, over);

  it('is one list on top: what holds up most work comes first, whatever it is', () => {
    const blocked = (name: string, ...needs: readonly string[]): TaskView =>
      view(name, { kind: 'blocked', by: [] }, { needs });
    const model = treeOf(
      snapshot(
        [
          workspace(
            [
              asks('small', { score: 900 }),
              asks('large'),
              blocked('b', 'large'),
              blocked('c', 'b'),
              view('held', { kind: 'held' }, { parent: 'Root' }),
            ],
            { finished: [failed('broken')] },
          ),
        ],
        { trips: [trip('depth', 'Root', { id: 1, holds: false }), trip('failures', 'Root', { id: 2 })] },
      ),
    );
    assert.equal(model.roots[0], keyOf({ kind: 'attention' }));
    assert.deepEqual(labels(model), ['large', 'Failures in a row fuse', 'Depth fuse', 'small']);
  });

  it('puts a fuse that holds a whole folder before a question that holds up one task', () => {
    const two = [
      ready('a'),
      ready('b'),
      asks('one'),
      view('c', { kind: 'blocked', by: [] }, { needs: ['one'] }),
    ];
    const model = treeOf(snapshot([workspace(two)], { trips: [trip('anti-loop')] }));
    assert.deepEqual(labels(model), ['Anti-loop fuse', 'one']);
  });

  it('names failures that others wait for, and says how many', () => {
    const broken = view(
      'waits',
      { kind: 'needs_you', why: 'It failed.' },
      { status: 'pending', needs: ['f'] },
    );
    const further = view('further', { kind: 'blocked', by: [] }, { needs: ['waits'] });
    const model = treeOf(
      snapshot([
        workspace([broken, further], { finished: [failed('f'), failed('alone'), finished('done')] }),
      ]),
    );
    assert.deepEqual(labels(model), ['f', 'waits']);
    const row = model.nodes.get(keyOf({ kind: 'needs', id: taskId('f') }))?.row;
    assert.match(row?.description ?? '', /^holds up 2 tasks · failed/);
    assert.match(row?.context ?? '', /\bretryable\b/);
  });

  it('is a list also of one', () => {
    assert.deepEqual(labels(treeOf(snapshot([workspace([asks('one')])]))), ['one']);
    assert.deepEqual(labels(treeOf(snapshot([workspace([ready('a')])]))), []);
  });

  it('is there whatever is filtered', () => {
    const whole = snapshot([workspace([asks('hidden'), ready('shown')])], { trips: [trip('anti-loop')] });
    const filtered = snapshot([workspace([ready('shown')])], { trips: whole.trips });
    const look = { ...plainLook, filter: { ...plainLook.filter, text: 'shown' } };
    const model = treeModel(filtered, { now, readOnly: false, index: indexOf(whole) }, look, whole);
    assert.deepEqual(labels(model), ['Anti-loop fuse', 'hidden']);
    assert.equal(model.nodes.get(keyOf({ kind: 'task', id: taskId('hidden') })), undefined);
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

  const nothing: TreeStanding = { answers: {}, used: { tokens: 0, costMicros: 0, time: 0 } };
  const textOf = (tasks: readonly Task[], over: Partial<Parameters<typeof treeText>[0]> = {}): string =>
    treeText({ tasks, trips: [], standing: nothing, settings: defaultFuses, now, ...over });
  const children = (count: number, parent = root, over: Partial<Task> = {}): readonly Task[] =>
    Array.from({ length: count }, (_, index) => ({
      ...child(`${parent.title}.${index}`, over),
      parentId: parent.id,
    }));

  it('says who made what, how deep, and what is left', () => {
    const approved = child('c', { contextData: { delegation_depth: 1, approval: 'given' } });
    const text = textOf(
      [
        root,
        child('a'),
        child('x'),
        child('b', { contextData: { delegation_depth: 1, similar_to: 'a' } }),
        approved,
      ],
      { trips: [trip('tree-tasks', 'Root')] },
    );
    assert.match(text, /5 tasks, of which agents have made 4/);
    assert.match(text, /Tasks +4 of 50, 46 left; a branch directly under the root may have 25/);
    assert.match(text, /Root {2}depth 0 · made by you/);
    assert.match(text, / a {2}.*\n +b {2}depth 1 · made by the task above .* like a sibling.*\n +x {2}/);
    assert.match(text, /c {2}.* approved/);
    assert.match(text, /Tasks of a tree: The tree-tasks fuse has blown/);
  });

  it('counts what a person has added by answering', () => {
    const answers = { 'tree-tasks': 1, children: 2, 'tree-tokens': 1 } as const;
    const used = { tokens: 1_500_000, costMicros: 2_500_000, time: 3_600_000 };
    const text = textOf([root, ...children(20)], {
      standing: { answers, used },
      settings: { ...defaultFuses, treeCostMicros: 2_000_000 },
    });
    assert.match(text, /Tasks +21 of 100, 79 left; a branch directly under the root may have 50/);
    assert.match(text, /Sub-tasks +24 of each task/);
    assert.match(text, /Tokens +1,500,000 of 2,000,000, 500,000 left/);
    assert.match(text, /Cost +2\.50 of 2\.00, nothing left/);
    assert.match(text, /Time of runs +1 h 00 min of 8 h 00 min, 7 h 00 min left/);
    assert.match(textOf([root]), /Cost +0\.00, no limit/);
  });

  it('says of each task that may still make some how many', () => {
    const [first, ...rest] = children(3);
    assert.ok(first);
    const text = textOf([root, first, ...rest, ...children(8, first)]);
    assert.match(text, /Root {2}.* 12 in its branch · may make 5 more/);
    assert.match(text, /Root\.0 {2}.* 9 in its branch · may make no more/);
    assert.match(text, /Root\.1 {2}.* may make 8 more/);
    const deep = child('deep', { contextData: { delegation_depth: 5 } });
    assert.match(textOf([root, deep]), /deep {2}.* may make no more/);
    const done = child('done', { status: 'completed' });
    assert.doesNotMatch(textOf([root, done]), /done {2}.* may make/);
    assert.match(textOf([root], { settings: noFuses }), /Root {2}.* may make any number more/);
    const planned = { ...root, contextData: { delegation_depth: 0, approved_left: 30 } };
    assert.match(textOf([planned]), /Root {2}.* may make 38 more/);
  });

  it('says what the gate then does', async () => {
    const answers: string[] = [];
    await using house = await openTestDesk({
      script: async (task, run, signal) => {
        if (task.title !== 'Root') return completed;
        for (let index = 0; index < 3; index += 1) await run.createSubTask({ title: `Part ${index}` });
        await pass(house.clock, 1_000, signal);
        for (let index = 3; index < 20; index += 1)
          answers.push((await run.createSubTask({ title: `Part ${index}` })).kind);
        return completed;
      },
    });
    const id = await house.add('Root');
    await house.clock.advance(500);
    const text = await treeDocument(id, { control: house.desk }, house.clock.wallClock());
    const [, promised] = /Root {2}.* may make (\d+) more/.exec(text ?? '') ?? [];
    await house.clock.advance(5_000);
    assert.equal(answers.filter((kind) => kind === 'added').length, Number(promised));
  });
});
