/** What tasks share, in the whole house: nothing leaks however runs end, and of what needs the same the best goes first. */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Resource, Resources } from '../../src/core/arbitration/resource.ts';
import { priorityLevels } from '../../src/core/model.ts';
import { completed, failed, pass } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';
import type { TestDesk, TestDeskOptions } from '../support/testDesk.ts';

const resources: Resources = new Map<string, Resource>([
  ['calls', { kind: 'rate', capacity: 50, perSecond: 0.001, spike: null }],
  ['slots', { kind: 'pool', capacity: 3 }],
  ['money', { kind: 'budget', capacity: 200, period: 'day' }],
]);

const ends = ['done', 'less', 'throws', 'fails', 'late', 'cancelled', 'crash'] as const;
type End = (typeof ends)[number];

const step = fc.record({
  end: fc.constantFrom(...ends),
  calls: fc.integer({ min: 1, max: 3 }),
  slots: fc.integer({ min: 1, max: 3 }),
  money: fc.integer({ min: 1, max: 4 }),
});

async function levelOf(house: TestDesk, name: string): Promise<number> {
  return (await house.desk.snapshot()).resources.find((one) => one.name === name)?.level ?? NaN;
}

describe('However runs end', () => {
  it('slots are all there afterwards, and of what is used up what was not sent', async function () {
    this.timeout(120_000);
    const property = fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const script: Script = async (task, _run, signal) => {
        const end = task.title.split(' ')[0] as End;
        const lasts = end === 'late' || end === 'cancelled' || end === 'crash' ? 600_000 : 500;
        await pass(house.clock, lasts, signal);
        if (end === 'throws') throw new Error('It broke.');
        if (end === 'fails') return failed;
        return end === 'less' ? { ...completed, used: { calls: 0, money: 1 } } : completed;
      };
      const options: TestDeskOptions = { script, resources, agent: { maxAttempts: 1, idempotent: false } };
      let house = await openTestDesk(options);
      const spent = { calls: 0, money: 0 };
      for (const [index, { end, calls, slots, money }] of steps.entries()) {
        const wish = { resources: { calls, slots, money }, ...(end === 'late' ? { timeout: 2_000 } : {}) };
        const id = await house.add(`${end} ${index}`, wish);
        await house.clock.advance(700);
        spent.calls += end === 'less' ? 0 : calls;
        spent.money += end === 'less' ? 1 : money;
        if (end === 'cancelled') {
          const cancelling = house.desk.cancel(id);
          await house.clock.advance(10);
          await cancelling;
        } else if (end === 'crash') {
          await house.crash();
          const { clock, files } = house;
          house = await openTestDesk({ ...options, clock, files, seed: index + 2 });
        }
        await house.clock.advance(2_000);
      }
      await using _house = house;
      assert.equal(await levelOf(house, 'slots'), 3);
      assert.equal(await levelOf(house, 'money'), 200 - spent.money);
      const back = 3 * steps.length * 0.001;
      const calls = await levelOf(house, 'calls');
      assert.ok(
        calls >= 50 - spent.calls - 1e-6 && calls <= Math.min(50, 50 - spent.calls + back) + 1e-6,
        `${calls}`,
      );
    });
    await fc.assert(property, { numRuns: 40, seed: 11 });
  });
});

describe('Tasks that need the same', () => {
  it('start in the order of their rank', async function () {
    this.timeout(120_000);
    const task = fc.record({
      priority: fc.constantFrom(...priorityLevels),
      slots: fc.integer({ min: 1, max: 3 }),
      calls: fc.boolean(),
    });
    // Fewer than ten: each tenth start goes to the oldest.
    const property = fc.asyncProperty(fc.array(task, { minLength: 2, maxLength: 9 }), async (tasks) => {
      await using house = await openTestDesk({ resources, duration: 1_000, workers: 3 });
      await house.desk.pause('all', '');
      for (const [index, { priority, slots, calls }] of tasks.entries())
        await house.add(String(index), { priority, resources: { slots, ...(calls ? { calls: 1 } : {}) } });
      await house.desk.resume('all');
      await house.clock.advance(60_000);
      assert.equal(house.agent.order.length, tasks.length);
      const levelOfTask = (index: number): number => priorityLevels.indexOf(tasks[index]?.priority ?? 'low');
      const signatureOf = (index: number): string => `${tasks[index]?.slots} ${tasks[index]?.calls}`;
      const started = house.agent.order.map(Number);
      for (const own of Map.groupBy(started, signatureOf).values()) {
        const ranked = own.toSorted((one, other) => levelOfTask(one) - levelOfTask(other) || one - other);
        assert.deepEqual(own, ranked);
      }
    });
    await fc.assert(property, { numRuns: 40, seed: 12 });
  });
});
