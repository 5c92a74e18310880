import assert from 'node:assert/strict';
import { PodiumError } from '../../../src/core/errors.ts';
import { fromRow, nowhere, targetOf } from '../../../src/ui/commands/target.ts';
import { contextOf } from '../../../src/ui/present/context.ts';
import { deletionQuestion } from '../../../src/ui/present/deletion.ts';
import { errorActions } from '../../../src/ui/present/errorActions.ts';
import { withoutIcons, withoutLinks } from '../../../src/ui/present/plain.ts';
import { badgeOf, statusBarText, treeMessage } from '../../../src/ui/present/statusBarText.ts';
import { brokenNeeds } from '../../../src/ui/present/taskIndex.ts';
import { workspaceRow } from '../../../src/ui/present/workspaceRow.ts';
import { workspaceTooltip } from '../../../src/ui/present/workspaceTooltip.ts';
import { keyOf } from '../../../src/ui/tree/nodeKey.ts';
import {
  context,
  failed,
  finished,
  ready,
  running,
  snapshot,
  taskId,
  trip,
  view,
  workspace,
  workspaceId,
} from './pictures.ts';

const a = keyOf({ kind: 'task', id: taskId('a') });
const b = keyOf({ kind: 'task', id: taskId('b') });
const home = keyOf({ kind: 'workspace', id: workspaceId('w') });

describe('the target of a command', () => {
  it('is nothing from the palette, whatever is selected', () => {
    assert.deepEqual(targetOf([], [a]), nowhere);
  });

  it('is the clicked row, or all that are selected with it', () => {
    assert.deepEqual(targetOf([a, undefined], []).tasks, ['a']);
    assert.deepEqual(targetOf([a, [a, b]], []).tasks, ['a', 'b']);
    assert.deepEqual(targetOf([a, [b]], []).tasks, ['a'], 'a click beside the selection means the click');
  });

  it('is the selection when a key was pressed', () => {
    const { tasks, workspaces } = targetOf(['selection'], [a, b, home]);
    assert.deepEqual([tasks, workspaces], [['a', 'b'], ['w']]);
  });

  it('leaves the focus in the tree when a row was only chosen', () => {
    assert.deepEqual(targetOf([a, fromRow], []), { ...nowhere, tasks: ['a'], keepFocus: true });
    assert.equal(targetOf([a, [a]], []).keepFocus, false);
  });

  it('is nothing for arguments that are no rows', () => {
    assert.deepEqual(targetOf([{ id: 'a' }, 7], []), nowhere);
  });
});

describe('the question before a deletion', () => {
  const parent = ready('parent');
  const child = ready('child', { parent: 'parent' });
  const grandchild = ready('grandchild', { parent: 'child' });
  const waiting = view('waiting', { kind: 'blocked', by: [] }, { needs: ['grandchild'] });
  const done = finished('done', { needs: ['parent'] });
  const { index } = context([parent, child, grandchild, waiting, done]);
  const below = [taskId('child'), taskId('grandchild')];

  it('names the sub-tasks and the tasks that depend on any of them', () => {
    assert.deepEqual(deletionQuestion([taskId('parent')], below, index), {
      message: 'Delete "parent"?',
      detail:
        '2 sub-tasks go with it. 1 task will no longer wait for what is deleted. This cannot be undone.',
    });
  });

  it('counts nothing twice when parent and child are both chosen', () => {
    const { message, detail } = deletionQuestion(
      [taskId('parent'), taskId('child')],
      [taskId('grandchild')],
      index,
    );
    assert.equal(message, 'Delete 2 tasks?');
    assert.match(detail, /^1 sub-task goes with them\./);
  });
});

describe('the status bar', () => {
  it('counts what runs, waits and needs you, and says so in words', () => {
    const tasks = [running('a'), ready('b'), view('c', { kind: 'needs_you', why: '' })];
    const { text, spoken, alarming } = statusBarText(snapshot([workspace(tasks)]));
    assert.equal(text, '$(checklist) 1 running · 1 waiting · 1 needs you');
    assert.equal(spoken, 'Podium, 1 running, 1 waiting, 1 needs you');
    assert.equal(alarming, false);
  });

  it('shows a pause, and alarms only when a fuse has caused it', () => {
    const paused = (by: 'user' | 'fuse'): ReturnType<typeof statusBarText> =>
      statusBarText(snapshot([workspace([], { workspace: { pause: { at: 0, by, reason: 'x' } } })]));
    assert.equal(paused('user').text, '$(debug-pause) paused');
    assert.equal(paused('user').alarming, false);
    const blown = statusBarText(snapshot([workspace([])], { trips: [trip('anti-loop')] }));
    assert.deepEqual([blown.text, blown.alarming], ['$(zap) 1 fuse', true]);
    assert.ok(blown.tooltip.some(({ text }) => text === trip('anti-loop').reason));
  });

  it('has its name when there is nothing to count', () => {
    assert.equal(statusBarText(snapshot([workspace([])])).text, '$(checklist) Podium');
  });
});

describe('the tree as a whole', () => {
  it('wears the number of tasks that need a human', () => {
    const asks = view('c', { kind: 'needs_you', why: '' });
    assert.deepEqual(badgeOf(snapshot([workspace([asks])])), { value: 1, tooltip: '1 task needs you' });
  });

  it('says why nothing can be changed, or why nothing starts', () => {
    const reader = snapshot([], { role: { kind: 'reader', ownedBy: 'another window' } });
    assert.match(treeMessage(reader), /belong to another window/);
    assert.match(treeMessage(snapshot([], { trusted: false })), /Restricted Mode/);
    assert.equal(treeMessage(snapshot([])), '');
    assert.equal(treeMessage(snapshot([]), 'No model is asked.'), 'No model is asked.');
    assert.match(treeMessage(reader, 'No model is asked.'), /belong to another window/);
  });

  it('claims nothing about pace and workers where another window owns the tasks', () => {
    const group = workspace([running('a')]);
    assert.equal(workspaceRow(group, { readOnly: false }).description, '1 running · active');
    assert.equal(workspaceRow(group, { readOnly: true }).description, '1 running');
    assert.doesNotMatch(workspaceRow(group, { readOnly: true }).spoken, /checked/);
    const leads = (readOnly: boolean): unknown[] => [
      ...workspaceTooltip(group, { now: 0, readOnly }).map(({ lead }) => lead),
      ...statusBarText(
        snapshot([group], readOnly ? { role: { kind: 'reader', ownedBy: 'another window' } } : {}),
      ).tooltip.map(({ lead }) => lead),
    ];
    assert.deepEqual(
      leads(false).filter((lead) => !leads(true).includes(lead)),
      ['Pace', 'Workers'],
    );
  });

  it('is empty only when that is known', () => {
    assert.equal(contextOf({ kind: 'ready' }, undefined)['podium.empty'], false);
    assert.equal(contextOf({ kind: 'ready' }, snapshot([workspace([])]))['podium.empty'], true);
    assert.equal(contextOf({ kind: 'ready' }, snapshot([workspace([failed('a')])]))['podium.empty'], false);
    const error = new PodiumError('store-newer', 'x');
    assert.equal(contextOf({ kind: 'failed', error }, undefined)['podium.failure'], 'store-newer');
  });
});

describe('text from outside', () => {
  it('draws no icons in lists and makes no links in messages', () => {
    assert.equal(withoutIcons('$(bug) hi'), '\\$(bug) hi');
    assert.equal(withoutLinks('[x](command:y)'), '[x] (command:y)');
  });
});

describe('what needs a word', () => {
  it('knows which prerequisites are the trouble', () => {
    const broken = view('a', { kind: 'needs_you', why: '' }, { needs: ['x', 'y', 'z'], broken: 1 });
    const { index } = context([broken, failed('x'), running('y'), finished('z')]);
    assert.deepEqual(
      brokenNeeds(broken, index).map(({ task }) => task.id),
      ['x'],
    );
  });

  it('offers a way out of every trouble that has one', () => {
    assert.deepEqual(
      errorActions('read-only').map(({ title }) => title),
      ['Take Over'],
    );
    assert.deepEqual(errorActions('invalid-title'), []);
    assert.deepEqual(
      errorActions(undefined).map(({ title }) => title),
      ['Show Podium Log'],
    );
  });
});
