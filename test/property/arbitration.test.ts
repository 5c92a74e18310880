/**
 * Whatever tasks ask for, in whatever order they come, go and send: what is on the other side of a resource never has
 * to refuse, nothing waits for ever, and what is left is what was there, less what was sent, and what came back.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Arbitrator } from '../../src/core/arbitration/arbitrator.ts';
import type { Bucket } from '../../src/core/arbitration/bucket.ts';
import { demandsIn, signatureOf } from '../../src/core/arbitration/requirements.ts';
import type { Resource } from '../../src/core/arbitration/resource.ts';
import { seededRandom } from '../support/seededChance.ts';

const search: Extract<Resource, { kind: 'rate' }> = {
  kind: 'rate',
  capacity: 7,
  perSecond: 0.3,
  spike: null,
};
const resources = new Map<string, Resource>([
  ['search', search],
  ['news', { kind: 'rate', capacity: 5, perSecond: 1.7, spike: 4 }],
  ['slots', { kind: 'pool', capacity: 4 }],
  ['memory', { kind: 'pool', capacity: 10 }],
]);
const capacities = new Map([...resources].map(([name, { capacity }]) => [name, capacity]));

/** The other side: it refills all the time, is never fuller than full, and refuses what it does not have. */
class Endpoint {
  level: number;
  refused = 0;
  sent = 0;
  readonly #resource: Extract<Resource, { kind: 'rate' }>;
  #at = 0;

  constructor(resource: Extract<Resource, { kind: 'rate' }>) {
    this.#resource = resource;
    this.level = resource.capacity;
  }

  call(now: number): void {
    const { capacity, perSecond } = this.#resource;
    this.level = Math.min(capacity, this.level + ((now - this.#at) / 1_000) * perSecond);
    this.#at = now;
    if (this.level < 1 - 1e-6) this.refused += 1;
    else {
      this.level -= 1;
      this.sent += 1;
    }
  }
}

interface Wish {
  readonly signature: string;
  readonly duration: number;
}

const wish: fc.Arbitrary<Wish> = fc
  .record({
    amounts: fc.record({
      search: fc.nat(3),
      news: fc.nat(4),
      slots: fc.nat(4),
      memory: fc.nat(10),
    }),
    duration: fc.integer({ min: 1, max: 9_000 }),
  })
  .map(({ amounts, duration }) => ({
    duration,
    signature: signatureOf(
      Object.entries(amounts)
        .filter(([, amount]) => amount > 0)
        .map(([resource, amount]) => ({ resource, amount })),
    ),
  }));

interface Outcome {
  readonly completed: number;
  readonly refused: number;
  readonly overdrawn: number;
  readonly left: Bucket;
  readonly sent: number;
  readonly now: number;
}

type Mutant = (arbitrator: Arbitrator) => void;

/** Runs all wishes, six at a time at most, each started as soon as it may, in steps of 50 ms. */
function run(wishes: readonly Wish[], seed: number, mutant: Mutant = () => undefined): Outcome {
  const arbitrator = new Arbitrator({ resources: () => resources, trusted: () => true });
  mutant(arbitrator);
  const endpoint = new Endpoint(search);
  const random = seededRandom(seed);
  const waiting = [...wishes];
  const running: { readonly wish: Wish; readonly ends: number; readonly calls: number[] }[] = [];
  let [now, overdrawn, completed] = [0, 0, 0];
  for (; completed < wishes.length && now < 4 * 3_600_000; now += 50) {
    for (const one of running) {
      while (one.calls[0] !== undefined && one.calls[0] <= now) endpoint.call(one.calls.shift() ?? now);
    }
    for (const one of running.filter(({ ends }) => ends <= now)) {
      running.splice(running.indexOf(one), 1);
      arbitrator.give(one.wish.signature, now);
      completed += 1;
    }
    const asked = new Set<string>();
    for (const one of [...waiting]) {
      if (running.length >= 6) break;
      asked.add(one.signature);
      const signatures = running.map(({ wish: { signature } }) => signature);
      if (!arbitrator.grantable(one.signature, signatures, now)) continue;
      arbitrator.take(one.signature, now);
      waiting.splice(waiting.indexOf(one), 1);
      const count = demandsIn(one.signature).get('search') ?? 0;
      // In the run, at whatever time.
      const calls = Array.from({ length: count }, () => now + random() * one.duration).sort((a, b) => a - b);
      running.push({ wish: one, ends: now + one.duration, calls });
      for (const [name, capacity] of capacities) {
        if (resources.get(name)?.kind !== 'pool') continue;
        const used = running.reduce(
          (sum, { wish: { signature } }) => sum + (demandsIn(signature).get(name) ?? 0),
          0,
        );
        if (used > capacity) overdrawn += 1;
      }
    }
    arbitrator.endPass(asked);
    for (const name of resources.keys())
      if (resources.get(name)?.kind === 'rate' && arbitrator.bucketAt(name, now).level < -1e-6)
        overdrawn += 1;
  }
  const left = arbitrator.bucketAt('search', now);
  return { completed, refused: endpoint.refused, overdrawn, left, sent: endpoint.sent, now };
}

const backlog = fc.record({ wishes: fc.array(wish, { minLength: 1, maxLength: 40 }), seed: fc.nat(1_000) });

describe('Tasks that share resources', () => {
  it('all run in the end, overdraw nothing, and are never refused by the other side', () => {
    fc.assert(
      fc.property(backlog, ({ wishes, seed }) => {
        const { completed, refused, overdrawn } = run(wishes, seed);
        assert.deepEqual(
          { completed, refused, overdrawn },
          { completed: wishes.length, refused: 0, overdrawn: 0 },
        );
      }),
      { numRuns: 150, seed: 6 },
    );
  });

  it('never start more at once than a spike limit allows', () => {
    const news = resources.get('news');
    const most = news?.kind === 'rate' ? (news.spike ?? Infinity) : Infinity;
    fc.assert(
      fc.property(
        fc.array(fc.record({ amount: fc.integer({ min: 1, max: 4 }), wait: fc.nat(400) })),
        (steps) => {
          const arbitrator = new Arbitrator({ resources: () => resources, trusted: () => true });
          const taken: { readonly at: number; readonly amount: number }[] = [];
          let now = 0;
          for (const { amount, wait } of steps) {
            now += wait;
            const signature = signatureOf([{ resource: 'news', amount }]);
            if (!arbitrator.grantable(signature, [], now)) continue;
            arbitrator.take(signature, now);
            arbitrator.give(signature, now);
            taken.push({ at: now, amount });
            const within = taken
              .filter(({ at }) => at > now - 1_000)
              .reduce((sum, one) => sum + one.amount, 0);
            assert.ok(within <= most, `${within} within a second`);
          }
        },
      ),
      { numRuns: 300, seed: 8 },
    );
  });

  it('are refused when what runs may still send is not reckoned with, and when nothing is counted', () => {
    const mutants: readonly Mutant[] = [
      // What was taken is taken to be sent at once.
      (arbitrator) => {
        const take = arbitrator.take.bind(arbitrator);
        arbitrator.take = (signature, now) => {
          const changed = take(signature, now);
          arbitrator.give(signature, now);
          return changed;
        };
      },
      (arbitrator) => {
        arbitrator.grantable = () => true;
      },
    ];
    const found = mutants.map(
      (mutant) =>
        fc.check(
          fc.property(backlog, ({ wishes, seed }) => {
            const { refused, overdrawn } = run(wishes, seed, mutant);
            assert.equal(refused + overdrawn, 0);
          }),
          { numRuns: 150, seed: 6 },
        ).failed,
    );
    assert.deepEqual(found, [true, true]);
  });

  it('leave what was there, less what was sent, and what came back, whatever went wrong in between', () => {
    const end = fc.constantFrom('done', 'less', 'restart' as const);
    const step = fc.record({
      amount: fc.integer({ min: 1, max: 3 }),
      end,
      wait: fc.nat(4_000),
      used: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        let arbitrator = new Arbitrator({ resources: () => resources, trusted: () => true });
        const kept = new Map<string, Bucket>();
        const keep = (changed: ReadonlyMap<string, Bucket>): void => {
          for (const [name, bucket] of changed) kept.set(name, bucket);
        };
        let [now, level] = [0, search.capacity];
        for (const { amount, end: how, wait, used } of steps) {
          const signature = signatureOf([{ resource: 'search', amount }]);
          if (arbitrator.grantable(signature, [], now)) {
            keep(arbitrator.take(signature, now));
            level -= amount;
            if (how === 'restart') {
              // What was under way counts as sent.
              arbitrator = new Arbitrator({ resources: () => resources, trusted: () => true });
              arbitrator.restore(kept, now);
            } else {
              const less = how === 'less' ? { search: Math.min(used, amount) } : undefined;
              keep(arbitrator.give(signature, now, less));
              // A second end of the same run changes nothing.
              if (less === undefined) keep(arbitrator.give(signature, now));
              level += amount - (less?.search ?? amount);
            }
          }
          now += wait;
          level = Math.min(search.capacity, level + (wait / 1_000) * search.perSecond);
        }
        assert.ok(Math.abs(arbitrator.bucketAt('search', now).level - level) < 1e-6);
      }),
      { numRuns: 300, seed: 7 },
    );
  });

  it('let what needs much have its turn though what needs little never stops coming', () => {
    const startedAfter = (patience: number): number => {
      const arbitrator = new Arbitrator({ resources: () => resources, trusted: () => true, patience });
      let running: { readonly signature: string; readonly ends: number }[] = [];
      for (let now = 0; now < 600_000; now += 100) {
        running = running.filter(({ ends }) => ends > now);
        const signatures = (): string[] => running.map(({ signature }) => signature);
        // One comes ten times a second and takes a second: there are always some.
        if (arbitrator.grantable('slots', signatures(), now)) {
          arbitrator.take('slots', now);
          running.push({ signature: 'slots', ends: now + 1_000 });
        }
        if (arbitrator.grantable('slots*4', signatures(), now)) return now;
      }
      return Infinity;
    };
    const reserved = startedAfter(30_000);
    assert.ok(reserved >= 0 && reserved <= 32_000, `after ${reserved} ms`);
    assert.equal(startedAfter(Infinity), Infinity, 'without a reservation it never has its turn');
  });
});
