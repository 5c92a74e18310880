import assert from 'node:assert/strict';
import fc from 'fast-check';
import { PodiumError } from '../../../src/core/errors.ts';
import { lifecycle, next, tryNext } from '../../../src/core/lifecycle.ts';
import type { LifecycleEvent } from '../../../src/core/lifecycle.ts';
import { statuses } from '../../../src/core/model.ts';
import type { Status } from '../../../src/core/model.ts';

const events: readonly LifecycleEvent[] = [
  'claim',
  'complete',
  'fail',
  'retry',
  'ask',
  'interrupt',
  'suspend',
  'cancel',
  'rerun',
];

describe('the lifecycle', () => {
  it('runs only what was claimed', () => {
    for (const status of statuses) {
      for (const event of events) {
        if (tryNext(status, event) === 'running') assert.deepEqual([status, event], ['pending', 'claim']);
      }
    }
  });

  it('completes only what ran, and never leaves completed', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events), { maxLength: 40 }), (history) => {
        let status: Status = 'pending';
        for (const event of history) {
          const to = tryNext(status, event);
          if (to === 'completed') assert.equal(status, 'running');
          if (status === 'completed') assert.equal(to, undefined);
          status = to ?? status;
        }
      }),
    );
  });

  it('reaches every state, and from every state but completed there is a way back to pending', () => {
    const reached = new Set<Status>(['pending']);
    for (const status of reached) for (const to of Object.values(lifecycle[status])) reached.add(to);
    assert.deepEqual([...reached].sort(), [...statuses].sort());
    for (const status of statuses) {
      if (status === 'completed' || status === 'pending') continue;
      const way = new Set<Status>([status]);
      for (const at of way) for (const to of Object.values(lifecycle[at])) way.add(to);
      assert.ok(way.has('pending'), status);
    }
  });

  it('refuses a step that is not in the table with a stable code', () => {
    assert.throws(
      () => next('completed', 'claim'),
      (thrown) => thrown instanceof PodiumError && thrown.code === 'illegal-transition',
    );
  });
});
