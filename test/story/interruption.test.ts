import assert from 'node:assert/strict';
import { PodiumError } from '../../src/core/errors.ts';
import { maxInterruptions } from '../../src/core/workers/retryPolicy.ts';
import { completed, pass } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';
import type { TestDesk, TestDeskOptions } from '../support/testDesk.ts';

const second = 1_000;
const hour = 3_600 * second;

/** The host dies and another one opens the same files. */
async function nextLife(house: TestDesk, options: TestDeskOptions = {}): Promise<TestDesk> {
  await house.crash();
  return await openTestDesk({ clock: house.clock, files: house.files, ...options });
}

describe('a host that dies', () => {
  it('loses nothing it acknowledged, and what may run again runs again with the same attempt', async () => {
    const first = await openTestDesk({ duration: hour });
    const running = await first.add('running');
    const waiting = await first.add('waiting', { needs: [running] });
    await first.clock.advance(second);
    await using house = await nextLife(first, { duration: second });
    await house.clock.advance(60 * second);
    const task = await house.desk.task(running);
    assert.equal(task?.status, 'completed');
    assert.deepEqual([task.claim, task.attempt, task.interruptions], [2, 0, 1]);
    assert.equal(await house.status(waiting), 'completed');
    const { recovery } = await house.desk.snapshot();
    assert.deepEqual(recovery, { interrupted: [{ id: running, title: 'running', fate: 'rerun' }] });
  });

  it('leaves runs that take up workers until nothing of them is alive', async () => {
    const first = await openTestDesk({ workers: 3, duration: hour });
    for (const title of ['a', 'b', 'c', 'd', 'e']) await first.add(title);
    await first.clock.advance(second);
    await first.crash();
    const { clock, files } = first;
    await using house = await openTestDesk({
      clock,
      files,
      workers: 3,
      duration: hour,
      waitForStart: false,
      left: async ({ title }) => {
        await pass(clock, (title === 'a' ? 5 : 20) * second, new AbortController().signal);
        return { kind: 'ended' };
      },
    });
    await clock.advance(4 * second);
    assert.deepEqual([house.agent.order, (await house.desk.snapshot()).workers.busy], [[], 3]);
    await clock.advance(2 * second);
    assert.equal(house.agent.order.length, 1, 'one worker is free, and one task starts');
    await clock.advance(20 * second);
    assert.equal(house.agent.order.length, 3);
  });

  it('asks before it runs again what may not run twice', async () => {
    const first = await openTestDesk({ duration: hour, agent: { idempotent: false } });
    const id = await first.add('payment');
    await first.clock.advance(second);
    await using house = await nextLife(first, { duration: second, agent: { idempotent: false } });
    await house.clock.advance(hour);
    assert.equal(await house.status(id), 'needs_input');
    assert.deepEqual(house.agent.order, []);
    assert.match((await house.desk.task(id))?.question ?? '', /interrupted: run again\?/);
    await house.desk.retry(id);
    await house.clock.advance(60 * second);
    assert.equal(await house.status(id), 'completed');
  });

  it('adopts the result of a run that finished while nobody watched', async () => {
    const first = await openTestDesk({ duration: hour, agent: { idempotent: false } });
    const id = await first.add('long build');
    await first.clock.advance(second);
    await first.crash();
    const options: TestDeskOptions = { clock: first.clock, files: first.files, agent: { idempotent: false } };
    await using house = await openTestDesk({
      ...options,
      left: () => ({ kind: 'finished', outcome: { kind: 'completed', result: 'built' } }),
    });
    await house.clock.advance(second);
    const task = await house.desk.task(id);
    assert.deepEqual([task?.status, task?.result], ['completed', 'built']);
    assert.equal((await house.desk.snapshot()).recovery?.interrupted[0]?.fate, 'adopted');
    assert.deepEqual(house.agent.order, []);
  });

  it('does not start a task again before what is left of it has been ended', async () => {
    const first = await openTestDesk({ duration: hour });
    await first.add('stubborn');
    await first.clock.advance(second);
    await first.crash();
    const ended = Promise.withResolvers<undefined>();
    const opening = openTestDesk({
      clock: first.clock,
      files: first.files,
      duration: second,
      left: async () => {
        await ended.promise;
        return { kind: 'ended' };
      },
      waitForStart: false,
    });
    await using house = await opening;
    await house.clock.advance(hour);
    assert.deepEqual(house.agent.order, []);
    ended.resolve(undefined);
    await house.clock.advance(second);
    assert.deepEqual(house.agent.order, ['stubborn']);
  });

  it('asks a human when it has died five times under the same task', async () => {
    let house = await openTestDesk({ duration: hour });
    const id = await house.add('poison');
    for (let life = 0; life < maxInterruptions; life += 1) {
      await house.clock.advance(second);
      house = await nextLife(house, { duration: hour });
    }
    await house.clock.advance(second);
    const task = await house.desk.task(id);
    assert.deepEqual(
      [task?.status, task?.interruptions, task?.attempt],
      ['needs_input', maxInterruptions, 0],
    );
    await house[Symbol.asyncDispose]();
  });

  it('keeps its pause, its goal and the reason', async () => {
    const first = await openTestDesk();
    const [workspace] = await first.store.workspaces();
    assert.ok(workspace);
    await first.desk.setGoal(workspace.id, 'ship it');
    await first.desk.pause('all', 'audit');
    await using house = await nextLife(first);
    const after = (await house.desk.snapshot()).workspaces[0]?.workspace;
    assert.equal(after?.goal, 'ship it');
    assert.equal(after.pause?.reason, 'audit');
  });

  it('is told apart from one that stops tidily: then nothing is left running', async () => {
    const first = await openTestDesk({ duration: hour });
    const id = await first.add('running');
    await first.clock.advance(second);
    const stopping = first.desk.stop();
    await first.clock.advance(0);
    await stopping;
    assert.equal(await first.status(id), 'pending');
    assert.deepEqual(await first.store.orphans(), []);
    await first.store.close();
  });

  it('says what was interrupted until that is dismissed, however it ended and however often it ends', async () => {
    const first = await openTestDesk({ duration: hour });
    const id = await first.add('running');
    await first.clock.advance(second);
    await first[Symbol.asyncDispose]();
    const files = { clock: first.clock, files: first.files, duration: hour };
    const again = await openTestDesk(files);
    const report = { interrupted: [{ id, title: 'running', fate: 'rerun' }] };
    assert.deepEqual((await again.desk.snapshot()).recovery, report);
    await again[Symbol.asyncDispose]();
    await using last = await openTestDesk(files);
    assert.deepEqual((await last.desk.snapshot()).recovery, report);
    await last.desk.dismissRecovery();
    assert.equal((await last.desk.snapshot()).recovery, null);
  });
});

describe('a disk that is full', () => {
  it('refuses new tasks in plain words, keeps the outcome of what runs, and goes on when there is room', async () => {
    await using house = await openTestDesk({ duration: 5 * second });
    const id = await house.add('running');
    await house.clock.advance(second);
    house.files.full = true;
    house.files.syncError = 'ENOSPC';
    await assert.rejects(
      house.add('refused'),
      (thrown) => thrown instanceof PodiumError && thrown.code === 'store-full',
    );
    await house.clock.advance(60 * second);
    house.files.full = false;
    house.files.syncError = undefined;
    await house.clock.advance(60 * second);
    assert.equal(await house.status(id), 'completed');
    assert.equal(house.agent.performances.length, 1);
    const next = await house.add('next');
    await house.clock.advance(60 * second);
    assert.equal(await house.status(next), 'completed');
    assert.deepEqual((await house.all()).map((task) => task.title).sort(), ['next', 'running']);
  });
});

describe('a window that loses the store to another one', () => {
  it('ends what runs, changes nothing any more, and says so', async () => {
    await using first = await openTestDesk({ duration: hour });
    const id = await first.add('running');
    await first.clock.advance(second);
    const second_ = await openTestDesk({ clock: first.clock, files: first.files, duration: second });
    assert.equal(second_.store.role.kind, 'reader');
    await second_.store.takeOver();
    const starting = second_.start();
    await second_.clock.advance(0);
    await starting;
    await assert.rejects(
      first.add('too late'),
      (thrown) => thrown instanceof PodiumError && thrown.code === 'read-only',
    );
    assert.equal(first.store.role.kind, 'reader');
    const stepping = first.desk.stepDown();
    await first.clock.advance(0);
    await stepping;
    await second_.clock.advance(60 * second);
    assert.equal(await second_.status(id), 'completed');
    assert.equal((await second_.all()).length, 1);
    await second_[Symbol.asyncDispose]();
  });
});

describe('an agent that is gone from the settings', () => {
  it('makes its tasks ask, and they run when it is back', async () => {
    await using house = await openTestDesk();
    const id = await house.add('orphaned');
    house.agents.delete(house.agent.description.id);
    await house.clock.advance(second);
    assert.equal(await house.status(id), 'needs_input');
    house.agents.set(house.agent.description.id, house.agent);
    await house.desk.retry(id);
    await house.clock.advance(60 * second);
    assert.equal(await house.status(id), 'completed');
  });
});

describe('a task that blocks a worker', () => {
  it('is cut by its own limit even when the agent ignores the signal until it is done', async () => {
    await using house = await openTestDesk({
      agent: { maxAttempts: 1 },
      workers: 1,
      script: async () => {
        await pass(house.clock, 20 * second, new AbortController().signal);
        return completed;
      },
    });
    const id = await house.add('deaf', { timeout: 10 * second });
    await house.clock.advance(15 * second);
    assert.equal(await house.status(id), 'running', 'nothing is settled while something of it is alive');
    await house.clock.advance(10 * second);
    assert.equal((await house.desk.task(id))?.error?.code, 'timeout');
  });
});
