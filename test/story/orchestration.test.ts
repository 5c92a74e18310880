import assert from 'node:assert/strict';
import { PodiumError } from '../../src/core/errors.ts';
import type { TaskId } from '../../src/core/model.ts';
import { completed, failed, pass } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';

const second = 1_000;

describe('the way of a task', () => {
  it('starts ten at once and never an eleventh, in the order of their scores', async () => {
    await using house = await openTestDesk();
    const levels = ['low', 'medium', 'high'] as const;
    await house.desk.pause('all', 'so that all are ranked together');
    for (let number = 0; number < 30; number += 1) {
      const priority = levels[number % 3] ?? 'low';
      await house.add(`${priority} ${number}`, { priority });
    }
    await house.desk.resume('all');
    await house.clock.advance(0);
    assert.equal(house.agent.performances.length, 10);
    assert.equal(
      house.agent.order.filter((title) => title.startsWith('high')).length,
      9,
      'one start is for the oldest',
    );
    await house.clock.advance(60 * second);
    assert.equal(house.agent.peak, 10);
    assert.equal((await house.counts()).completed, 30);
  });

  it('ranks at the moment of dispatch: what became important later overtakes', async () => {
    await using house = await openTestDesk({ workers: 1 });
    await house.add('running');
    await house.clock.advance(0);
    const late = await house.add('late', { priority: 'low' });
    await house.add('usual');
    await house.desk.editTask(late, { priority: 'high' });
    await house.clock.advance(60 * second);
    assert.deepEqual(house.agent.order, ['running', 'late', 'usual']);
  });

  it('starts a low task next once ten others wait for it', async () => {
    await using house = await openTestDesk({ workers: 1 });
    await house.add('running');
    await house.clock.advance(0);
    for (let number = 0; number < 5; number += 1)
      await house.add(`important ${number}`, { priority: 'high' });
    const base = await house.add('foundation', { priority: 'low' });
    for (let number = 0; number < 10; number += 1)
      await house.add(`wall ${number}`, { priority: 'low', needs: [base] });
    await house.clock.advance(2 * second);
    assert.equal(house.agent.order[1], 'foundation');
  });

  it('never starts a task before what it waits for is completed', async () => {
    await using house = await openTestDesk();
    const first = await house.add('first');
    const second_ = await house.add('second', { needs: [first] });
    await house.add('third', { needs: [first, second_], priority: 'high' });
    await house.clock.advance(60 * second);
    assert.deepEqual(house.agent.order, ['first', 'second', 'third']);
  });

  it('asks for a human when a prerequisite failed, and goes on when that is run again', async () => {
    let broken = true;
    await using house = await openTestDesk({
      script: (task) =>
        Promise.resolve(task.title === 'first' && broken ? { ...failed, retryable: false } : completed),
    });
    const first = await house.add('first');
    const then = await house.add('then', { needs: [first] });
    await house.clock.advance(60 * second);
    assert.equal(await house.status(first), 'failed');
    assert.equal((await house.view('then')).state.kind, 'needs_you');
    broken = false;
    await house.desk.retry(first);
    await house.clock.advance(60 * second);
    assert.equal(await house.status(then), 'completed');
  });

  it('refuses a cycle and leaves the tasks as they were', async () => {
    await using house = await openTestDesk();
    await house.desk.pause('all', 'hold');
    const a = await house.add('a');
    const b = await house.add('b', { needs: [a] });
    const c = await house.add('c', { needs: [b] });
    await assert.rejects(house.desk.editTask(a, { needs: [c] }), hasCode('dependency-cycle'));
    await assert.rejects(house.desk.editTask(a, { needs: [a] }), hasCode('dependency-cycle'));
    await house.desk.resume('all');
    await house.clock.advance(60 * second);
    assert.deepEqual(house.agent.order, ['a', 'b', 'c']);
  });

  it('starts nothing while paused, lets what runs finish, and goes on after a resume', async () => {
    await using house = await openTestDesk({ workers: 1 });
    await house.add('running');
    const waiting = await house.add('waiting');
    await house.clock.advance(0);
    await house.desk.pause('all', 'lunch');
    await house.clock.advance(3_600 * second);
    assert.deepEqual(house.agent.order, ['running']);
    const view = await house.view('waiting');
    assert.equal(view.state.kind, 'paused');
    await house.desk.resume('all');
    await house.clock.advance(60 * second);
    assert.equal(await house.status(waiting), 'completed');
  });

  it('tries a failure again after a growing wait, then keeps it as failed with its error', async () => {
    await using house = await openTestDesk({ script: () => Promise.resolve(failed) });
    const id = await house.add('doomed');
    await house.clock.advance(0);
    assert.equal((await house.view('doomed')).state.kind, 'scheduled');
    await house.clock.advance(600 * second);
    assert.deepEqual(
      house.agent.performances.map((one) => one.attempt),
      [0, 1, 2],
    );
    const waits = house.agent.performances
      .slice(1)
      .map((one, index) => one.from - (house.agent.performances[index]?.from ?? 0));
    assert.ok((waits[0] ?? 0) >= second && (waits[1] ?? 0) >= 2 * second, String(waits));
    const task = await house.desk.task(id);
    assert.equal(task?.status, 'failed');
    assert.equal(task.error?.code, 'exit');
    assert.equal(task.interruptions, 0);
  });

  it('ends a run at its time limit', async () => {
    await using house = await openTestDesk({
      agent: { maxAttempts: 1 },
      script: async (_task, _run, signal) => {
        await pass(house.clock, 3_600 * second, signal);
        return completed;
      },
    });
    const id = await house.add('endless', { timeout: 30 * second });
    await house.clock.advance(31 * second);
    const task = await house.desk.task(id);
    assert.equal(task?.status, 'failed');
    assert.equal(task.error?.code, 'timeout');
    assert.equal(house.agent.performances[0]?.to, 30 * second);
  });

  it('cancels what runs and what waits', async () => {
    await using house = await openTestDesk({ workers: 1, duration: 3_600 * second });
    const running = await house.add('running');
    const waiting = await house.add('waiting');
    await house.clock.advance(0);
    await house.desk.cancel(waiting);
    const cancelling = house.desk.cancel(running);
    await house.clock.advance(0);
    await cancelling;
    assert.equal(await house.status(running), 'cancelled');
    assert.equal(await house.status(waiting), 'cancelled');
    assert.deepEqual(house.agent.order, ['running']);
    await assert.rejects(house.desk.cancel(running), hasCode('illegal-transition'));
  });

  it('runs a task now: before all others, on the next free worker, with what it waits for before it', async () => {
    await using house = await openTestDesk({ workers: 1 });
    await house.add('running');
    await house.clock.advance(0);
    for (let number = 0; number < 3; number += 1) await house.add(`high ${number}`, { priority: 'high' });
    const base = await house.add('base', { priority: 'low' });
    const wanted = await house.add('wanted', { priority: 'low', needs: [base] });
    await house.desk.runNow(wanted);
    await house.clock.advance(60 * second);
    assert.deepEqual(house.agent.order.slice(0, 3), ['running', 'base', 'wanted']);
    assert.equal(house.agent.peak, 1);
  });

  it('bounds waiting: under a stream of important tasks the oldest is started within ten starts', async () => {
    await using house = await openTestDesk({ workers: 1, duration: second });
    await house.desk.pause('all', 'hold');
    const old = await house.add('old', { priority: 'low' });
    for (let number = 0; number < 40; number += 1) await house.add(`fresh ${number}`, { priority: 'high' });
    await house.desk.resume('all');
    await house.clock.advance(15 * second);
    assert.equal(await house.status(old), 'completed');
    assert.ok(house.agent.order.indexOf('old') < 10);
  });

  it('finds a task behind the back of its events within the interval of the tier', async () => {
    await using house = await openTestDesk();
    house.agent.script = () => Promise.resolve({ kind: 'needs_input', question: 'Which one?' });
    for (let number = 0; number < 5; number += 1) await house.add(`asks ${number}`);
    await house.clock.advance(second);
    house.agent.script = () => Promise.resolve(completed);
    await house.insertBehindEvents('silent');
    await house.clock.advance(5.5 * second);
    assert.ok(house.agent.order.includes('silent'));
  });

  it('writes a decision for every start', async () => {
    await using house = await openTestDesk({ workers: 2, duration: second });
    await house.desk.pause('all', 'hold');
    const ids: TaskId[] = [];
    for (let number = 0; number < 6; number += 1) ids.push(await house.add(`task ${number}`));
    await house.desk.resume('all');
    await house.clock.advance(10 * second);
    for (const id of ids) {
      const decision = await house.desk.decision(id);
      assert.equal(decision?.taskId, id);
      assert.equal(decision.claim, 1);
      assert.ok(decision.top.some((candidate) => candidate.id === id));
      assert.ok(decision.context.freeWorkers >= 1);
    }
  });

  it('says once that it is idle when nothing is left to do', async () => {
    await using house = await openTestDesk();
    await house.add('one');
    await house.add('two');
    await house.clock.advance(600 * second);
    assert.equal(house.events.filter((event) => event.type === 'idle').length, 1);
    assert.equal(house.clock.waiting, 0);
  });
});

describe('sub-tasks', () => {
  it('get parent, root and depth from the core, five levels deep and no deeper', async () => {
    const refusals: string[] = [];
    await using house = await openTestDesk({
      script: async (task, run) => {
        const admission = await run.createSubTask({ title: `below ${task.title}` });
        if (admission.kind === 'refused') refusals.push(admission.code);
        return completed;
      },
    });
    const root = await house.add('top');
    await house.clock.advance(60 * second);
    const tasks = await house.all();
    assert.deepEqual(tasks.map((task) => task.contextData.delegation_depth).sort(), [0, 1, 2, 3, 4, 5]);
    assert.ok(tasks.every((task) => task.rootId === root));
    assert.deepEqual(refusals, ['depth-limit']);
  });

  it('are created once for a key, however often the parent asks', async () => {
    const answers: string[] = [];
    await using house = await openTestDesk({
      script: async (task, run) => {
        if (task.parentId !== null) return completed;
        for (let turn = 0; turn < 2; turn += 1)
          answers.push((await run.createSubTask({ title: 'child', key: 'k' })).kind);
        return task.attempt === 0 ? failed : completed;
      },
    });
    await house.add('parent');
    await house.clock.advance(60 * second);
    assert.deepEqual(answers, ['added', 'existing', 'existing', 'existing']);
    assert.equal((await house.all()).length, 2);
  });

  it('are refused in words the agent can read when they are malformed', async () => {
    const answers: string[] = [];
    await using house = await openTestDesk({
      script: async (task, run) => {
        if (task.parentId !== null) return completed;
        for (const request of [
          { title: ' \n ' },
          { title: 'x', agent: 'nobody' },
          { title: 'x', priority: 'URGENT' },
          { title: 'x', needs: ['?'] },
        ]) {
          const answer = await run.createSubTask(request);
          answers.push(answer.kind === 'refused' ? answer.code : answer.kind);
        }
        return completed;
      },
    });
    await house.add('parent');
    await house.clock.advance(60 * second);
    assert.deepEqual(answers, ['invalid-title', 'unknown-agent', 'invalid-setting', 'unknown-dependency']);
  });
});

describe('bad input', () => {
  it('is refused with a clear message, and nothing is added', async () => {
    await using house = await openTestDesk();
    await assert.rejects(house.add(''), hasCode('invalid-title'));
    await assert.rejects(house.add('x'.repeat(100_000)), hasCode('invalid-title'));
    await assert.rejects(house.add('x', { needs: ['nowhere' as TaskId] }), hasCode('unknown-dependency'));
    await assert.rejects(
      house.add('x', { description: 'x'.repeat(100_001) }),
      hasCode('invalid-description'),
    );
    await assert.rejects(
      house.desk.addBatch([
        house.request('good', { key: 'good' }),
        house.request('bad', { key: 'bad', needs: ['none'] }),
      ]),
      hasCode('unknown-dependency'),
    );
    assert.deepEqual(await house.all(), []);
  });

  it('keeps a title on one line', async () => {
    await using house = await openTestDesk();
    const id = await house.add('  two\nlines\tand \u0007 a bell ');
    assert.equal((await house.desk.task(id))?.title, 'two lines and a bell');
  });
});

describe('an agent that misbehaves', () => {
  it('that throws costs an attempt and no worker', async () => {
    await using house = await openTestDesk({ workers: 1, script: () => Promise.reject(new Error('boom')) });
    const id = await house.add('explosive');
    await house.clock.advance(600 * second);
    const task = await house.desk.task(id);
    assert.equal(task?.status, 'failed');
    assert.equal(task.error?.message, 'boom');
    house.agent.script = () => Promise.resolve(completed);
    const next = await house.add('next');
    await house.clock.advance(second);
    assert.equal(await house.status(next), 'completed');
  });
});

function hasCode(code: string): (thrown: unknown) => boolean {
  return (thrown) => thrown instanceof PodiumError && thrown.code === code;
}
