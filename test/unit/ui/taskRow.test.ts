import assert from 'node:assert/strict';
import type { DisplayState, TaskView } from '../../../src/core/metrics/snapshot.ts';
import { stateIcons, taskRow } from '../../../src/ui/present/taskRow.ts';
import { context, failed, finished, now, ready, running, taskId, view } from './pictures.ts';
import type { Wish } from './pictures.ts';

const describeOf = (one: TaskView, others: readonly TaskView[] = []): string =>
  taskRow(one, context([one, ...others])).description;

describe('the row of a task', () => {
  it('says score, state, attempt and duration of what runs', () => {
    assert.equal(describeOf(running('a', { score: 870, attempt: 1 })), '870 · running · attempt 2 · 10 s');
  });

  it('says why it waits', () => {
    const first = running('Build it');
    const in3h = now + 3.5 * 3_600_000;
    const cases: readonly (readonly [DisplayState, Wish, string])[] = [
      [{ kind: 'ready' }, {}, '500 · pending'],
      [{ kind: 'paused' }, { pin: 1 }, 'pinned · 500 · paused'],
      [
        { kind: 'waiting', resource: 'workspace trust', until: null },
        {},
        'waiting for workspace trust · 500',
      ],
      [{ kind: 'blocked', by: [taskId('Build it')] }, { needs: ['Build it'] }, '500 · waiting for Build it'],
      [{ kind: 'blocked', by: [] }, { needs: ['Build it', 'x'] }, '500 · waiting for 2 tasks'],
      [{ kind: 'scheduled', at: in3h }, { attempt: 1 }, '500 · scheduled, resumes 15:30 · attempt 2'],
      [{ kind: 'scheduled', at: now - 1 }, {}, '500 · pending'],
    ];
    for (const [state, wish, expected] of cases) {
      assert.equal(describeOf(view('b', state, wish), [first]), expected);
    }
  });

  it('names the one prerequisite that is still open, not those that are done', () => {
    const others = [finished('Done already'), running('Still at it')];
    const blocked = view(
      'b',
      { kind: 'blocked', by: others.map(({ task }) => task.id) },
      { needs: ['Done already', 'Still at it'], unmet: 1 },
    );
    assert.equal(describeOf(blocked, others), '500 · waiting for Still at it');
  });

  it('says what is asked of you, and what went wrong', () => {
    const asks = view('a', { kind: 'needs_you', why: 'Was interrupted: run again?' });
    assert.equal(describeOf(asks), '500 · needs input · Was interrupted: run again?');
    assert.equal(describeOf(failed('b', { attempt: 3 })), 'failed · exit code 1 · 3 attempts · 10 s');
    assert.equal(describeOf(finished('c')), 'completed · 10 s');
  });

  it('never passes a simulated result off as a real one', () => {
    const row = taskRow(finished('a', { simulated: true }), context());
    assert.match(row.description, /simulated/);
    assert.match(row.spoken, /simulated/);
  });

  it('speaks everything that the colour shows', () => {
    const row = taskRow(ready('Count words', { score: 870, position: 2 }), context());
    assert.equal(row.spoken, 'Count words, pending, score 870, number 2 in the queue, agent Command');
  });

  it('does not change what is spoken every second', () => {
    const spoken = [0, 1_000, 40_000].map(
      (later) => taskRow(running('a'), context([], { now: now + later })).spoken,
    );
    assert.equal(new Set(spoken).size, 1);
  });

  it('has an icon of its own for every state, so that colour is never alone', () => {
    const icons = Object.values(stateIcons).map(({ id }) => id);
    assert.equal(new Set(icons).size, icons.length);
  });

  it('opens the result of what is finished and the log of what runs', () => {
    assert.deepEqual(
      [ready('a'), running('b'), finished('c'), failed('d')].map((each) => taskRow(each, context()).opens),
      [undefined, 'log', 'result', 'result'],
    );
  });

  it('offers only what the state allows', () => {
    const words = (each: TaskView, readOnly = false): string =>
      taskRow(each, context([], { readOnly })).context;
    const waiting = 'runnable cancellable editable deletable prioritizable';
    assert.equal(words(ready('a')), `task ready ${waiting} pinnable movable plannable explainable`);
    assert.equal(
      words(ready('a', { pin: 1 })),
      `task ready pinned ${waiting} unpinnable movable plannable explainable`,
    );
    assert.equal(words(running('a')), 'task running cancellable plannable withLog explainable');
    assert.equal(
      words(failed('a')),
      'task failed retryable editable deletable withLog withResult explainable',
    );
    assert.equal(words(finished('a')), 'task completed deletable withLog withResult explainable');
    assert.match(words(view('a', { kind: 'needs_you', why: '' })), /\bresolvable\b/);
  });

  it('offers nothing that changes anything in a window that only reads', () => {
    const each = [ready('a'), running('b'), failed('c'), finished('d')];
    const words = each.map((one) => taskRow(one, context([], { readOnly: true })).context);
    assert.deepEqual(words, [
      'task ready explainable',
      'task running withLog explainable',
      'task failed withLog withResult explainable',
      'task completed withLog withResult explainable',
    ]);
  });
});
