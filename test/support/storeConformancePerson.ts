/** The second half of the conformance suite: the verbs of a person, and what is read. */
import { noTasks } from '../../src/core/metrics/snapshot.ts';
import assert from 'node:assert/strict';
import type { AgentId, TaskId, WorkspaceId } from '../../src/core/model.ts';
import type { PictureFilter, Store } from '../../src/core/ports.ts';
import type { FakeClock } from './fakeClock.ts';
import { allTasks, claim, draft, home, ids, putHome, runOne, task } from './storeHarness.ts';

const error = { code: 'exit', message: 'It failed.' };
const code = (expected: string) => (thrown: unknown) => (thrown as { code?: string }).code === expected;

/** Within a `describe`; `stage` gives the store of the test under way. */
export function personConformance(stage: () => { readonly store: Store; readonly clock: FakeClock }): void {
  let store: Store;
  let clock: FakeClock;

  beforeEach(() => {
    ({ store, clock } = stage());
  });

  describe('what a person does', () => {
    it('edits a task that waits, and not one that runs', async () => {
      await store.addTasks([draft('a')]);
      await store.editTask('a' as TaskId, {
        title: 'New',
        priority: 'high',
        timeout: 9,
        signature: 'folder:s',
      });
      const edited = await task(store, 'a');
      assert.deepEqual(
        [edited.title, edited.priority, edited.timeout, edited.signature],
        ['New', 'high', 9, 'folder:s'],
      );
      assert.equal(edited.scoreParts.judgement, 700);
      await claim(store);
      await assert.rejects(store.editTask('a' as TaskId, { title: 'x' }), code('task-running'));
      await assert.rejects(store.editTask('z' as TaskId, { title: 'x' }), code('unknown-task'));
    });

    it('changes what a task waits for, and refuses a circle', async () => {
      await store.addTasks([draft('a'), draft('b', { needs: ids('a') }), draft('c', { needs: ids('b') })]);
      await assert.rejects(store.editTask('a' as TaskId, { needs: ids('c') }), code('dependency-cycle'));
      await assert.rejects(store.editTask('a' as TaskId, { needs: ids('a') }), code('dependency-cycle'));
      await assert.rejects(store.editTask('a' as TaskId, { needs: ids('?') }), code('unknown-dependency'));
      await store.editTask('b' as TaskId, { needs: [] });
      assert.deepEqual(
        (await claim(store, 10)).map((one) => one.task.id),
        ['b', 'a'],
      );
    });

    it('cancels what waits and reruns what ended', async () => {
      await store.addTasks([draft('a'), draft('b', { needs: ids('a') })]);
      await store.transition('a' as TaskId, 'cancel');
      assert.equal((await task(store, 'b')).broken, 1);
      await assert.rejects(store.transition('a' as TaskId, 'cancel'), code('illegal-transition'));
      await store.transition('a' as TaskId, 'rerun');
      assert.equal((await task(store, 'b')).broken, 0);
      await assert.rejects(store.transition('z' as TaskId, 'cancel'), code('unknown-task'));
    });

    it('runs a task next, after what it still waits for', async () => {
      await store.addTasks([
        draft('other', { priority: 'high' }),
        draft('a', { priority: 'low' }),
        draft('b', { needs: ids('a'), priority: 'low' }),
      ]);
      await store.runNow('b' as TaskId);
      assert.equal((await runOne(store))?.id, 'a');
      assert.equal((await runOne(store))?.id, 'b');
      await assert.rejects(store.runNow('b' as TaskId), code('illegal-transition'));
    });

    it('puts the latest run-now first and ends its waiting time', async () => {
      await store.addTasks([draft('a'), draft('b')]);
      await claim(store);
      await store.settle(
        { taskId: 'a' as TaskId, claim: 1 },
        { event: 'retry', error, notBefore: clock.wallClock() + 1e6 },
      );
      await store.runNow('b' as TaskId);
      await store.runNow('a' as TaskId);
      assert.deepEqual(
        (await claim(store, 2)).map((one) => one.task.id),
        ['a', 'b'],
      );
    });

    it('puts tasks where they are dropped: the order seen is the order that runs', async () => {
      const signature = 'folder:lane';
      await store.addTasks([
        draft('a', { priority: 'high' }),
        draft('b', { signature }),
        draft('c'),
        draft('d', { priority: 'low', signature }),
      ]);
      await store.place(ids('d'), { after: 'b' as TaskId });
      const keys = (await allTasks(store)).map(({ pin }) => pin !== null);
      assert.deepEqual(keys, [true, true, false, true]);
      await store.place(ids('c'), { before: 'b' as TaskId });
      await store.shift(ids('a'), 1);
      await store.place(ids('d'), 'first');
      await store.place(ids('c'), 'last');
      const [picture] = (await store.picture(10, 0)).workspaces;
      const shown = picture?.tasks.map(({ id }) => id);
      assert.deepEqual(shown, ['d', 'a', 'b', 'c']);
      const ran: (string | undefined)[] = [];
      while (ran.length < shown.length) ran.push((await runOne(store))?.id);
      assert.deepEqual(ran, shown);
    });

    it('pins before a task what it waits for, now and later, and keeps it pinned as long', async () => {
      await store.addTasks([draft('x'), draft('late'), draft('need'), draft('task', { needs: ids('need') })]);
      await store.place(ids('task'), 'last');
      await store.editTask('task' as TaskId, { needs: ids('need', 'late') });
      await assert.rejects(store.unpin(ids('late')), code('illegal-transition'));
      await store.transition('late' as TaskId, 'cancel');
      assert.equal((await task(store, 'late')).pin, null);
      await store.transition('late' as TaskId, 'rerun');
      assert.deepEqual([(await runOne(store))?.id, (await runOne(store))?.id], ['need', 'late']);
      assert.equal((await task(store, 'need')).pin, null);
      await store.unpin(ids('task'));
      assert.equal((await runOne(store))?.id, 'x');
    });

    it('keeps Run Now first of all folders, whatever is moved', async () => {
      const other = 'other' as WorkspaceId;
      await putHome(store, other);
      await store.addTasks([draft('a'), draft('b'), draft('far', { workspaceId: other })]);
      await store.place(ids('a'), 'last');
      await store.runNow('far' as TaskId);
      for (let move = 0; move < 50; move += 1) await store.place(ids(move % 2 === 0 ? 'b' : 'a'), 'first');
      assert.equal((await runOne(store))?.id, 'far');
    });

    it('refuses to order what does not wait, and tasks of several folders together', async () => {
      const other = 'other' as WorkspaceId;
      await putHome(store, other);
      await store.addTasks([
        draft('run', { priority: 'high' }),
        draft('a'),
        draft('far', { workspaceId: other }),
      ]);
      await claim(store);
      const orders: readonly (() => Promise<void>)[] = [
        () => store.place(ids('run'), 'first'),
        () => store.place(ids('a', 'far'), 'first'),
        () => store.place(ids('a'), { before: 'far' as TaskId }),
        () => store.shift(ids('a', 'far'), 1),
      ];
      for (const order of orders) await assert.rejects(order(), code('illegal-transition'));
      await assert.rejects(store.place(ids('z'), 'first'), code('unknown-task'));
      await assert.rejects(store.unpin(ids('z')), code('unknown-task'));
      await assert.rejects(store.boost(ids('z'), 1), code('unknown-task'));
      assert.ok((await allTasks(store)).every(({ pin }) => pin === null));
    });

    it('adds a boost to the score, within bounds, and keeps it over rescoring and a retry', async () => {
      await store.addTasks([draft('a'), draft('b', { priority: 'high' })]);
      await store.boost(ids('a'), 700);
      await store.boost(ids('a'), 700);
      await claim(store);
      await store.settle({ taskId: 'a' as TaskId, claim: 1 }, { event: 'fail', error, result: null });
      await assert.rejects(store.boost(ids('a'), 1), code('illegal-transition'));
      await store.transition('a' as TaskId, 'rerun');
      await store.setGoal(home, 'something');
      await claim(store, 0);
      const { score, scoreParts } = await task(store, 'a');
      assert.deepEqual([score, scoreParts.boost], [1_500, 1_000]);
      await store.boost(ids('a'), -2_500);
      assert.equal((await task(store, 'a')).scoreParts.boost, -1_000);
      assert.equal((await runOne(store))?.id, 'b');
    });

    it('deletes a task with its sub-tasks; what depended on them does so no more', async () => {
      await store.addTasks([
        draft('p'),
        draft('c', { parentId: 'p' as TaskId }),
        draft('d', { needs: ids('c', 'p') }),
      ]);
      await store.deleteTasks(ids('p', 'gone'));
      assert.deepEqual(
        (await allTasks(store)).map(({ id }) => id),
        ['d'],
      );
      assert.equal((await claim(store, 10))[0]?.task.id, 'd');
    });

    it('deletes nothing when one of them runs', async () => {
      await store.addTasks([draft('p'), draft('c', { parentId: 'p' as TaskId, priority: 'high' })]);
      await claim(store);
      await assert.rejects(store.deleteTasks(ids('p')), code('task-running'));
      assert.equal((await allTasks(store)).length, 2);
    });

    it('clears finished trees that nothing unfinished waits for', async () => {
      await store.addTasks([
        draft('done'),
        draft('needed'),
        draft('waits', { needs: ids('needed'), priority: 'low' }),
        draft('tree'),
        draft('part', { parentId: 'tree' as TaskId, priority: 'low' }),
      ]);
      for (let runs = 0; runs < 3; runs += 1) await runOne(store);
      assert.equal(await store.clearFinished(home), 1);
      await runOne(store);
      await runOne(store);
      assert.equal(await store.clearFinished(home), 4);
      assert.deepEqual(await allTasks(store), []);
    });

    it('scores by the goal of the workspace, and anew when that changes', async () => {
      await store.addTasks([draft('a', { title: 'tidy' }), draft('b', { title: 'release notes' })]);
      await store.setGoal(home, 'prepare the release');
      const [first] = await claim(store);
      assert.equal(first?.task.id, 'b');
      assert.equal((await store.workspaces())[0]?.goal, 'prepare the release');
    });
  });

  describe('reading', () => {
    it('shows the unfinished in dispatch order, their ancestors, and the latest finished first', async () => {
      await store.addTasks([
        draft('done', { priority: 'high' }),
        draft('parent', { priority: 'high' }),
        draft('running', { priority: 'high' }),
      ]);
      for (let runs = 0; runs < 2; runs += 1) {
        await runOne(store);
        await clock.advance(1_000);
      }
      await claim(store);
      await store.addTasks([
        draft('low', { priority: 'low' }),
        draft('sub', { parentId: 'parent' as TaskId }),
        draft('blocked', { needs: ids('low') }),
      ]);
      await claim(store, 0);
      const [picture] = (await store.picture(10, 10)).workspaces;
      assert.deepEqual(
        picture?.tasks.map(({ id }) => id),
        ['running', 'sub', 'low', 'blocked', 'parent'],
      );
      assert.deepEqual(
        picture.finished.map(({ id }) => id),
        ['done'],
      );
      const [short] = (await store.picture(2, 10)).workspaces;
      assert.deepEqual(
        short?.tasks.map(({ id }) => id),
        ['running', 'sub', 'parent'],
      );
      assert.equal(short.more, 2);
    });

    it('shows only what fits a filter, with the tasks above it, however far down it is', async () => {
      await store.addTasks([
        draft('parent'),
        ...Array.from({ length: 300 }, (_, index) => draft(`n${index}`, { priority: 'high' })),
        draft('wanted', { title: 'Überprüfe den Parser', priority: 'low', parentId: 'parent' as TaskId }),
        draft('other', { description: 'also about the PARSER', agentId: 'second' as AgentId }),
        draft('waits', { title: 'parser too', needs: ids('other') }),
      ]);
      const shown = async (filter: PictureFilter, limit = 50): Promise<readonly string[]> => {
        const [picture] = (await store.picture(limit, 10, filter)).workspaces;
        return [...(picture?.tasks ?? []), ...(picture?.finished ?? [])].map(({ id }) => id);
      };
      assert.deepEqual(await shown({ text: 'Parser' }), ['other', 'wanted', 'waits', 'parent']);
      assert.deepEqual(await shown({ text: 'Überprüfe' }), ['wanted', 'parent']);
      assert.deepEqual(await shown({ text: 'parser', states: ['blocked'] }), ['waits']);
      assert.deepEqual(await shown({ agents: ['second' as AgentId] }), ['other']);
      assert.deepEqual(await shown({ text: '%' }), []);
      assert.deepEqual(await shown({ states: ['completed'] }), []);
      const [many] = (await store.picture(10, 10, { states: ['ready'] })).workspaces;
      assert.deepEqual([many?.tasks.length, many?.more, many?.counts.ready], [10, null, 303]);
      await runOne(store);
      assert.deepEqual((await shown({ states: ['completed'] })).length, 1);
    });

    it('lists unfinished tasks in the order of creation', async () => {
      await store.addTasks([draft('a', { priority: 'low' }), draft('b', { needs: ids('a') }), draft('c')]);
      assert.deepEqual(
        (await store.unfinished(home, 2)).map(({ id }) => id),
        ['a', 'b'],
      );
    });

    it('gives the agenda of the workspaces it knows', async () => {
      await store.addTasks([draft('a'), draft('b', { needs: ids('a') })]);
      const day = 24 * 3_600_000;
      await claim(store, 0);
      assert.deepEqual(await store.reconcile([home, 'none' as WorkspaceId]), [
        {
          workspaceId: home,
          ready: 1,
          running: 0,
          unfinished: 2,
          counts: { ...noTasks, ready: 1, blocked: 1 },
          nextAt: clock.wallClock() + day,
        },
      ]);
    });

    it('steps the score when its time has come', async () => {
      await store.addTasks([draft('a')]);
      await clock.advance(24 * 3_600_000);
      await claim(store, 0);
      assert.equal((await task(store, 'a')).scoreParts.age, 40);
    });

    it('has no orphans of its own', async () => {
      await store.addTasks([draft('a')]);
      await claim(store);
      assert.deepEqual(await store.orphans(), []);
    });
  });
}
