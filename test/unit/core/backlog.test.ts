import assert from 'node:assert/strict';
import { Backlog, longBacklog, shortBacklog } from '../../../src/core/metrics/backlog.ts';

describe('The queue of tasks that wait for a judgement', () => {
  it('is told of when it becomes long, and not again before it has been short', () => {
    const backlog = new Backlog();
    const waiting = [0, longBacklog - 1, longBacklog, 2_000, longBacklog - 1, longBacklog, shortBacklog, 60];
    assert.deepEqual(
      waiting.filter((tasks) => backlog.note(tasks)),
      [longBacklog],
    );
    assert.equal(backlog.isLong, true);
    assert.equal(backlog.note(shortBacklog - 1), false);
    assert.equal(backlog.isLong, false);
    assert.equal(backlog.note(longBacklog), true);
  });
});
