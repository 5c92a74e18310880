import assert from 'node:assert/strict';
import fc from 'fast-check';
import { levelValue } from '../../../src/core/priority/judgement.ts';
import { dependentsBound, scoreOf } from '../../../src/core/priority/score.ts';
import type { ScoreFacts } from '../../../src/core/priority/score.ts';

const now = Date.UTC(2030, 0, 1);
const hour = 3_600_000;
const day = 24 * hour;

function facts(over: Partial<ScoreFacts> = {}): ScoreFacts {
  return {
    priority: 'medium',
    judged: null,
    boost: 0,
    dependents: 0,
    text: '',
    goal: '',
    dueAt: null,
    createdAt: now,
    ...over,
  };
}

const value = (over: Partial<ScoreFacts> = {}, at = now): number => scoreOf(facts(over), at).value;

describe('the score', () => {
  it('orders the three levels when nothing else is known', () => {
    assert.ok(value({ priority: 'high' }) > value({ priority: 'medium' }));
    assert.ok(value({ priority: 'medium' }) > value({ priority: 'low' }));
  });

  it('lifts a low task with ten dependents over a high one', () => {
    assert.ok(value({ priority: 'low', dependents: 10 }) > value({ priority: 'high' }));
    assert.ok(
      value({ priority: 'low', dependents: 9 }) - levelValue.low <
        value({ priority: 'low', dependents: 10 }) - levelValue.low,
    );
  });

  it('grows with dependents, ever more slowly, and has saturated where the search for them stops', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 }), (n) => {
        const first = value({ dependents: n + 1 }) - value({ dependents: n });
        const second = value({ dependents: n + 2 }) - value({ dependents: n + 1 });
        assert.ok(first >= 0);
        assert.ok(second <= first + 1, 'points are rounded');
      }),
    );
    assert.ok(value({ dependents: 1e9 }) - value({ dependents: dependentsBound }) <= 36);
  });

  it('grows with age by at most 300 points', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.nat(60), (a, b) => {
        const [young, old] = a < b ? [a, b] : [b, a];
        const gain = value({ createdAt: now - old * day }) - value({ createdAt: now - young * day });
        assert.ok(gain >= 0 && gain <= 300);
      }),
    );
    assert.equal(value({ createdAt: now - 14 * day }) - value(), 300);
  });

  it('adds points for the words shared with the goal, in any script', () => {
    const goal = 'Lancio prodotto Ελλάδα';
    assert.ok(
      value({ text: 'prepara il lancio del prodotto', goal }) >
        value({ text: 'rinnova il certificato', goal }),
    );
    assert.ok(value({ text: 'σχέδιο για την ΕΛΛΆΔΑ', goal }) > value({ text: 'σχέδιο', goal }));
    assert.equal(value({ text: 'anything', goal: '' }), value());
    const links = 'no broken links in the documents';
    assert.ok(value({ text: 'write the report', goal: links }) - value() <= 15, 'short words say little');
  });

  it('rises in steps as a deadline comes near', () => {
    const left = [48, 24, 4, 1, 0].map((hours) => value({ dueAt: now + hours * hour }) - value());
    assert.deepEqual(left, [0, 75, 150, 250, 300]);
  });

  it('says when time alone will change it, and it changes exactly then', () => {
    fc.assert(
      fc.property(fc.integer({ min: -2, max: 72 }), fc.nat(20), (hours, days) => {
        const task = facts({ dueAt: now + hours * hour, createdAt: now - days * day });
        const before = scoreOf(task, now);
        if (before.changesAt === null) {
          assert.equal(scoreOf(task, now + 1_000 * day).value, before.value);
        } else {
          assert.ok(before.changesAt > now);
          assert.equal(scoreOf(task, before.changesAt - 1).value, before.value);
          assert.ok(scoreOf(task, before.changesAt).value > before.value);
        }
      }),
    );
  });

  it('is the sum of its parts', () => {
    const { value: sum, parts } = scoreOf(
      facts({ dependents: 3, text: 'a goal', goal: 'goal', dueAt: now, createdAt: now - 5 * day }),
      now,
    );
    assert.equal(
      sum,
      Object.values(parts).reduce((total: number, part: number) => total + part, 0),
    );
  });
});
