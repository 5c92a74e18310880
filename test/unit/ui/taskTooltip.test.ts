import assert from 'node:assert/strict';
import type { TaskView } from '../../../src/core/metrics/snapshot.ts';
import type { Decision } from '../../../src/core/ports.ts';
import { scoreText, taskTooltip } from '../../../src/ui/present/taskTooltip.ts';
import { context, now, ready, running, taskId, view, workspace } from './pictures.ts';

const project = workspace([]).workspace;

function textOf(one: TaskView, others: readonly TaskView[] = [], decision?: Decision): string {
  const lines = taskTooltip(one, project, decision, context([one, ...others]));
  return lines.map(({ lead, text }) => (lead === undefined ? text : `${lead}: ${text}`)).join('\n');
}

describe('the tooltip of a task', () => {
  it('adds the score up from its parts', () => {
    const parts = { judgement: 500, unblocking: 320, goal: 50, deadline: 0, age: 0, boost: 0 };
    assert.equal(scoreText(870, parts), '870 = 500 priority + 320 unblocks others + 50 close to the goal');
  });

  it('names a boost among the parts of the score, added or taken away', () => {
    const parts = { judgement: 500, unblocking: 0, goal: 50, deadline: 0, age: 0, boost: 250 };
    assert.equal(scoreText(800, parts), '800 = 500 priority + 50 close to the goal + 250 your boost');
    assert.equal(
      scoreText(350, { ...parts, boost: -200 }),
      '350 = 500 priority + 50 close to the goal - 200 your boost',
    );
    assert.equal(scoreText(-200, { ...parts, judgement: 0, goal: 0, boost: -200 }), '-200 = -200 your boost');
  });

  it('says of a blocked task too that it is pinned', () => {
    const blocked = view('a', { kind: 'blocked', by: [] }, { pin: 5 });
    assert.match(textOf(blocked), /Place: pinned: as soon as it can start/);
  });

  it('says where it stands and how long it has waited', () => {
    const text = textOf(ready('a', { position: 3 }));
    assert.match(text, /Place: 3rd of those that can start/);
    assert.match(text, /Waiting: 1 min 00 s/);
  });

  it('says that a hand put it first', () => {
    assert.match(
      textOf(ready('a', { position: 1, pin: 1 })),
      /Place: next: pinned, so its place was chosen by hand/,
    );
  });

  it('names what it depends on', () => {
    const others = [running('Build'), view('Lint', { kind: 'failed' })];
    const blocked = view('a', { kind: 'blocked', by: [taskId('Build')] }, { needs: ['Build', 'Lint'] });
    assert.match(textOf(blocked, others), /Depends on: "Build" and "Lint" \(failed\)/);
  });

  it('tells interruptions apart from failed attempts', () => {
    const text = textOf(ready('a', { interruptions: 2, attempt: 1 }));
    assert.match(text, /Interrupted: 2 times/);
    assert.match(text, /Failed attempts: 1/);
  });

  it('answers why it was started', () => {
    const decision: Decision = {
      id: 1,
      taskId: taskId('a'),
      claim: 1,
      at: now,
      reason: 'oldest',
      score: 300,
      top: [],
      context: { workspaces: 1, paused: 0, running: 9, freeWorkers: 1, resources: [] },
    };
    assert.match(textOf(running('a'), [], decision), /because it was the oldest.*9 tasks were running/);
  });

  it('says when results are made up', () => {
    assert.match(
      textOf(running('a', { simulated: true })),
      /Agent: Command: simulated, its results are made up/,
    );
  });

  it('stays small whatever the texts are', () => {
    const text = textOf(ready('x'.repeat(500), { description: 'y'.repeat(100_000) }));
    assert.ok(text.length < 2_000);
  });
});
