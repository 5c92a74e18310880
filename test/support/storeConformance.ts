/** What any engine behind the `Store` port must do. An engine's own test calls this with a way to open an empty one. */
import assert from 'node:assert/strict';
import type { Launch, TaskId, WorkspaceId } from '../../src/core/model.ts';
import type { DispatchPolicy, Settlement, Store } from '../../src/core/ports.ts';
import { FakeClock } from './fakeClock.ts';
import {
  claim,
  completion,
  draft,
  freePolicy,
  home,
  ids,
  putHome,
  runOne,
  signal,
  task,
} from './storeHarness.ts';
import { personConformance } from './storeConformancePerson.ts';
import { violationsOf } from './storeInvariants.ts';

const error = { code: 'exit', message: 'It failed.' };
const failure: Settlement = { event: 'fail', error, result: null };

export function storeConformance(name: string, open: (clock: FakeClock) => Promise<Store>): void {
  describe(`${name}, as a store`, () => {
    let store: Store;
    let clock: FakeClock;

    beforeEach(async () => {
      clock = new FakeClock();
      store = await open(clock);
      await putHome(store);
    });

    afterEach(async () => {
      assert.deepEqual(await violationsOf(store), []);
    });

    describe('adding', () => {
      it('keeps everything a draft says', async () => {
        const due = clock.wallClock() + 1_000;
        const full = draft('a', {
          description: 'words',
          input: { argv: ['echo', 'ö'] },
          priority: 'high',
          requiredResources: [{ resource: 'folder:home', amount: 1 }],
          signature: 'folder:home',
          timeout: 5_000,
          dueAt: due,
        });
        assert.equal((await store.addTasks([full]))[0]?.kind, 'added');
        const kept = await task(store, 'a');
        const { id, title, description, input, priority, requiredResources, signature, timeout, dueAt } =
          kept;
        assert.deepEqual(
          { id, title, description, input, priority, requiredResources, signature, timeout, dueAt },
          {
            id: 'a',
            title: 'Task a',
            description: 'words',
            input: { argv: ['echo', 'ö'] },
            priority: 'high',
            requiredResources: [{ resource: 'folder:home', amount: 1 }],
            signature: 'folder:home',
            timeout: 5_000,
            dueAt: due,
          },
        );
        assert.equal(kept.status, 'pending');
        assert.equal(kept.rootId, 'a');
        assert.deepEqual(kept.contextData, { delegation_depth: 0 });
      });

      it('answers a repeated draft with the task there is', async () => {
        await store.addTasks([draft('a')]);
        assert.deepEqual(await store.addTasks([draft('a', { title: 'other' })]), [
          { kind: 'existing', id: 'a' },
        ]);
        assert.equal((await task(store, 'a')).title, 'Task a');
      });

      it('answers a repeated key of one parent with the child there is', async () => {
        await store.addTasks([draft('p')]);
        const child = { parentId: 'p' as TaskId, createKey: 'k', createdBy: 'agent' } as const;
        await store.addTasks([draft('c', child)]);
        assert.deepEqual(await store.addTasks([draft('d', child)]), [{ kind: 'existing', id: 'c' }]);
        assert.deepEqual(
          (await store.children('p' as TaskId)).map(({ id }) => id),
          ['c'],
        );
      });

      it('gives sub-tasks the root and the depth of the admission policy', async () => {
        await store.addTasks([
          draft('p'),
          draft('c', { parentId: 'p' as TaskId }),
          draft('g', { parentId: 'c' as TaskId }),
        ]);
        const grandchild = await task(store, 'g');
        assert.equal(grandchild.rootId, 'p');
        assert.equal(grandchild.parentId, 'c');
        assert.equal(grandchild.contextData.delegation_depth, 2);
      });

      it('adds none of a batch when one is refused, and says why to all', async () => {
        const answers = await store.addTasks([draft('a'), draft('b', { needs: ids('nowhere') })]);
        assert.deepEqual(
          answers.map((answer) => answer.kind === 'refused' && answer.code),
          ['unknown-dependency', 'unknown-dependency'],
        );
        assert.equal(await store.task('a' as TaskId), undefined);
      });

      it('refuses what belongs to no known folder or parent', async () => {
        const lost = await store.addTasks([draft('a', { workspaceId: 'none' as WorkspaceId })]);
        assert.equal(lost[0]?.kind === 'refused' && lost[0].code, 'unknown-workspace');
        const orphan = await store.addTasks([draft('a', { parentId: 'none' as TaskId })]);
        assert.equal(orphan[0]?.kind === 'refused' && orphan[0].code, 'unknown-task');
      });

      it('refuses what the admission policy refuses', async () => {
        await store.addTasks([draft('t0')]);
        for (let depth = 1; depth <= 5; depth += 1)
          await store.addTasks([draft(`t${depth}`, { parentId: `t${depth - 1}` as TaskId })]);
        const [answer] = await store.addTasks([draft('t6', { parentId: 't5' as TaskId })]);
        assert.equal(answer?.kind === 'refused' && answer.code, 'depth-limit');
      });
    });

    describe('claiming', () => {
      it('takes the best by rank and marks it as running', async () => {
        await store.addTasks([
          draft('low', { priority: 'low' }),
          draft('high', { priority: 'high' }),
          draft('mid'),
        ]);
        const claims = await claim(store, 2);
        assert.deepEqual(
          claims.map((one) => one.task.id),
          ['high', 'mid'],
        );
        assert.deepEqual(
          claims.map((one) => [one.task.status, one.task.claim, one.task.startedAt]),
          [1, 2].map(() => ['running', 1, clock.wallClock()]),
        );
      });

      it('counts what waits for a task, directly or not, into its rank', async () => {
        await store.addTasks([
          draft('plain'),
          draft('base'),
          draft('x', { needs: ids('base') }),
          draft('y', { needs: ids('x') }),
        ]);
        const [first] = await claim(store);
        assert.equal(first?.task.id, 'base');
        assert.equal(first.task.scoreParts.unblocking, 200);
      });

      it('never takes what waits for an unfinished task, nor when that failed', async () => {
        await store.addTasks([draft('a'), draft('b', { needs: ids('a') })]);
        const [first] = await claim(store, 10);
        assert.equal(first?.task.id, 'a');
        await store.settle({ taskId: 'a' as TaskId, claim: 1 }, failure);
        assert.deepEqual(await claim(store, 10), []);
        assert.equal((await task(store, 'b')).broken, 1);
        await store.transition('a' as TaskId, 'rerun');
        await runOne(store);
        assert.equal((await claim(store, 10))[0]?.task.id, 'b');
      });

      it('takes nothing of a paused workspace', async () => {
        await store.addTasks([draft('a')]);
        await store.setPause([home], { at: clock.wallClock(), by: 'user', reason: 'lunch' });
        assert.deepEqual(await claim(store), []);
        await store.setPause([home], null);
        assert.equal((await claim(store)).length, 1);
      });

      it('asks the policy which signatures are free, with those that run now and those it just took', async () => {
        await store.addTasks(['a', 'b'].map((id) => draft(id, { signature: 'folder:home' })));
        await store.addTasks([draft('free')]);
        const claims = await claim(store, 10);
        assert.deepEqual(
          claims.map((one) => one.task.id),
          ['a', 'free'],
        );
        assert.deepEqual(await claim(store, 10), []);
        await store.settle({ taskId: 'a' as TaskId, claim: 1 }, completion);
        assert.deepEqual(
          (await claim(store, 10)).map((one) => one.task.id),
          ['b'],
        );
      });

      it('shows the policy the five best and the oldest of every lane', async () => {
        await store.addTasks([
          ...Array.from({ length: 7 }, (_, index) => draft(`m${index}`)),
          draft('high', { priority: 'high' }),
        ]);
        let seen: unknown;
        const policy: DispatchPolicy = {
          grantable: () => true,
          take: () => new Map(),
          endPass: () => null,
          mayRun: () => true,
          revert: () => undefined,
          choose: (lanes) => {
            seen = lanes;
            return undefined;
          },
        };
        await store.claimNext(policy, 1, signal);
        const [lane] = seen as { best: { id: string }[]; oldest: { id: string } }[];
        assert.deepEqual(
          lane?.best.map(({ id }) => id),
          ['high', 'm0', 'm1', 'm2', 'm3'],
        );
        assert.equal(lane.oldest.id, 'm0');
      });

      it('claims nothing when it was aborted before', async () => {
        await store.addTasks([draft('a')]);
        assert.deepEqual(await store.claimNext(freePolicy(), 1, AbortSignal.abort()), []);
      });

      it('remembers why it chose', async () => {
        await store.addTasks([draft('a'), draft('b')]);
        const [first] = await claim(store);
        const decision = await store.decision('a' as TaskId);
        assert.equal(decision?.id, first?.decisionId);
        assert.equal(decision?.reason, 'rank');
        assert.deepEqual(
          decision.top.map(({ id }) => id),
          ['a', 'b'],
        );
        assert.deepEqual(decision.context, {
          workspaces: 1,
          paused: 0,
          running: 0,
          freeWorkers: 1,
          resources: [],
        });
        assert.equal(await store.decision('b' as TaskId), undefined);
      });
    });

    describe('settling', () => {
      beforeEach(async () => {
        await store.addTasks([draft('a')]);
        await claim(store);
      });
      const current = { taskId: 'a' as TaskId, claim: 1 };

      it('completes with result, tokens and cost', async () => {
        assert.equal(await store.settle(current, completion), true);
        const { status, result, tokens, costMicros, finishedAt, lease } = await task(store, 'a');
        assert.deepEqual(
          [status, result, tokens, costMicros, finishedAt, lease],
          ['completed', 'done', 3, 5, clock.wallClock(), null],
        );
      });

      it('rejects whatever an older claim reports', async () => {
        await store.settle(current, { event: 'interrupt', notBefore: null });
        await claim(store);
        assert.equal(await store.settle(current, completion), false);
        assert.equal(
          await store.recordLaunch(current, { claim: 1, runDirectory: '/r', process: null }),
          false,
        );
        assert.equal((await task(store, 'a')).status, 'running');
        assert.equal(await store.settle({ ...current, claim: 2 }, completion), true);
        assert.equal(await store.settle({ ...current, claim: 2 }, failure), false);
      });

      it('counts a failed attempt and keeps the error', async () => {
        await store.settle(current, { event: 'retry', error, notBefore: clock.wallClock() + 500.4 });
        const waiting = await task(store, 'a');
        assert.deepEqual(
          [waiting.status, waiting.attempt, waiting.interruptions, waiting.error],
          ['pending', 1, 0, error],
        );
        assert.deepEqual(await claim(store), []);
        assert.equal((await store.reconcile([home]))[0]?.nextAt, clock.wallClock() + 501);
        await clock.advance(501);
        assert.equal((await claim(store))[0]?.task.claim, 2);
      });

      it('counts interruptions apart from attempts', async () => {
        await store.settle(current, { event: 'interrupt', notBefore: null });
        const { attempt, interruptions, claim: number } = await task(store, 'a');
        assert.deepEqual([attempt, interruptions, number], [0, 1, 1]);
      });

      it('asks, and goes on when it is told to', async () => {
        await store.settle(current, { event: 'ask', question: 'Which one?' });
        const asking = await task(store, 'a');
        assert.deepEqual([asking.status, asking.question], ['needs_input', 'Which one?']);
        await store.transition('a' as TaskId, 'rerun');
        assert.equal((await claim(store))[0]?.task.question, null);
      });

      it('keeps where a claim runs, until it is over', async () => {
        const launch: Launch = { claim: 1, runDirectory: '/runs/a/1', process: null };
        const process = { pid: 7, startedAt: 'then', bootId: 'boot' };
        assert.equal(await store.recordProcess(current, process), false);
        assert.equal(await store.recordLaunch(current, launch), true);
        assert.equal(await store.recordProcess(current, process), true);
        assert.deepEqual((await task(store, 'a')).launch, { ...launch, process });
        await store.settle(current, completion);
        assert.equal((await task(store, 'a')).launch, null);
      });
    });

    personConformance(() => ({ store, clock }));
  });
}
