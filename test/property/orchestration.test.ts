import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { TaskId } from '../../src/core/model.ts';
import { completed, failed, pass } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';
import type { TestDesk } from '../support/testDesk.ts';

interface Plan {
  readonly title: string;
  readonly priority: 'high' | 'medium' | 'low';
  /** Positions of earlier tasks. */
  readonly needs: readonly number[];
  readonly duration: number;
  readonly failures: number;
  readonly arrives: number;
}

const plans = fc
  .array(
    fc.record({
      priority: fc.constantFrom('high' as const, 'medium' as const, 'low' as const),
      needs: fc.array(fc.nat(100), { maxLength: 3 }),
      duration: fc.integer({ min: 1, max: 20_000 }),
      failures: fc.nat(2),
      arrives: fc.nat(30_000),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((raw): Plan[] =>
    raw
      .toSorted((a, b) => a.arrives - b.arrives)
      .map((one, place) => ({
        ...one,
        title: `task ${place}`,
        needs: place === 0 ? [] : [...new Set(one.needs.map((need) => need % place))],
      })),
  );

function scriptFor(house: () => TestDesk, plan: readonly Plan[]): Script {
  const byTitle = new Map(plan.map((one) => [one.title, one]));
  return async (task, _run, signal) => {
    const one = byTitle.get(task.title);
    assert.ok(one);
    await pass(house().clock, one.duration, signal);
    return task.attempt < one.failures ? failed : completed;
  };
}

async function play(house: TestDesk, plan: readonly Plan[]): Promise<Map<string, TaskId>> {
  const ids: TaskId[] = [];
  for (const one of plan) {
    await house.clock.advance(Math.max(0, one.arrives - house.clock.monotonic()));
    const needs = one.needs.map((place) => ids[place]).filter((id) => id !== undefined);
    ids.push(await house.add(one.title, { priority: one.priority, needs }));
  }
  return new Map(plan.map((one, place) => [one.title, ids[place] ?? ('' as TaskId)]));
}

describe('whatever is asked of the conductor', () => {
  it('completes every task once, after all it waits for, on no more workers than there are', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 1, max: 4 }), async (plan, workers) => {
        const opened: TestDesk[] = [];
        await using house = await openTestDesk({
          workers,
          script: scriptFor(() => opened[0] ?? assert.fail(), plan),
        });
        opened.push(house);
        await play(house, plan);
        await house.clock.advance(4 * 3_600_000);

        assert.equal((await house.counts()).completed, plan.length);
        assert.ok(house.agent.peak <= workers);
        const lastEnd = (title: string): number =>
          Math.max(
            ...house.agent.performances.filter((one) => one.title === title).map((one) => one.to ?? Infinity),
          );
        for (const one of plan) {
          const runs = house.agent.performances.filter((run) => run.title === one.title);
          assert.equal(runs.length, one.failures + 1);
          assert.deepEqual(
            runs.map((run) => run.claim),
            runs.map((_, index) => index + 1),
          );
          for (const place of one.needs) {
            const need = plan[place];
            assert.ok(need);
            assert.ok((runs[0]?.from ?? 0) >= lastEnd(need.title));
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it('leaves no worker idle while something is ready', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.integer({ min: 1, max: 3 }), async (plan, workers) => {
        const opened: TestDesk[] = [];
        await using house = await openTestDesk({
          workers,
          script: scriptFor(() => opened[0] ?? assert.fail(), plan),
        });
        opened.push(house);
        const playing = play(house, plan);
        await playing;
        for (let step = 0; step < 40; step += 1) {
          await house.clock.advance(1);
          const { ready, running } = await house.counts();
          assert.ok(ready === 0 || running === workers, `${ready} ready, ${running} of ${workers} running`);
          await house.clock.advance(1_500);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('survives losing its host at any moment: nothing acknowledged is lost, nothing completed runs again', async () => {
    await fc.assert(
      fc.asyncProperty(
        plans,
        fc.array(fc.integer({ min: 1, max: 25_000 }), { minLength: 1, maxLength: 4 }),
        fc.nat(),
        async (plan, lives, seed) => {
          let house = await openTestDesk({ workers: 3, seed });
          const current = (): TestDesk => house;
          house.agent.script = scriptFor(current, plan);
          const ids = await play(house, plan);
          const completions = new Map<string, number>();
          for (const life of lives) {
            await house.clock.advance(life);
            const before = new Map((await house.all()).map((task) => [task.id, task]));
            await house.crash();
            house = await openTestDesk({
              workers: 3,
              seed: seed + 1,
              clock: house.clock,
              files: house.files,
              script: scriptFor(current, plan),
            });
            const after = new Map((await house.all()).map((task) => [task.id, task]));
            assert.deepEqual([...after.keys()].sort(), [...before.keys()].sort());
            for (const [id, task] of before) {
              if (task.status === 'completed') assert.equal(after.get(id)?.status, 'completed');
              assert.ok((after.get(id)?.claim ?? -1) >= task.claim);
            }
          }
          for (let day = 0; day < 3; day += 1) {
            await house.clock.advance(4 * 3_600_000);
            for (const task of await house.all())
              if (task.status === 'needs_input') await house.desk.retry(task.id);
          }
          for (const task of await house.all())
            completions.set(task.title, task.status === 'completed' ? 1 : 0);
          for (const title of ids.keys()) assert.equal(completions.get(title), 1, title);
          await house[Symbol.asyncDispose]();
        },
      ),
      { numRuns: 30 },
    );
  });
});
