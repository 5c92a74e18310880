import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareRank } from '../../../src/core/dispatchOrder.ts';
import { PodiumError } from '../../../src/core/errors.ts';
import type { Task, TaskId } from '../../../src/core/model.ts';
import type { DispatchPolicy, Settlement } from '../../../src/core/ports.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { allTasks, draft, home, openHarness, putHome, signal } from '../../support/storeHarness.ts';
import { dependentsOf, stateOf, violationsOf } from '../../support/storeInvariants.ts';

/** What may happen to a store; numbers choose among the tasks there are. */
type Step =
  | {
      readonly do: 'add';
      readonly needs: readonly number[];
      readonly level: number;
      readonly lane: number;
      readonly under: number | null;
    }
  | { readonly do: 'claim'; readonly limit: number; readonly oldest: boolean }
  | { readonly do: 'settle'; readonly which: number; readonly how: number; readonly stale: boolean }
  | { readonly do: 'edit'; readonly which: number; readonly needs: readonly number[] }
  | { readonly do: 'cancel' | 'rerun' | 'runNow' | 'delete' | 'stop'; readonly which: number }
  | { readonly do: 'place'; readonly which: number; readonly beside: number; readonly where: number }
  | { readonly do: 'shift' | 'unpin' | 'boost'; readonly which: number; readonly by: number }
  | { readonly do: 'clear' | 'pause' | 'wait' | 'snapshot' | 'reopen' | 'fail' };

const which = fc.nat(30);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('add' as const),
      needs: fc.array(which, { maxLength: 3 }),
      level: fc.nat(2),
      lane: fc.nat(2),
      under: fc.option(which, { freq: 3 }),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('claim' as const), limit: fc.nat(3), oldest: fc.boolean() }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('settle' as const), which, how: fc.nat(5), stale: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      which,
      needs: fc.array(which, { maxLength: 3 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('cancel', 'rerun', 'runNow', 'delete', 'stop'), which }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('place' as const), which, beside: which, where: fc.nat(3) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('shift', 'unpin', 'boost'),
      which,
      by: fc.integer({ min: -900, max: 900 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('clear', 'pause', 'wait', 'snapshot', 'reopen', 'fail') }),
  },
);

const levels = ['high', 'medium', 'low'] as const;
const signatures = ['', 'folder:a', 'folder:b'] as const;
const expected = new Set(['illegal-transition', 'task-running', 'dependency-cycle', 'unknown-dependency']);

/** One store, the files it lives on, and a model of what should be claimed next. */
class House {
  readonly clock = new FakeClock();
  readonly files = new SimulatedFiles();
  store!: EmbeddedStore;
  #added = 0;
  #paused = false;

  async open(): Promise<void> {
    const seams = { segmentBytes: 8_192, snapshotRecords: 10 };
    this.store = await openHarness({ files: this.files, clock: this.clock, seams });
  }

  async run(one: Step): Promise<void> {
    try {
      await this.#run(one);
    } catch (thrown) {
      if (!(thrown instanceof PodiumError) || !expected.has(thrown.code)) throw thrown;
    }
  }

  async #run(one: Step): Promise<void> {
    const { store, files, clock } = this;
    const tasks = await allTasks(store);
    const pick = (index: number): Task | undefined => tasks[index % Math.max(1, tasks.length)];
    const idOf = (index: number): TaskId => pick(index)?.id ?? ('none' as TaskId);
    switch (one.do) {
      case 'add': {
        this.#added += 1;
        const needs = tasks.length === 0 ? [] : one.needs.map(idOf);
        const parentId = one.under === null ? null : (pick(one.under)?.id ?? null);
        const priority = levels[one.level] ?? 'medium';
        const signature = signatures[one.lane] ?? '';
        await store.addTasks([draft(`t${this.#added}`, { needs, priority, signature, parentId })]);
        return;
      }
      case 'claim':
        await this.#claim(one.limit, one.oldest);
        return;
      case 'settle':
        await this.#settle(pick(one.which), one.how, one.stale);
        return;
      case 'edit':
        if (tasks.length > 0) await store.editTask(idOf(one.which), { needs: one.needs.map(idOf) });
        return;
      case 'cancel':
      case 'rerun':
        if (tasks.length > 0) await store.transition(idOf(one.which), one.do);
        return;
      case 'runNow':
        if (tasks.length > 0) await store.runNow(idOf(one.which));
        return;
      case 'delete':
        await store.deleteTasks([idOf(one.which)]);
        return;
      case 'stop':
        await this.#stop(idOf(one.which));
        return;
      case 'place': {
        const beside = idOf(one.beside);
        const place = (['first', 'last', { before: beside }, { after: beside }] as const)[one.where];
        if (tasks.length > 0) await store.place([idOf(one.which)], place ?? 'last');
        return;
      }
      case 'shift':
        if (tasks.length > 0) await store.shift([idOf(one.which)], one.by < 0 ? -1 : 1);
        return;
      case 'unpin':
        if (tasks.length > 0) await store.unpin([idOf(one.which)]);
        return;
      case 'boost':
        if (tasks.length > 0) await store.boost([idOf(one.which)], one.by);
        return;
      case 'clear':
        await store.clearFinished(home);
        return;
      case 'pause':
        this.#paused = !this.#paused;
        await store.setPause([home], this.#paused ? { at: clock.wallClock(), by: 'user', reason: '' } : null);
        return;
      case 'wait':
        await clock.advance(7 * 3_600_000);
        return;
      case 'snapshot':
        await store.snapshot();
        return;
      case 'reopen':
        await this.#reopen(tasks);
        return;
      case 'fail':
        files.syncError = 'EIO';
        await assert.rejects(store.addTasks([draft('never')]));
        files.syncError = undefined;
        assert.deepEqual(await allTasks(store), tasks);
        return;
    }
  }

  /** Claims, and compares with what a search through all tasks would have chosen. */
  async #claim(limit: number, oldest: boolean): Promise<void> {
    await this.#catchUp();
    const wanted = this.#expectedClaims(await allTasks(this.store), limit, oldest);
    const claims = await this.store.claimNext(policyOf(oldest), limit, signal);
    assert.deepEqual(
      claims.map(({ task }) => task.id),
      wanted,
    );
    for (const { task } of claims) assert.equal(task.unmet, 0);
  }

  #expectedClaims(tasks: readonly Task[], limit: number, oldest: boolean): TaskId[] {
    const running = tasks.filter(({ status }) => status === 'running').map(({ signature }) => signature);
    const ready = this.#paused ? [] : tasks.filter((task) => stateOf(task) === 'ready');
    ready.sort(oldest ? (a, b) => a.sequence - b.sequence : compareRank);
    const chosen: TaskId[] = [];
    for (const task of ready) {
      if (chosen.length === limit) break;
      if (task.signature !== '' && running.includes(task.signature)) continue;
      running.push(task.signature);
      chosen.push(task.id);
    }
    return chosen;
  }

  /** Afterwards nothing of it waits, and what runs of it is what was said to. */
  async #stop(id: TaskId): Promise<void> {
    const { running } = await this.store.stopTree(id);
    const family = new Set([id]);
    for (const one of family) for (const child of await this.store.children(one)) family.add(child.id);
    const open = (await allTasks(this.store)).filter(
      (task) => family.has(task.id) && task.finishedAt === null,
    );
    assert.deepEqual(open.map((task) => task.id).sort(), [...running].sort());
    for (const task of open) assert.equal(task.status, 'running');
  }

  async #settle(task: Task | undefined, how: number, stale: boolean): Promise<void> {
    if (task === undefined) return;
    const number = stale ? task.claim - 1 : task.claim;
    const current = task.status === 'running' && !stale;
    const done = await this.store.settle({ taskId: task.id, claim: number }, this.#settlement(how));
    assert.equal(done, current);
    if (!current) assert.deepEqual(await this.store.task(task.id), task);
  }

  #settlement(how: number): Settlement {
    const error = { code: 'exit', message: 'no' };
    const all: readonly Settlement[] = [
      { event: 'complete', result: 'ok', tokens: 1, costMicros: 1 },
      { event: 'fail', error, result: null },
      { event: 'retry', error, notBefore: this.clock.wallClock() + 3_600_000 },
      { event: 'ask', question: 'which?' },
      { event: 'interrupt', notBefore: null },
      { event: 'cancel' },
    ];
    return all[how % all.length] ?? { event: 'cancel' };
  }

  async #reopen(tasks: readonly Task[]): Promise<void> {
    await this.store.abandon();
    await this.open();
    assert.deepEqual(await allTasks(this.store), tasks);
    assert.deepEqual(this.store.notices, []);
  }

  /** Housekeeping until nothing is due. */
  async #catchUp(): Promise<void> {
    for (let rounds = 0; rounds < 20; rounds += 1) {
      await this.store.claimNext(policyOf(false), 0, signal);
      const [agenda] = await this.store.reconcile([home]);
      if ((agenda?.nextAt ?? Infinity) > this.clock.wallClock()) return;
    }
    assert.fail('The housekeeping never comes to an end.');
  }

  async check(): Promise<void> {
    assert.deepEqual(await violationsOf(this.store), []);
    await this.#catchUp();
    const tasks = await allTasks(this.store);
    for (const task of tasks) {
      if (task.finishedAt !== null) continue;
      const dependents = dependentsOf(task.id, tasks);
      const points = Math.round((600 * dependents) / (dependents + 4));
      assert.equal(task.scoreParts.unblocking, points, `${task.id} has ${dependents} dependents`);
    }
  }
}

/** Exclusive signatures; always the best by rank, or always the oldest. */
function policyOf(oldest: boolean): DispatchPolicy {
  return {
    grantable: (signature, running) => signature === '' || !running.includes(signature),
    take: () => new Map(),
    endPass: () => null,
    mayRun: () => true,
    revert: () => undefined,
    choose: (lanes) => {
      const heads = lanes.flatMap((lane) => {
        const candidate = oldest ? lane.oldest : lane.best[0];
        return candidate === undefined ? [] : [{ lane, candidate }];
      });
      heads.sort((a, b) =>
        oldest ? a.candidate.sequence - b.candidate.sequence : compareRank(a.candidate, b.candidate),
      );
      const [first] = heads;
      return first === undefined ? undefined : { ...first, reason: 'rank', top: [] };
    },
  };
}

describe('Whatever happens to a store', function () {
  this.timeout(120_000);

  it('its counts, claims, scores and dependencies are those a search through all tasks gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
        const house = new House();
        await house.open();
        await putHome(house.store);
        for (const one of steps) await house.run(one);
        await house.check();
        await house.store.close();
      }),
      { numRuns: 150 },
    );
  });
});
