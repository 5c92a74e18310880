/**
 * The workload `W-AIOUT`: the model is down for ten minutes while tasks keep coming. Podium goes on at the same pace
 * in provisional order, finds out by itself that the model is back, and does not fall upon it. In virtual time; in
 * half of the seeds the endpoint refuses at once, in the other half it never answers.
 */
import type { Milliseconds } from '../../../src/core/model.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { priorityTrace } from '../priorityTrace.ts';
import { check, median } from '../report.ts';
import type { WorkloadReport } from '../report.ts';
import { House, typed } from './house.ts';
import type { HouseOptions } from './house.ts';
import { inlineSystems, inlineUnderOutage } from './inlineOutage.ts';
import { regret } from '../oracle.ts';
import { falseOf } from './sharing.ts';
import { awaitsTheModel } from './mutants.ts';
import { literalMeanings, productMeanings } from './meanings.ts';
import { SimulatedModel } from './simulatedModel.ts';
import type { Truth } from './simulatedModel.ts';
import { truthsOf } from './truths.ts';
import { drawDuration } from './work.ts';

export interface OutageTrace {
  readonly seed: number;
  readonly goal: string;
  readonly arrivals: readonly { readonly title: string; readonly at: Milliseconds }[];
  readonly truths: ReadonlyMap<string, Truth>;
  /** How the endpoint is down; null for a run in which it never is. */
  readonly kind: SimulatedModel['outage'];
}

const second: Milliseconds = 1_000;
export const outage = { from: 120 * second, to: 720 * second } as const;
export const end: Milliseconds = 1_500 * second;
const seeds = [1, 2, 3, 4] as const;
const backlog = 300;
/** A little more than ten workers get done. */
const arrivalsPerSecond = 1;
/** Ten times the execution times of the other workloads: about 10.5 s. */
const slowness = 10;

/** Tasks whose meanings are all different: each is about another client. */
function outageTrace(seed: number, kind: OutageTrace['kind']): OutageTrace {
  const trace = priorityTrace(seed);
  const random = seededRandom(13_000 + seed);
  const known = truthsOf(trace);
  const truths = new Map<string, Truth>();
  const arrivals: { title: string; at: Milliseconds }[] = [];
  for (let at = 0, number = 1; at < end; number += 1) {
    const { text } = trace.tasks[number % trace.tasks.length] ?? { text: '' };
    const title = `${text} (order ${String(number)})`;
    const { worth, concepts } = known.get(text) ?? { worth: 0, concepts: [] };
    truths.set(title, { worth, concepts: [...concepts, `order ${String(number)}`] });
    arrivals.push({ title, at });
    if (number >= backlog) at += Math.round((-Math.log(1 - random()) * second) / arrivalsPerSecond);
  }
  return { seed, goal: trace.goal.en, arrivals, truths, kind };
}

/** The same times in the same order of starts, whatever is started. */
export function slowDurations(seed: number): () => Milliseconds {
  const random = seededRandom(15_000 + seed);
  return () => slowness * drawDuration(random);
}

interface OutageRun {
  /** Completed while the model was down. */
  readonly completed: number;
  readonly startedUnjudged: number;
  /** How much worse than the best order those ran that were started while it was down, in per cent. */
  readonly regret: number;
  /** Started then although another had a better rank and it was not the turn of the oldest. */
  readonly outOfOrder: number;
  readonly callsDuring: number;
  /** From the end of the outage until a first answer came; NaN when none did. */
  readonly recovery: Milliseconds;
  readonly callsInFirstMinute: number;
  readonly peak: number;
  /** Tasks that wait for a first judgement at the end. */
  readonly unjudgedAtEnd: number;
}

async function podiumUnderOutage(
  trace: OutageTrace,
  breakStore?: HouseOptions['breakStore'],
): Promise<OutageRun> {
  const durations = slowDurations(trace.seed);
  let model: SimulatedModel | undefined;
  await using house = await House.open({
    seed: trace.seed,
    goal: trace.goal,
    meanings: productMeanings,
    model: (clock) => (model = new SimulatedModel({ clock, seed: trace.seed, truths: trace.truths })),
    durationOf: durations,
    ...(breakStore === undefined ? {} : { breakStore }),
  });
  if (model === undefined) throw new Error('The house has no model.');
  const judge = model;
  const began = house.clock.monotonic();
  const now = (): Milliseconds => house.clock.monotonic() - began;
  house.clock.setTimer(outage.from, () => (judge.outage = trace.kind));
  house.clock.setTimer(outage.to, () => (judge.outage = null));
  let recovery = NaN;
  house.desk.subscribe((event) => {
    if (event.type === 'judged' && now() >= outage.to && Number.isNaN(recovery)) recovery = now() - outage.to;
  });
  for (const { title, at } of trace.arrivals) {
    if (at > now()) await house.clock.advance(at - now());
    await house.add(title);
  }
  await house.clock.advance(end - now());
  const during = (at: Milliseconds): boolean => at - began >= outage.from && at - began < outage.to;
  const started = house.starts.filter(({ at }) => during(at));
  const tasks = await Promise.all(started.map(({ id }) => house.desk.task(id)));
  const decisions = await Promise.all(started.map(({ id }) => house.desk.decision(id)));
  const firstMinute = judge.calls.filter(
    ({ at }) => at - began >= outage.to + recovery && at - began < outage.to + recovery + 60 * second,
  );
  const ran = new Set(house.starts.map(({ id }) => id));
  if (ran.size !== house.starts.length) throw new Error('A task ran more than once.');
  return {
    completed: house.ends.filter(({ at }) => during(at)).length,
    regret: regretOfTitles(
      started.map(({ title }) => title),
      trace,
    ),
    startedUnjudged: tasks.filter((task) => task?.judgement === null).length,
    outOfOrder: decisions.filter(
      (decision) => decision?.reason !== 'oldest' && decision?.top[0]?.id !== decision?.taskId,
    ).length,
    callsDuring: judge.calls.filter(({ at }) => during(at)).length,
    recovery,
    callsInFirstMinute: firstMinute.length,
    peak: judge.peak,
    unjudgedAtEnd: (await house.refiner()).first,
  };
}

/** Of tasks by title, in the order of their starts: by what each is worth for the goal, for here nothing else differs. */
function regretOfTitles(titles: readonly string[], { truths }: OutageTrace): number {
  return 100 * regret(titles.map((title) => Math.max(0, truths.get(title)?.worth ?? 0)));
}

const regretRow = 'regret of the order of those started then %';

function kindOf(seed: number): 'hangs' | 'refuses' {
  return seed % 2 === 0 ? 'hangs' : 'refuses';
}

async function aiOut(): Promise<WorkloadReport> {
  const [runs, calm]: [OutageRun[], OutageRun[]] = [[], []];
  const inline: Record<string, Record<string, number>> = {};
  for (const seed of seeds) {
    const trace = outageTrace(seed, kindOf(seed));
    const whole = { ...trace, kind: null };
    runs.push(await podiumUnderOutage(trace));
    calm.push(await podiumUnderOutage(whole));
  }
  for (const system of inlineSystems) {
    const sharing = falseOf(system === 'S2' ? literalMeanings() : null);
    for (const [name, isCalm] of [
      [system, false],
      [`${system} calm`, true],
    ] as const) {
      const [completed, regrets]: [number[], number[]] = [[], []];
      for (const seed of seeds) {
        const trace = outageTrace(seed, isCalm ? null : kindOf(seed));
        const run = await inlineUnderOutage(trace, system);
        completed.push(run.completed);
        regrets.push(regretOfTitles(run.started, trace));
      }
      inline[name] = {
        'completed in the ten minutes': median(completed),
        [regretRow]: median(regrets),
        ...sharing,
      };
    }
  }
  const broken = await podiumUnderOutage(outageTrace(2, 'hangs'), awaitsTheModel);
  const sharingOfPodium = falseOf(productMeanings());
  const figures = (of: readonly OutageRun[]): Record<string, number> => ({
    'completed in the ten minutes': median(of.map(({ completed }) => completed)),
    [regretRow]: median(of.map(({ regret }) => regret)),
    ...sharingOfPodium,
    'of those started, not judged': median(of.map(({ startedUnjudged }) => startedUnjudged)),
    'calls of the model in the ten minutes': median(of.map(({ callsDuring }) => callsDuring)),
    'first answer afterwards, median s': median(of.map(({ recovery }) => recovery)) / second,
    'first answer afterwards, longest s': Math.max(...of.map(({ recovery }) => recovery)) / second,
    'calls in the first minute from then': Math.max(
      ...of.map(({ callsInFirstMinute }) => callsInFirstMinute),
    ),
    'calls at one time, most': Math.max(...of.map(({ peak }) => peak)),
    'not judged at the end': Math.max(...of.map(({ unjudgedAtEnd }) => unjudgedAtEnd)),
  });
  const share = Math.min(...runs.map(({ completed }, place) => completed / (calm[place]?.completed ?? NaN)));
  return {
    systems: {
      'P settings': typed,
      ...inline,
      P: figures(runs),
      'P calm': figures(calm),
    },
    checks: [
      check('throughput while the model is down', 100 * share, '>=', 99, '%'),
      check(
        'mutant that awaits the model: throughput',
        (100 * broken.completed) / (calm[1]?.completed ?? NaN),
        '<=',
        99,
        '%',
      ),
      check('started out of order', Math.max(...runs.map(({ outOfOrder }) => outOfOrder)), '<=', 0, 'tasks'),
      // The longest wait between two tries, and a call; twice, for an ordinary failure may come on top.
      check(
        'first answer afterwards, median',
        median(runs.map(({ recovery }) => recovery)) / second,
        '<=',
        310,
        's',
      ),
      check(
        'first answer afterwards, longest',
        Math.max(...runs.map(({ recovery }) => recovery)) / second,
        '<=',
        620,
        's',
      ),
      // As many as are made at one time in fair weather.
      check('calls at one time', Math.max(...runs.map(({ peak }) => peak)), '<=', 8, 'calls'),
      check(
        'calls in the first minute from then',
        Math.max(...runs.map(({ callsInFirstMinute }) => callsInFirstMinute)),
        '<=',
        20,
        'calls',
      ),
      check(
        'not judged at the end, above a run without outage',
        Math.max(
          ...runs.map(({ unjudgedAtEnd }, place) => unjudgedAtEnd - (calm[place]?.unjudgedAtEnd ?? NaN)),
        ),
        '<=',
        20,
        'tasks',
      ),
    ],
  };
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { 'W-AIOUT': aiOut };
