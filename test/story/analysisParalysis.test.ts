/** War story 2: a scorer that takes four seconds must not make the loop crawl. */
import assert from 'node:assert/strict';
import type { PodiumEvent } from '../../src/core/events.ts';
import type { Milliseconds } from '../../src/core/model.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { failed, ScriptedModel, worth } from '../support/scriptedModel.ts';
import { openTestDesk, workspaceId } from '../support/testDesk.ts';
import type { TestDesk, TestDeskOptions } from '../support/testDesk.ts';

const minute: Milliseconds = 60_000;

async function openWith(
  latency: Milliseconds | null,
  options: TestDeskOptions = {},
): Promise<{ readonly house: TestDesk; readonly model: ScriptedModel; readonly clock: FakeClock }> {
  const clock = new FakeClock();
  const model = new ScriptedModel(clock, worth);
  model.latency = latency;
  return { house: await openTestDesk({ clock, model, ...options }), model, clock };
}

function started(events: readonly PodiumEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'started' ? [event.title] : []));
}

async function addMany(house: TestDesk, count: number, title: (index: number) => string): Promise<void> {
  await house.desk.addBatch(Array.from({ length: count }, (_, index) => house.request(title(index))));
}

/** When the last of `count` tasks of a second each has ended; all are added at the beginning. */
async function makespan(count: number, latency: Milliseconds | null): Promise<Milliseconds> {
  const { house, clock } = await openWith(latency, { duration: 1_000 });
  await using _house = house;
  const began = clock.monotonic();
  let ended = 0;
  house.desk.subscribe((event) => {
    if (event.type === 'settled') ended = clock.monotonic();
  });
  await addMany(house, count, (index) => `Task worth ${index % 1000}`);
  await clock.advance((count / 10) * 1_000 + 5_000);
  assert.equal(started(house.events).length, count);
  return ended - began;
}

/** Which of a thousand tasks of a few seconds started when, in ten minutes. */
async function startsOf(opened: TestDesk): Promise<readonly (readonly [title: string, at: Milliseconds])[]> {
  await using house = opened;
  const starts: [string, Milliseconds][] = [];
  const began = house.clock.monotonic();
  house.desk.subscribe((event) => {
    if (event.type === 'started') starts.push([event.title, house.clock.monotonic() - began]);
  });
  await addMany(house, 1_000, (index) => `Task worth ${index % 1000}`);
  await house.clock.advance(10 * minute);
  return starts;
}

describe('A model that takes 4.2 seconds', () => {
  for (const pending of [20, 200, 2_000]) {
    it(`never keeps a worker waiting with ${pending} pending tasks`, async function () {
      this.timeout(60_000);
      assert.equal(await makespan(pending, 4_200), (pending / 10) * 1_000);
    });
  }

  it('costs nothing when it hangs for ten minutes: every task starts when it would without a model', async () => {
    const withIt = await startsOf((await openWith(null, { duration: 2_000 })).house);
    const without = await startsOf(await openTestDesk({ duration: 2_000 }));
    assert.equal(without.length, 1_000);
    assert.deepEqual(withIt, without);
  });

  it('is told of once when its queue grows long, and in the metrics while it is', async () => {
    const { house, clock } = await openWith(4_200, { duration: 1_000 });
    await using _house = house;
    const told = (): number =>
      house.log.lines.filter(({ message }) => message.includes('wait for a judgement')).length;
    await addMany(house, 40, (index) => `Task worth ${index}`);
    await clock.advance(500);
    assert.equal((await house.desk.snapshot()).metrics.isBacklogged, false);
    await addMany(house, 400, (index) => `Task worth ${100 + index}`);
    await clock.advance(1_500);
    assert.equal((await house.desk.snapshot()).metrics.isBacklogged, true);
    await clock.advance(60_000);
    assert.equal((await house.desk.snapshot()).metrics.isBacklogged, false);
    assert.equal(told(), 1);
    const { gauges, timed } = house.desk.history('5 min');
    assert.ok(
      gauges.unjudged.some((tasks) => (tasks ?? 0) > 400),
      'as it was, in the past that is drawn',
    );
    assert.equal(timed.rank.all.count, 2, 'both batches had their places at once');
    const { count, p50, p99 } = timed.judge.all;
    assert.ok(count > 2);
    assert.deepEqual([p50, p99], [4_200, 4_200]);
  });

  it('is asked while ten tasks run, and forty wait in the order it gives', async () => {
    const { house, clock, model } = await openWith(4_200, { duration: 15_000 });
    await using _house = house;
    await addMany(house, 50, (index) => `Task worth ${300 + index * 7}`);
    await clock.advance(1_000);
    assert.equal(started(house.events).length, 10, 'ten start at once, in provisional order');
    await clock.advance(4_500);
    assert.equal(started(house.events).length, 10);
    assert.equal(model.batches.length > 0, true);
    const { workspaces } = await house.desk.snapshot();
    const judged = (workspaces[0]?.tasks ?? []).filter(({ task }) => task.judgement !== null);
    assert.equal(judged.length, 40, 'the forty that wait have a judgement and a reason');
    assert.ok(judged.every(({ task }) => task.judgement?.reason.startsWith('It says')));
    await clock.advance(15_000);
    const next = started(house.events).slice(10, 20);
    const waiting = Array.from({ length: 50 }, (_, index) => 300 + index * 7).slice(10);
    const best = waiting.toSorted((a, b) => b - a);
    const worthOf = next.map((title) => Number(title.split(' ')[2]));
    // One start in ten goes to the oldest; the others are the best.
    assert.ok(worthOf.filter((value) => best.slice(0, 10).includes(value)).length >= 9, worthOf.join(', '));
  });

  it('is not asked at all while there is a free worker for everything', async () => {
    const { house, clock, model } = await openWith(4_200, { duration: 20_000 });
    await using _house = house;
    for (let index = 0; index < 10; index += 1) {
      await house.add(`Task worth ${index}`);
      await clock.advance(500);
    }
    await clock.advance(minute);
    assert.equal(model.batches.length, 0);
  });

  it('is asked about those that wait for the folder that one run changes, though workers are free', async () => {
    const { house, clock, model } = await openWith(100, { duration: 30_000, agent: { writes: true } });
    await using _house = house;
    await house.add('Task worth 1');
    await clock.advance(minute / 6);
    await house.add('Task worth 310');
    await clock.advance(minute / 6);
    assert.equal(model.batches.length, 0, 'one that waits has no order');
    await house.add('Task worth 640');
    await clock.advance(5_000);
    assert.equal(model.batches.length, 1);
    await clock.advance(10_000);
    assert.equal(started(house.events)[1], 'Task worth 640');
  });

  it('is not asked about tasks that wait for trust', async () => {
    const options = { trusted: () => false, agent: { needsTrust: true } };
    const { house, clock, model } = await openWith(100, options);
    await using _house = house;
    await addMany(house, 40, (index) => `Task worth ${index}`);
    await clock.advance(minute);
    assert.equal(model.batches.length, 0);
  });

  it('is asked anew when the goal changes while it thinks, and its first answer counts for nothing', async () => {
    const { house, clock, model } = await openWith(4_200, { duration: 10 * minute, workers: 1 });
    await using _house = house;
    model.script = ({ project, ...batch }, call) => {
      const title = project.current_goal === 'Sell the firm' ? 'worth 600' : 'worth 100';
      return worth({ project, tasks: batch.tasks.map((one) => ({ ...one, title })) }, call);
    };
    await house.desk.setGoal(workspaceId, 'Keep the firm');
    await addMany(house, 5, (index) => `Find buyers ${index}`);
    await clock.advance(2_000);
    assert.equal(model.batches.length, 1);
    await house.desk.setGoal(workspaceId, 'Sell the firm');
    await clock.advance(20_000);
    const waiting = (await house.all()).filter(({ status }) => status === 'pending');
    assert.deepEqual(
      waiting.map(({ judgement }) => judgement?.value),
      [600, 600, 600, 600],
    );
  });

  it('that has judged a task low does not keep it back once ten others wait for it', async () => {
    const { house, clock } = await openWith(100, { duration: 30_000, workers: 1 });
    await using _house = house;
    await house.add('Busy');
    await addMany(house, 20, (index) => `Task worth ${560 + index}`);
    const low = await house.add('Task worth 200');
    await clock.advance(5_000);
    assert.equal((await house.desk.task(low))?.scoreParts.judgement, 200);
    for (let index = 0; index < 10; index += 1) await house.add(`Waits ${index}`, { needs: [low] });
    await clock.advance(30_000);
    assert.equal(started(house.events)[1], 'Task worth 200');
  });

  it('that fails leaves the provisional order, and is asked again without a stampede', async () => {
    const { house, clock, model } = await openWith(1_000, { duration: 5_000 });
    await using _house = house;
    model.script = () => failed('unavailable');
    await addMany(house, 600, (index) => `Task worth ${index}`);
    await clock.advance(1_000);
    const atOnce = model.batches.length;
    await clock.advance(2 * minute);
    assert.notEqual((await house.desk.snapshot()).refiner?.failedCalls, 0);
    const before = model.batches.length - atOnce;
    assert.ok(before < 10, `${before} calls in two minutes`);
    model.script = worth;
    const asked = model.batches.length;
    model.peak = 0;
    await clock.advance(2 * minute);
    assert.ok(model.peak <= 8);
    assert.equal(model.batches[asked]?.tasks.length, 50, 'one call first');
    assert.ok((await house.desk.snapshot()).refiner?.asked !== 0);
  });

  it('judges a task once, and its twins in other words by the same answer', async () => {
    const { house, clock, model } = await openWith(100, { duration: 60_000, workers: 1 });
    await using _house = house;
    await house.add('Busy');
    await clock.advance(10);
    await house.add('publish post 610');
    await house.add('610 publish POST');
    const rich = await house.add('post 610 publish');
    await house.add('Waits', { needs: [rich] });
    await clock.advance(5_000);
    const asked = model.batches.flatMap(({ tasks }) => tasks.map(({ title }) => title.toLowerCase()));
    assert.equal(asked.filter((title) => title.includes('publish')).length, 1);
    const { workspaces } = await house.desk.snapshot();
    const twins = (workspaces[0]?.tasks ?? []).filter(({ task }) => task.title.includes('610'));
    assert.deepEqual(new Set(twins.map(({ task }) => task.scoreParts.judgement)), new Set([610]));
    assert.equal(twins[0]?.task.id, rich, 'what others wait for still comes first');
  });

  it('judges again under another goal, and what it said before counts meanwhile', async () => {
    const { house, clock, model } = await openWith(2_000, { duration: 600_000, workers: 1 });
    await using _house = house;
    await house.add('Busy');
    const id = await house.add('Task worth 420');
    await house.add('Task worth 380');
    await clock.advance(5_000);
    await house.desk.setGoal(workspaceId, 'Something new');
    await clock.advance(500);
    assert.equal((await house.desk.task(id))?.judgement?.value, 420);
    await clock.advance(5_000);
    assert.equal((await house.desk.task(id))?.judgement?.version, 2);
    assert.equal(model.batches.at(-1)?.project.current_goal, 'Something new');
  });
});
