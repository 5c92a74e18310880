import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import type { PodiumEvent } from '../../support/vscode/eventLog.ts';
import { eventLine, resultTable, taskResults } from '../../support/vscode/report.ts';

const noon = new Date(2026, 0, 1, 12, 0, 0).getTime();

function finished(task: string, from: number, to: number, status = 'completed'): PodiumEvent {
  const [startedAt, finishedAt] = [noon + from, noon + to];
  return { at: finishedAt, event: 'finished', task, title: `Task ${task}`, status, startedAt, finishedAt };
}

const line = (event: PodiumEvent): string => stripVTControlCharacters(eventLine(event) ?? '');
const table = (...events: PodiumEvent[]): string =>
  stripVTControlCharacters(resultTable(taskResults(events)));

describe('the launcher, printing what Podium does', () => {
  it('says of a finished task what became of it and how long it took', () => {
    assert.equal(line(finished('a', 0, 1500, 'failed')), '12:00:01  ✖ failed      Task a  1.5 s');
  });

  it('prints nothing for an event without a task', () => {
    assert.equal(eventLine({ at: noon, event: 'idle' }), undefined);
  });

  it('lets no control character of a title reach the terminal', () => {
    const text =
      eventLine({ at: noon, event: 'added', task: 'a', title: 'x\u001b]0;owned\u0007\r\ny' }) ?? '';
    assert.doesNotMatch(stripVTControlCharacters(text), /\p{Cc}/u);
    assert.ok(!text.includes('\u001b]0'));
  });

  it('cuts a long title without cutting a character in two', () => {
    const family = '👩‍👩‍👧';
    const text = line({ at: noon, event: 'added', task: 'a', title: family.repeat(200) });
    assert.equal(text.split(family).length - 1, 79);
    assert.ok(text.endsWith('…'));
  });

  it('lists tasks in the order they started, those that never did at the end', () => {
    const text = table(
      { at: noon, event: 'added', task: 'c', title: 'Task c', status: 'pending' },
      finished('b', 10, 20),
      finished('a', 5, 30),
    );
    assert.deepEqual(text.match(/Task [abc]/g), ['Task a', 'Task b', 'Task c']);
  });

  it('remembers what only earlier events of a task said', () => {
    const text = table(
      { at: noon, event: 'scored', task: 'a', score: 812.4, agent: 'shell' },
      finished('a', 0, 100),
    );
    assert.match(text, /Task a +shell +812 +\+0\.0 s +0\.1 s +completed/);
  });

  it('says that a task is still running, or waits to be tried again', () => {
    const added: PodiumEvent = { at: noon, event: 'added', task: 'a', title: 'Task a' };
    const started: PodiumEvent = { at: noon + 5, event: 'started', task: 'a' };
    const ended = { startedAt: noon + 5, finishedAt: noon + 9 };
    const retry: PodiumEvent = { at: noon + 9, event: 'pending', task: 'a', status: 'pending', ...ended };
    assert.match(table(added), /Task a .*pending$/m);
    assert.match(table(added, started), /Task a .*running$/m);
    assert.match(table(added, started, retry), /Task a .*pending$/m);
    assert.match(table(added, started, retry, { ...started, at: noon + 20 }), /Task a +\+0\.0 s +running$/m);
  });

  it('counts how many ran at the same time, and touching is not overlapping', () => {
    assert.match(table(finished('a', 0, 10), finished('b', 10, 20)), /at most 1 at the same time/);
    assert.match(table(finished('a', 0, 10), finished('b', 9, 20)), /at most 2 at the same time/);
  });
});
