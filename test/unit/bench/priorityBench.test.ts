import assert from 'node:assert/strict';
import { promptFor } from '../../../src/core/priority/prompt.ts';
import { readAnswer } from '../../../src/core/priority/modelAnswer.ts';
import { perfectHash, runInline, runStatic } from '../../bench/priority/baselines.ts';
import { literalMeanings, oneForAll, perfectMeanings } from '../../bench/priority/meanings.ts';
import { awaitsTheModel } from '../../bench/priority/mutants.ts';
import { demandEqualWork, regretOfOrder, throughput } from '../../bench/priority/outcome.ts';
import { PodiumOnTrace } from '../../bench/priority/podium.ts';
import { falseOf, falseShares } from '../../bench/priority/sharing.ts';
import { SimulatedModel } from '../../bench/priority/simulatedModel.ts';
import { ratio } from '../../bench/priority/statistics.ts';
import { staticRun, staticSystems } from '../../bench/priority/unblockBaselines.ts';
import { worthForGoal } from '../../bench/oracle.ts';
import { median } from '../../bench/report.ts';
import { truthsOf } from '../../bench/priority/truths.ts';
import { priorityTrace } from '../../bench/priorityTrace.ts';
import { FakeClock } from '../../support/fakeClock.ts';

const trace = priorityTrace(1);
const truths = truthsOf(trace);
const never = new AbortController().signal;

describe('the simulated model', () => {
  const clock = new FakeClock();
  const titles = trace.tasks.map(({ text }) => text);

  async function ask(model: SimulatedModel, texts: readonly string[]): Promise<Map<string, number> | string> {
    const asked = texts.map((title, place) => ({ name: `t${place}`, title, description: '', upstream: [] }));
    const context = { goal: '', blocked: 0, oldestDays: 0 };
    const asking = model.ask({ messages: promptFor(context, asked, []) }, never);
    await clock.advance(60_000);
    const reply = await asking;
    if (reply.kind === 'failed') return reply.failure;
    const { verdicts } = readAnswer(
      reply.text,
      asked.map(({ name }) => name),
    );
    return new Map(asked.map(({ name, title }) => [title, verdicts.get(name)?.value ?? NaN]));
  }

  it('says what a text is worth with a noise of 40, and the same to every system', async () => {
    const said = await ask(new SimulatedModel({ clock, seed: 5, truths }), titles);
    const again = await ask(new SimulatedModel({ clock, seed: 5, truths }), titles.toReversed());
    assert.ok(said instanceof Map && again instanceof Map);
    assert.deepEqual(new Map([...said].sort()), new Map([...again].sort()));
    // What is cut off at the ends of the scale has less noise.
    const errors = titles
      .filter((title) => Math.abs((truths.get(title)?.worth ?? 0) - 500) < 300)
      .map((title) => (said.get(title) ?? NaN) - (truths.get(title)?.worth ?? NaN));
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    assert.ok(deviation > 36 && deviation < 44, String(deviation));
  });

  it('answers worse than perfectly now and then, and never more than twenty at a time', async () => {
    const model = new SimulatedModel({ clock, seed: 5, truths });
    const sound: boolean[] = [];
    const calls = titles.map(async (title) => {
      const asked = [{ name: 't1', title, description: '', upstream: [] }];
      const context = { goal: '', blocked: 0, oldestDays: 0 };
      const reply = await model.ask({ messages: promptFor(context, asked, []) }, never);
      sound.push(reply.kind === 'answered' && readAnswer(reply.text, ['t1']).readable);
    });
    await clock.advance(100_000);
    // Twenty at a time, 3 to 5.4 seconds each.
    assert.ok(sound.length > 350 && sound.length < 670, String(sound.length));
    await clock.advance(300_000);
    await Promise.all(calls);
    const failures = sound.filter((one) => !one).length;
    assert.ok(failures >= 2 && failures <= 25, String(failures));
  });

  it('does not answer while it is down', async () => {
    const model = new SimulatedModel({ clock, seed: 5, truths });
    model.outage = 'refuses';
    assert.equal(await ask(model, titles.slice(0, 3)), 'unavailable');
  });
});

describe('the priority benchmark', () => {
  it('accepts no figures of a run that lost a task, ran one twice or left one undone', async () => {
    const clock = new FakeClock();
    const model = new SimulatedModel({ clock, seed: 1, truths });
    const outcome = await runStatic({ trace, clock, model });
    demandEqualWork(outcome, trace.tasks, 'S0');
    const { starts } = outcome;
    for (const broken of [
      { ...outcome, starts: starts.slice(1) },
      { ...outcome, starts: [...starts, ...starts.slice(0, 1)] },
      { ...outcome, completed: outcome.completed - 1 },
    ])
      assert.throws(() => demandEqualWork(broken, trace.tasks, 'S0'));
  });

  it('finds Podium with the right meanings good, and a cache that always hits bad', async function () {
    this.timeout(60_000);
    const regrets: number[] = [];
    for (const meanings of [perfectMeanings, oneForAll]) {
      await using podium = await PodiumOnTrace.open(trace, { meanings });
      const outcome = await podium.held();
      demandEqualWork(outcome, trace.tasks, 'P');
      regrets.push(regretOfOrder(outcome.orders.judged));
    }
    const [good = NaN, bad = NaN] = regrets;
    assert.ok(good <= 2, String(good));
    assert.ok(bad > 10, String(bad));
    for (const { shared, all } of falseShares(oneForAll()).values()) assert.equal(shared, all);
  });

  it('finds a refiner that is waited for slow', async function () {
    this.timeout(60_000);
    await using podium = await PodiumOnTrace.open(trace, { meanings: perfectMeanings });
    await using waiting = await PodiumOnTrace.open(trace, {
      meanings: perfectMeanings,
      breakStore: awaitsTheModel,
    });
    const [fast, slow] = [throughput(await podium.live()), throughput(await waiting.live())];
    assert.ok(fast > 9, String(fast));
    assert.ok(slow < 3, String(slow));
  });

  it('shows what a perfect cache on the path of each task still costs', async () => {
    const clock = new FakeClock();
    const model = new SimulatedModel({ clock, seed: 1, truths });
    const outcome = await runInline({ trace, clock, model }, [new Map(), perfectHash]);
    demandEqualWork(outcome, trace.tasks, 'S2*');
    assert.ok(outcome.tasksSent < 150);
    assert.ok(throughput(outcome) < 8);
  });

  it('compares freed tasks with systems that judge once: a crawl is slowest, and none but a cache shares falsely', async () => {
    const low = trace.tasks.filter((task) => worthForGoal(task) <= 120).slice(0, 10);
    const backlog = trace.tasks.filter((task) => worthForGoal(task) <= 380 && !low.includes(task));
    const waits = new Map<string, number>();
    for (const system of staticSystems) {
      const run = await staticRun(1, backlog, low, system, 10);
      assert.equal(run.waits.length, low.length, system);
      assert.ok(run.regret > 5, `${system} cannot know of the dependents`);
      waits.set(system, median(run.waits));
    }
    assert.ok((waits.get('S1c') ?? 0) > 10 * (waits.get('S1') ?? Infinity));
    assert.equal(falseOf(null)['near-twins sharing'], 0);
    assert.ok((falseOf(literalMeanings())['near-twins sharing'] ?? 0) > 0);
  });

  it('gives ratios with an interval that is as wide as the pairs differ', () => {
    assert.deepEqual(ratio([2, 4, 6], [1, 2, 3]), { median: 2, low: 2, high: 2 });
    const { median, low, high } = ratio([1, 2, 3, 4, 5, 6, 7, 8], [1, 1, 1, 1, 1, 1, 1, 1]);
    assert.ok(low < median && median < high);
    assert.ok(low >= 1 && high <= 8);
  });
});
