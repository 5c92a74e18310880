/** What runs of a kind use though nobody has said so. */
import assert from 'node:assert/strict';
import { afterRun, asksAlike, doerOf } from '../../../../src/core/arbitration/habits.ts';
import type { Habit } from '../../../../src/core/arbitration/habits.ts';
import type { AgentId } from '../../../../src/core/model.ts';

const after = (habit: Habit, ...amounts: number[]): Habit =>
  amounts.reduce((before, search) => afterRun(before, { search }, true), habit);

describe('a habit', () => {
  it('is of an agent, a program and its first word', () => {
    const command = 'command' as AgentId;
    assert.equal(doerOf(command, ['node', '--trace-warnings', 'fetch.js', 'a']), 'command node fetch.js');
    assert.equal(doerOf(command, ['node', 'fetch.js', 'b']), 'command node fetch.js');
    assert.notEqual(doerOf(command, ['node', 'other.js']), doerOf(command, ['node', 'fetch.js']));
    assert.equal(doerOf('writer' as AgentId, undefined), 'writer');
    assert.ok(doerOf(command, ['x'.repeat(10_000)]).length < 200);
  });

  it('is what the first run has used, and follows those after it', () => {
    assert.equal(after({}, 5).search?.amount, 5);
    const twenty = Array.from({ length: 20 }, () => 2);
    assert.equal(after({}, 5, ...twenty).search?.amount, 2);
    assert.equal(after({}, 0.4).search?.amount, 1, 'never a part of a call');
  });

  it('asks for the same while runs differ by little, so that what waits is left alone', () => {
    let habit = after({}, 2);
    for (let run = 0; run < 100; run += 1) {
      const next = after(habit, run % 2 === 0 ? 1 : 2);
      assert.ok(asksAlike(habit, next), `after ${run} runs`);
      habit = next;
    }
  });

  it('is given up when runs use nothing any more, but not when they do not speak of it', () => {
    assert.deepEqual(after({}, 1, 0, 0, 0, 0), {});
    const habit = after({}, 1);
    assert.deepEqual(afterRun(habit, {}, false), habit);
  });

  it('has a bound', () => {
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, number) => [`r${number}`, 1]));
    assert.equal(Object.keys(afterRun({}, many, true)).length, 10);
  });
});
