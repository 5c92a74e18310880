/** What the screens say of the past, against what the virtual clock and the rows say. */
import assert from 'node:assert/strict';
import type { MetricRange, MetricsSeries } from '../../src/core/metrics/metrics.ts';
import { relativeError } from '../../src/core/metrics/histogram.ts';
import { saveInterval } from '../../src/core/metrics/keeper.ts';
import { writes } from '../../src/store/statements.ts';
import type { ReadStatement } from '../../src/store/reads.ts';
import { checksum } from '../../src/store/record.ts';
import { recover } from '../../src/store/recovery.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { MemoryPlace } from '../support/memoryPlace.ts';
import { completed, failed, pass } from '../support/scriptedAgent.ts';
import { SimulatedFiles } from '../support/simulatedFiles.ts';
import { engine } from '../support/storeHarness.ts';
import { openTestDesk } from '../support/testDesk.ts';
import type { TestDesk } from '../support/testDesk.ts';

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function last<T>(values: readonly (T | null)[]): T | null | undefined {
  return values.findLast((value) => value !== null);
}

/** Equal but for the error of the histogram. */
function near(actual: number | null | undefined, expected: number): void {
  assert.ok(
    Math.abs((actual ?? NaN) - expected) <= expected * relativeError + 0.05,
    `${actual}, ${expected}`,
  );
}

function waits(house: TestDesk): MetricsSeries['timed']['wait']['all'] {
  return house.desk.history('1 h').timed.wait.all;
}

/** What the rows on disk say. */
async function sql(files: SimulatedFiles, text: string): Promise<readonly (readonly unknown[])[]> {
  const { database } = await recover({
    files,
    directory: '/store',
    engine,
    overrides: new Map(),
    checksum,
  });
  try {
    const statement: ReadStatement = { sql: text };
    return database.rows(statement);
  } finally {
    database.close();
  }
}

describe('the wait of a task', () => {
  it('is the time until a worker was free', async () => {
    await using house = await openTestDesk({ workers: 1, duration: 2_000 });
    for (const title of ['one', 'two', 'three']) await house.add(title);
    await house.clock.advance(10_000);
    const { wait, run } = house.desk.history('5 min').timed;
    assert.deepEqual([wait.all.count, wait.all.longest], [3, 4_000]);
    near(wait.all.p50, 2_000);
    assert.deepEqual([run.all.count, run.all.p50, run.all.p99], [3, 2_000, 2_000]);
  });

  it('begins when the last of what it needs is completed', async () => {
    await using house = await openTestDesk({ workers: 2, duration: 30_000 });
    const first = await house.add('first');
    await house.add('then', { needs: [first] });
    await house.clock.advance(70_000);
    assert.deepEqual([waits(house).count, waits(house).longest], [2, 0]);
  });

  it('begins when its retry falls due', async () => {
    await using house = await openTestDesk({
      script: (task) => Promise.resolve(task.attempt === 0 ? failed : completed),
    });
    await house.add('again');
    await house.clock.advance(60_000);
    assert.equal(waits(house).count, 2);
    assert.ok((waits(house).longest ?? NaN) < 10, `${waits(house).longest}`);
    assert.equal(total(house.desk.history('1 h').counted.retried), 1);
  });

  it('begins when its retry falls due, if an older version has scheduled that', async () => {
    // What an older version wrote says nothing of when a task was queued.
    const statements = new Map([
      [writes.queueFrom, 'UPDATE task SET queued_at = queued_at + 0 * ? WHERE sequence = ?'],
    ]);
    await using house = await openTestDesk({
      seams: { statements },
      script: (task) => Promise.resolve(task.attempt === 0 ? failed : completed),
    });
    await house.add('again');
    await house.clock.advance(60_000);
    assert.equal(waits(house).count, 2);
    assert.ok((waits(house).longest ?? NaN) < 10, `${waits(house).longest}`);
  });

  it('begins when the user asks for it again, or for a scheduled one at once', async () => {
    let tries = 0;
    await using house = await openTestDesk({
      agent: { maxAttempts: 2 },
      script: () => Promise.resolve((tries += 1) < 3 ? failed : completed),
    });
    const id = await house.add('again');
    await house.clock.advance(500);
    assert.notEqual((await house.desk.task(id))?.notBefore, null);
    await house.desk.runNow(id);
    await house.clock.advance(0);
    assert.equal(await house.status(id), 'failed');
    await house.clock.advance(600_000);
    await house.desk.retry(id);
    await house.clock.advance(0);
    assert.equal(await house.status(id), 'completed');
    assert.deepEqual([waits(house).count, waits(house).longest], [3, 0]);
  });

  it('begins when the user wants a scheduled one to run now, though no worker is free', async () => {
    await using house = await openTestDesk({
      workers: 1,
      script: async (task, _run, signal) => {
        await pass(house.clock, task.title === 'long' ? 10_000 : 0, signal);
        return task.title === 'long' || task.attempt > 0 ? completed : failed;
      },
    });
    const id = await house.add('again');
    await house.clock.advance(0);
    await house.add('long');
    await house.clock.advance(500);
    await house.desk.runNow(id);
    await house.clock.advance(20_000);
    assert.deepEqual([waits(house).count, waits(house).longest], [3, 9_500]);
  });

  it('includes the time its workspace was paused', async () => {
    await using house = await openTestDesk();
    await house.desk.pause('all', 'lunch');
    await house.add('later');
    await house.clock.advance(10_000);
    await house.desk.resume('all');
    await house.clock.advance(5_000);
    assert.deepEqual([waits(house).count, waits(house).longest], [1, 10_000]);
  });

  it('does not include what it waited for before that was deleted or taken away', async () => {
    await using house = await openTestDesk({ duration: 100 });
    await house.desk.pause('all', 'set up');
    const [gone, changed] = [await house.add('gone'), await house.add('changed')];
    await house.add('after what goes', { needs: [gone] });
    const freed = await house.add('freed', { needs: [changed] });
    await house.clock.advance(50_000);
    await house.desk.cancel(changed);
    await house.desk.resume('all');
    await house.desk.deleteTasks([gone]);
    await house.desk.editTask(freed, { needs: [] });
    await house.clock.advance(5_000);
    assert.deepEqual([waits(house).count, waits(house).longest], [2, 0]);
  });
});

describe('the history', () => {
  it('counts what happened, when it happened', async () => {
    await using house = await openTestDesk({
      workers: 3,
      script: async (task, _run, signal) => {
        await pass(house.clock, 2_500, signal);
        return task.title === 'bad' ? { ...failed, retryable: false } : completed;
      },
    });
    await house.clock.advance(500);
    for (const title of ['good', 'bad', 'cancelled running', 'cancelled waiting']) await house.add(title);
    const [, , running, waiting] = (await house.all()).map(({ id }) => id);
    await house.clock.advance(2_000);
    for (const id of [running, waiting]) if (id !== undefined) await house.desk.cancel(id);
    await house.clock.advance(1_000);
    const { counted, at } = house.desk.history('5 min');
    const when = (column: keyof typeof counted): readonly (readonly number[])[] =>
      counted[column].flatMap((count, index) =>
        count === 0 ? [] : [[((at[index] ?? 0) - house.began) / 1_000, count]],
      );
    assert.deepEqual(when('added'), [[0, 4]]);
    assert.deepEqual(when('started'), [[0, 3]]);
    assert.deepEqual(when('completed'), [[3, 1]]);
    assert.deepEqual(when('failed'), [[3, 1]]);
    assert.deepEqual(when('cancelled'), [[2, 2]]);
  });

  it('shows how many tasks were ready, waiting and running after each change', async () => {
    await using house = await openTestDesk({ workers: 2, duration: 10_000 });
    const first = await house.add('first');
    for (const title of ['second', 'third']) await house.add(title);
    await house.add('after', { needs: [first] });
    await house.clock.advance(5_000);
    const during = house.desk.history('5 min').gauges;
    assert.deepEqual(
      [last(during.ready), last(during.waiting), last(during.running), last(during.workers)],
      [1, 1, 2, 2],
    );
    assert.equal(last(during.heapUsed), 1_000_000);
    assert.ok((last(during.tailBytes) ?? 0) > 0);
    await house.clock.advance(60_000);
    const { gauges } = house.desk.history('5 min');
    assert.deepEqual([last(gauges.ready), last(gauges.waiting), last(gauges.running)], [0, 0, 0]);
  });

  it('costs nothing while nothing happens', async () => {
    await using house = await openTestDesk();
    await house.add('one');
    await house.clock.advance(10_000);
    assert.equal(house.clock.waiting, 0);
    const looked = house.desk.history('24 h').gauges.ready.filter((reading) => reading !== null).length;
    await house.clock.advance(3_600_000);
    assert.equal(house.clock.waiting, 0);
    const { gauges } = house.desk.history('24 h');
    assert.equal(gauges.ready.filter((reading) => reading !== null).length, looked);
  });

  it('is still there after a reload', async () => {
    const past = new MemoryPlace();
    const files = new SimulatedFiles();
    const clock = new FakeClock();
    {
      await using house = await openTestDesk({ past, files, clock, workers: 1, duration: 2_000 });
      for (const title of ['one', 'two']) await house.add(title);
      await clock.advance(60_000);
    }
    await clock.advance(600_000);
    await using again = await openTestDesk({ past, files, clock, workers: 1, duration: 2_000, seed: 2 });
    await again.add('three');
    await clock.advance(10_000);
    const { counted, timed } = again.desk.history('1 h');
    assert.equal(total(counted.completed), 3);
    assert.deepEqual([timed.wait.all.count, timed.wait.all.longest], [3, 2_000]);
    assert.equal(total(again.desk.history('5 min').counted.completed), 1);
  });

  it('is written at most once a minute, and not at all while nothing happens', async () => {
    const past = new MemoryPlace();
    const clock = new FakeClock();
    {
      await using house = await openTestDesk({ past, clock, duration: 100 });
      for (let second = 0; second < 150; second += 1) {
        await house.add(`task ${second}`);
        await clock.advance(1_000);
      }
      assert.equal(past.writes, 2);
      await clock.advance(saveInterval);
      assert.equal(past.writes, 3);
      await clock.advance(3_600_000);
      assert.equal(past.writes, 3);
    }
    assert.equal(past.writes, 4, 'and at the end');
  });

  it('begins anew, and says so, when what was kept is damaged', async () => {
    const past = new MemoryPlace();
    past.text = '{"version":1,"ranges":{"5 min":[[1';
    await using house = await openTestDesk({ past });
    assert.equal(house.log.lines.filter(({ message }) => message.includes('forgotten')).length, 1);
    await house.add('one');
    await house.clock.advance(3_000);
    assert.equal(total(house.desk.history('5 min').counted.completed), 1);
  });

  it('survives a disk that takes nothing', async () => {
    const past = new MemoryPlace();
    past.broken = true;
    {
      await using house = await openTestDesk({ past });
      await house.add('one');
      await house.clock.advance(2 * saveInterval);
      assert.equal(total(house.desk.history('5 min').counted.completed), 1);
    }
    assert.equal(past.text, undefined);
  });
});

describe('what the screens say', () => {
  it('is what the rows say', async () => {
    const files = new SimulatedFiles();
    const clock = new FakeClock();
    await using house = await openTestDesk({
      files,
      clock,
      workers: 3,
      seed: 7,
      agent: { maxAttempts: 1 },
      script: async (task, _run, signal) => {
        await pass(clock, 500 + ((task.sequence * 733) % 4_000), signal);
        return task.sequence % 9 === 0 ? failed : completed;
      },
    });
    for (let number = 0; number < 60; number += 1) {
      await house.add(`task ${number}`);
      await clock.advance(150);
    }
    const [parent] = await house.all();
    const blocked = await house.add('blocked', { needs: parent === undefined ? [] : [parent.id] });
    await house.desk.pause('all', 'look');
    await clock.advance(5_000);
    await house.add('still waits', { needs: [blocked] });
    await clock.advance(0);
    const { totals, metrics } = await house.desk.snapshot();
    await house.store.snapshot();

    const states = await sql(files, 'SELECT state, count(*) FROM task GROUP BY state');
    assert.deepEqual(
      Object.fromEntries(Object.entries(totals).filter(([, count]: [string, number]) => count > 0)),
      Object.fromEntries(states as readonly [string, number][]),
    );

    const ranges: readonly MetricRange[] = ['5 min', '1 h', '24 h'];
    for (const range of ranges) {
      const { counted, timed, at, gauges } = house.desk.history(range);
      const from = at[0] ?? 0;
      const [row = []] = await sql(
        files,
        `SELECT sum(created_at >= ${from}), sum(claim), sum(status = 'completed'), sum(status = 'failed') FROM task`,
      );
      const columns = [counted.added, counted.started, counted.completed, counted.failed];
      assert.deepEqual(columns.map(total), row);
      assert.deepEqual(
        [last(gauges.ready), last(gauges.waiting), last(gauges.running), last(gauges.attention)],
        [totals.ready, totals.blocked + totals.scheduled, totals.running, totals.attention],
      );
      // Each ran once, so its row says when it was added and when it began.
      const rows = await sql(files, 'SELECT started_at - created_at FROM task WHERE claim > 0');
      const sorted = rows.map(([value]) => Number(value)).sort((a, b) => a - b);
      for (const [percent, told] of [
        [50, timed.wait.all.p50],
        [95, timed.wait.all.p95],
        [99, timed.wait.all.p99],
      ] as const)
        near(told, sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? NaN);
      assert.equal(timed.wait.all.longest, sorted.at(-1));
      const ran = await sql(
        files,
        'SELECT finished_at - started_at FROM task WHERE finished_at IS NOT NULL ORDER BY 1',
      );
      assert.equal(timed.run.all.count, ran.length);
      assert.equal(timed.run.all.longest, ran.at(-1)?.[0]);
      near(timed.run.all.p50, Number(ran[Math.ceil(ran.length / 2) - 1]?.[0]));
    }
    assert.equal(metrics.store?.commits, total(house.desk.history('24 h').counted.commits));
    assert.equal(house.store.state?.tail.records, 0);
  });
});
