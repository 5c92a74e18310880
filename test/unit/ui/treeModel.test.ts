import assert from 'node:assert/strict';
import { shownAtOnce } from '../../../src/core/metrics/snapshot.ts';
import { noTasks } from '../../../src/core/metrics/snapshot.ts';
import type { Snapshot, TaskView } from '../../../src/core/metrics/snapshot.ts';
import type { Row } from '../../../src/ui/present/row.ts';
import { indexOf } from '../../../src/ui/present/taskIndex.ts';
import { plainLook } from '../../../src/ui/tree/treeLook.ts';
import type { Grouping } from '../../../src/ui/tree/treeLook.ts';
import { keyOf, parseKey } from '../../../src/ui/tree/nodeKey.ts';
import type { NodeKey } from '../../../src/ui/tree/nodeKey.ts';
import { treeChange } from '../../../src/ui/tree/treeChange.ts';
import { emptyTree, nest, treeModel } from '../../../src/ui/tree/treeModel.ts';
import type { TreeModel } from '../../../src/ui/tree/treeModel.ts';
import {
  context,
  failed,
  finished,
  now,
  ready,
  running,
  snapshot,
  taskId,
  view,
  workspace,
  workspaceId,
} from './pictures.ts';

function modelOf(picture: Snapshot, later = 0): TreeModel {
  return treeModel(picture, { now: now + later, index: indexOf(picture), readOnly: false });
}

/** The tree as an indented list of labels. */
function drawn(model: TreeModel): readonly string[] {
  const lines: string[] = [];
  const draw = (keys: readonly NodeKey[], depth: number): void => {
    for (const key of keys) {
      const node = model.nodes.get(key)!;
      lines.push('  '.repeat(depth) + node.row.label);
      draw(node.children, depth + 1);
    }
  };
  draw(model.roots, 0);
  return lines;
}

describe('the groups of the tree', () => {
  const parent = running('parent');
  const picture = snapshot([
    workspace([
      parent,
      ready('first'),
      ready('sub', { parent: 'parent' }),
      view('blocked', { kind: 'blocked', by: [] }),
    ]),
  ]);
  const groupedBy = (grouping: Grouping): readonly string[] =>
    drawn(treeModel(picture, { now, index: indexOf(picture), readOnly: false }, { ...plainLook, grouping }));

  it('are the parents of sub-tasks', () => {
    assert.deepEqual(groupedBy('parent'), ['project', '  parent', '    sub', '  first', '  blocked']);
  });

  it('are none in the order of the queue', () => {
    assert.deepEqual(groupedBy('queue'), ['project', '  parent', '  first', '  sub', '  blocked']);
  });

  it('are the states, each with its number, and only those there are', () => {
    assert.deepEqual(groupedBy('state'), [
      'project',
      '  Running (1)',
      '    parent',
      '  Waiting (2)',
      '    first',
      '    sub',
      '  Waiting for other tasks (1)',
      '    blocked',
    ]);
  });

  it('count through a filter only what fits it, and do not offer to clear the rest', () => {
    const some = snapshot([
      workspace([ready('a')], {
        finished: [failed('broken'), finished('done')],
        counts: { ...noTasks, ready: 9, completed: 40, failed: 50 },
      }),
    ]);
    const lookAt = (text: string): TreeModel =>
      treeModel(
        some,
        { now, index: indexOf(some), readOnly: false },
        { ...plainLook, filter: { ...plainLook.filter, text } },
      );
    const rowOf = (text: string): Row =>
      lookAt(text).nodes.get(keyOf({ kind: 'finished', id: workspaceId('w') }))!.row;
    assert.deepEqual(drawn(lookAt('')).slice(2), [
      '  Finished (90)',
      '    broken',
      '    done',
      '    88 more',
    ]);
    assert.deepEqual(drawn(lookAt('o')).slice(2), ['  Finished (2)', '    broken', '    done']);
    assert.deepEqual([rowOf('').description, rowOf('o').description], ['50 failed', '1 failed']);
    assert.deepEqual([rowOf('').context, rowOf('o').context], ['finished clearable', 'finished']);
  });

  it('say that there is more where a filter has found as many finished ones as are shown', () => {
    const done = Array.from({ length: shownAtOnce.finished }, (_, index) => finished(`d${index}`));
    const full = snapshot([workspace([ready('a')], { finished: done })]);
    const look = { ...plainLook, filter: { ...plainLook.filter, text: 'd' } };
    const model = treeModel(full, { now, index: indexOf(full), readOnly: false }, look);
    assert.equal(drawn(model).at(-1), '    More');
  });

  it('have keys that can be told apart and read back', () => {
    const name = { kind: 'group', id: workspaceId('w'), state: 'ready' } as const;
    assert.deepEqual(parseKey(keyOf(name)), name);
  });
});

describe('the tree of tasks', () => {
  it('keeps the dispatch order', () => {
    const model = modelOf(snapshot([workspace([running('b'), ready('c'), ready('a')])]));
    assert.deepEqual(drawn(model), ['project', '  b', '  c', '  a']);
  });

  it('puts sub-tasks that mean the same behind the first of them, and hides none', () => {
    const child = (title: string, twin?: string): TaskView =>
      ready(title, {
        parent: 'parent',
        contextData: { delegation_depth: 1, ...(twin === undefined ? {} : { similar_to: twin }) },
      });
    const tasks = [
      ready('parent'),
      child('a'),
      child('b'),
      child('a again', 'a'),
      child('c'),
      child('a more', 'a'),
    ];
    assert.deepEqual(drawn(modelOf(snapshot([workspace(tasks)]))), [
      'project',
      '  parent',
      '    a',
      '    a again',
      '    a more',
      '    b',
      '    c',
    ]);
  });

  it('puts sub-tasks under their parent, and the tree where its best member is', () => {
    const parent = ready('parent');
    const tasks = [running('child', { parent: 'parent' }), ready('other'), parent];
    // Sub-tasks are always created after their parent.
    const sorted = tasks.map((each, index): TaskView => ({
      ...each,
      task: { ...each.task, sequence: 3 - index },
    }));
    assert.deepEqual(drawn(modelOf(snapshot([workspace(sorted)]))), [
      'project',
      '  parent',
      '    child',
      '  other',
    ]);
  });

  it('keeps a finished parent among the living while a sub-task is not finished', () => {
    const parent = finished('parent');
    const done = finished('done', { parent: 'parent' });
    const open = ready('open', { parent: 'parent' });
    const model = modelOf(snapshot([workspace([parent, open], { finished: [done] })]));
    assert.deepEqual(drawn(model), ['project', '  parent', '    open', '    done']);
    assert.equal(model.nodes.get(keyOf({ kind: 'task', id: taskId('parent') }))?.open, true);
  });

  it('collects what is finished in a closed group, with its trees intact', () => {
    const parent = finished('parent');
    const child = finished('child', { parent: 'parent' });
    const model = modelOf(snapshot([workspace([ready('a')], { finished: [child, parent] })]));
    assert.deepEqual(drawn(model), ['project', '  a', '  Finished (2)', '    parent', '      child']);
    assert.equal(model.nodes.get(keyOf({ kind: 'finished', id: workspaceId('w') }))?.open, false);
  });

  it('says how many did not fit, in both groups', () => {
    const counts = { ...workspace([ready('a')]).counts, completed: 7 };
    const picture = workspace([ready('a')], { more: 12, counts, finished: [finished('x')] });
    assert.deepEqual(drawn(modelOf(snapshot([picture]))), [
      'project',
      '  a',
      '  12 more',
      '  Finished (7)',
      '    x',
      '    6 more',
    ]);
  });

  it('has no rows without tasks, so that the welcome view shows', () => {
    assert.equal(modelOf(snapshot([workspace([])])), emptyTree);
  });

  it('reports an interruption on top', () => {
    const recovery = {
      interrupted: [
        { id: taskId('a'), title: 'A', fate: 'rerun' as const },
        { id: taskId('b'), title: 'B', fate: 'asks' as const },
      ],
    };
    const model = modelOf(snapshot([workspace([ready('a')])], { recovery }));
    const [top] = model.roots;
    const node = model.nodes.get(top!)!;
    assert.equal(node.row.label, '2 tasks were interrupted');
    assert.equal(node.row.description, '1 runs again · 1 waits for your word');
    assert.equal(node.children.length, 2);
  });

  it('never shows one key in two places', () => {
    const views = [
      ready('a'),
      ready('b', { parent: 'a' }),
      ready('c', { parent: 'b' }),
      ready('d', { parent: 'a' }),
    ];
    const { roots, childrenOf } = nest(views);
    const flat = (each: TaskView): readonly TaskView[] => [
      each,
      ...(childrenOf.get(each.task.id) ?? []).flatMap(flat),
    ];
    const shown = roots.flatMap(flat).map(({ task }) => task.id);
    assert.deepEqual([...shown].sort(), ['a', 'b', 'c', 'd']);
  });

  it('ends even where rows claim to be their own ancestors', () => {
    const a = ready('a', { parent: 'b' });
    const b = ready('b', { parent: 'a' });
    const { roots, childrenOf } = nest([a, b]);
    assert.deepEqual(roots, [a]);
    assert.deepEqual(childrenOf.get(taskId('a')), [b]);
  });
});

describe('a change of the tree', () => {
  const before = modelOf(snapshot([workspace([running('a'), ready('b')])]));

  it('is nothing when nothing changed', () => {
    const again = modelOf(snapshot([workspace([running('a'), ready('b')])]));
    assert.equal(treeChange(before, again), 'none');
  });

  it('is the rows whose words changed', () => {
    const soon = modelOf(snapshot([workspace([running('a'), ready('b')])]), 1_000);
    assert.equal(treeChange(before, soon), 'none', 'a row is not drawn for every second');
    const later = modelOf(snapshot([workspace([running('a'), ready('b')])]), 5_000);
    assert.deepEqual(treeChange(before, later), ['task:a']);
  });

  it('is the workspace when a task moved between its groups', () => {
    const moved = modelOf(snapshot([workspace([ready('b')], { finished: [finished('a')] })]));
    assert.deepEqual(treeChange(before, moved), ['workspace:w']);
  });

  it('is everything when the workspaces changed', () => {
    assert.equal(treeChange(emptyTree, before), 'all');
    assert.equal(treeChange(before, emptyTree), 'all');
  });

  it('leaves other workspaces alone', () => {
    const other = (tasks: readonly TaskView[]): ReturnType<typeof workspace> =>
      workspace(tasks, { workspace: { id: workspaceId('v'), name: 'other' } });
    const one = modelOf(snapshot([workspace([ready('a')]), other([ready('x')])]));
    const two = modelOf(snapshot([workspace([ready('a')]), other([ready('x'), ready('y')])]));
    assert.deepEqual(treeChange(one, two), ['workspace:v']);
  });
});

describe('the key of a row', () => {
  it('comes back from its text', () => {
    for (const name of [
      { kind: 'task', id: taskId('a:b') },
      { kind: 'finished', id: workspaceId('w') },
      { kind: 'recovery' },
    ] as const) {
      assert.deepEqual(parseKey(keyOf(name)), name);
    }
  });

  it('is nothing for anything else', () => {
    for (const value of ['', 'task:', 'nonsense:1', ':', 7, null, undefined, {}]) {
      assert.equal(parseKey(value), undefined);
    }
  });
});

describe('the rows of a thousand tasks', () => {
  it('are made in a few milliseconds', () => {
    const many = Array.from({ length: 1_000 }, (_, index) =>
      view(`t${index}`, { kind: 'ready' }, index % 5 === 0 ? {} : { parent: `t${index - (index % 5)}` }),
    );
    const picture = snapshot([workspace(many)]);
    const start = performance.now();
    treeModel(picture, context(many));
    assert.ok(performance.now() - start < 150, 'the budget for the first paint');
  });
});
