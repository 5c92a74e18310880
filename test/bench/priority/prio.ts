/**
 * The workload `W-PRIO`: a thousand tasks that mean a hundred things, ordered by each system, in virtual time, with
 * the seeds 1 to 8 in pairs; and what a rank costs, on the real clock. Podium's settings are those of `house.ts`; all
 * tasks have the level that nobody has to choose, medium, except in the rows that say otherwise. A star marks a system
 * whose meanings are always right, an exclamation mark a broken one.
 */
import { FakeClock } from '../../support/fakeClock.ts';
import { readNearTwins, twinFamilies } from '../data/pairs.ts';
import type { TwinFamily } from '../data/pairs.ts';
import { priorityTrace, traceSeeds } from '../priorityTrace.ts';
import type { Meanings } from '../../../src/core/priority/meanings.ts';
import type { PriorityTrace } from '../priorityTrace.ts';
import { check, median, percentile } from '../report.ts';
import type { Check, WorkloadReport } from '../report.ts';
import { levelsOf, literalHash, perfectHash, runCrawl, runInline, runStatic } from './baselines.ts';
import type { BaselineInput, Hash, Remembered } from './baselines.ts';
import { gullible } from './gullible.ts';
import { insertionTimes } from './insertion.ts';
import { literalMeanings, oneForAll, perfectMeanings, productMeanings } from './meanings.ts';
import { awaitsTheModel } from './mutants.ts';
import { demandEqualWork, regretOfOrder, regretOfStarts, regretUntil, throughput } from './outcome.ts';
import type { Outcome } from './outcome.ts';
import { PodiumOnTrace } from './podium.ts';
import type { PodiumOptions } from './podium.ts';
import { answered, falseShares, foreignPairs, pairsShared, parted } from './sharing.ts';
import { SimulatedModel } from './simulatedModel.ts';
import { typed } from './house.ts';
import { ratio } from './statistics.ts';
import { truthsOf } from './truths.ts';
import { unchanged } from './unchanged.ts';

type Figures = Readonly<Record<string, number>>;

/** What one system did with one seed. */
function figuresOf(outcome: Outcome): Record<string, number> {
  const { byScore } = outcome;
  return {
    'tasks/s': throughput(outcome),
    'makespan s': outcome.makespan / 1000,
    'regret of the order by score %': byScore === null ? NaN : regretOfOrder(byScore),
    'regret of the starts %': regretOfStarts(outcome),
    'calls of the model': outcome.modelCalls,
    'tasks sent to the model': outcome.tasksSent,
  };
}

/**
 * How long tasks waited for a rank. In virtual time work takes none, so this tells only of waiting for the model; what
 * a rank costs Podium, which never waits for one, is measured on the real clock.
 */
function rankFigures(rankTimes: readonly number[]): Record<string, number> {
  return {
    'rank time mean s': mean(rankTimes) / 1000,
    'rank time p50 s': percentile(rankTimes, 50) / 1000,
    'rank time p99 s': percentile(rankTimes, 99) / 1000,
    'ranked within 0.1 s %': (100 * rankTimes.filter((time) => time <= 100).length) / rankTimes.length,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** System -> figures of each seed. */
class Board {
  readonly #seeds = new Map<string, Figures[]>();

  add(system: string, figures: Figures): void {
    this.#seeds.set(system, [...(this.#seeds.get(system) ?? []), figures]);
  }

  of(system: string, metric: string): readonly number[] {
    return (this.#seeds.get(system) ?? []).flatMap((figures) => figures[metric] ?? []);
  }

  median(system: string, metric: string): number {
    return median(this.of(system, metric));
  }

  /** The median of every metric over the seeds, without those that a system does not have. */
  medians(): Record<string, Record<string, number>> {
    return Object.fromEntries(
      [...this.#seeds].map(([system, seeds]) => [
        system,
        Object.fromEntries(
          [...new Set(seeds.flatMap((figures) => Object.keys(figures)))]
            .map((metric) => [metric, this.median(system, metric)] as const)
            .filter(([, value]) => !Number.isNaN(value)),
        ),
      ]),
    );
  }
}

function stageFor(trace: PriorityTrace): BaselineInput {
  const clock = new FakeClock();
  return { trace, clock, model: new SimulatedModel({ clock, seed: trace.seed, truths: truthsOf(trace) }) };
}

/** The baselines, cold; those with a cache also warm. */
async function baselines(trace: PriorityTrace, board: Board): Promise<void> {
  const note = (system: string, outcome: Outcome): void => {
    demandEqualWork(outcome, trace.tasks, system);
    board.add(system, { ...figuresOf(outcome), ...rankFigures(outcome.rankTimes) });
  };
  note('S0', await runStatic(stageFor(trace)));
  note('S1', await runInline(stageFor(trace)));
  note('S1c', await runCrawl(stageFor(trace)));
  const hashes: readonly (readonly [string, Hash])[] = [
    ['S2', literalHash],
    ['S2*', perfectHash],
  ];
  for (const [system, hash] of hashes) {
    const stage = stageFor(trace);
    const remembered: Remembered = new Map();
    note(system, await runInline(stage, [remembered, hash]));
    note(`${system} warm`, await runInline(stage, [remembered, hash]));
  }
}

/** Podium: judged while its workers are busy and then run, once more with all known, and from nothing. */
async function podium(
  trace: PriorityTrace,
  board: Board,
  name: string,
  options: PodiumOptions,
): Promise<void> {
  await using house = await PodiumOnTrace.open(trace, options);
  const cold = await house.held();
  demandEqualWork(cold, trace.tasks, name);
  board.add(name, {
    ...figuresOf(cold),
    'regret of the order after 1 s %': regretOfOrder(cold.orders.provisional),
    'regret of the order after 10 s %': regretOfOrder(cold.orders.tenSeconds),
    'all judged after s': cold.judgedAfter / 1000,
  });
  const warm = await house.live();
  demandEqualWork(warm, trace.tasks, `${name} warm`);
  board.add(`${name} warm`, figuresOf(warm));
  await using fresh = await PodiumOnTrace.open(trace, options);
  const live = await fresh.live();
  demandEqualWork(live, trace.tasks, `${name} live`);
  board.add(`${name} live`, {
    ...figuresOf(live),
    'regret of the starts of the first 10 s, then none %': regretUntil(live, 10_000),
  });
}

/** Sharing: by the lexicon alone, and after a cold pass over other wordings. */
async function sharing(seed: number, board: Board): Promise<void> {
  const { learned, kept } = parted(seed);
  const trace = priorityTrace(seed);
  const texts = new Set(learned.map(({ text }) => text));
  const others = { ...trace, tasks: trace.tasks.filter(({ text }) => texts.has(text)) };
  const alone = productMeanings();
  await using house = await PodiumOnTrace.open(trace, { meanings: productMeanings });
  await house.judge(others.tasks);
  const taught = house.house.meanings;
  for (const [name, meanings] of [
    ['lexicon alone', alone],
    ['taught', taught],
  ] as const) {
    const seen = answered(meanings, 'seen', learned, kept);
    const unseen = answered(meanings, 'unseen', learned, kept);
    board.add(`P ${name}`, {
      'kept wordings answered, seen half %': seen.right,
      'kept wordings answered, unseen half %': unseen.right,
      'kept wordings answered wrongly, seen half %': seen.wrong,
      'kept wordings answered wrongly, unseen half %': unseen.wrong,
      ...falseSharing(meanings),
    });
  }
}

/** What shares a judgement, rightly and falsely, of all texts of the data. */
function falseSharing(meanings: Meanings): Record<string, number> {
  return {
    'pairs of wordings sharing, seen half %': pairsShared(meanings, 'seen'),
    'pairs of wordings sharing, unseen half %': pairsShared(meanings, 'unseen'),
    'pairs of different intents sharing': foreignPairs(meanings).pairs,
    'pairs of different intents sharing %': foreignPairs(meanings).share,
    ...Object.fromEntries(
      [...falseShares(meanings)].flatMap(([family, { shared, described }]) => [
        [twinsRow(family), shared],
        [describedRow(family), described],
      ]),
    ),
  };
}

function twinsRow(family: TwinFamily): string {
  return `near-twins sharing: ${family}, of ${String(twinsIn(family))}`;
}

/** The same of tasks with one title and the texts as their descriptions. */
function describedRow(family: TwinFamily): string {
  return `${twinsRow(family)}, as descriptions`;
}

function twinsIn(family: TwinFamily): number {
  return readNearTwins().filter((pair) => pair.family === family).length;
}

/** Most near-twins that shared, over the seeds, in all of some families. */
function twinsSharing(
  board: Board,
  system: string,
  families: readonly TwinFamily[],
  row: (family: TwinFamily) => string = twinsRow,
): number {
  const bySeed = traceSeeds.map((_, place) =>
    families.reduce((sum, family) => sum + (board.of(system, row(family))[place] ?? NaN), 0),
  );
  return Math.max(...bySeed);
}

const guarded = twinFamilies.filter((family) => family !== 'other');

async function prio(): Promise<WorkloadReport> {
  const board = new Board();
  board.add('S2 sharing', falseSharing(literalMeanings()));
  const plain: PodiumOptions = { meanings: productMeanings };
  for (const seed of traceSeeds) {
    const trace = priorityTrace(seed);
    await baselines(trace, board);
    await podium(trace, board, 'P', plain);
    await podium(trace, board, 'P*', { meanings: perfectMeanings });
    await sharing(seed, board);
    board.add('P gullible', { ...(await gullible(seed, productMeanings)) });
    board.add('P other facts', { ...(await unchanged(seed, productMeanings)) });
  }
  for (const seed of [1, 2]) {
    const trace = priorityTrace(seed);
    await podium(trace, board, 'P levels', { ...plain, levels: levelsOf(trace) });
    await podium(trace, board, 'P! always hits', { meanings: oneForAll });
    await using awaited = await PodiumOnTrace.open(trace, { ...plain, breakStore: awaitsTheModel });
    const slow = await awaited.live();
    demandEqualWork(slow, trace.tasks, 'P! awaits');
    board.add('P! awaits', figuresOf(slow));
  }
  // In rounds, for the machine may be busy with something else in one of them.
  for (let round = 1; round <= 5; round += 1) {
    const { added, gained, cpuOfAdded, provisional } = await insertionTimes(round, productMeanings);
    board.add('P real clock', {
      'provisional place p50 ms': provisional.p50 ?? NaN,
      'provisional place p99 ms': provisional.p99 ?? NaN,
      'ranked within 0.1 s %': (100 * added.filter((time) => time <= 100).length) / added.length,
      'new task CPU mean ms': cpuOfAdded,
      'new task p50 ms': percentile(added, 50),
      'new task p99 ms': percentile(added, 99),
      'new dependent p50 ms': percentile(gained, 50),
      'new dependent p99 ms': percentile(gained, 99),
    });
  }
  const twins = [...falseShares(oneForAll()).values()].reduce((sum, { shared }) => sum + shared, 0);
  board.add('P! always hits', { 'near-twins sharing': twins });
  return {
    systems: { 'P settings': typed, ...board.medians(), ...ratios(board) },
    checks: [...checks(board)],
  };
}

function ratios(board: Board): Record<string, Figures> {
  const rows: readonly (readonly [string, string, string])[] = [
    ['tasks/s', 'P live', 'S1'],
    ['regret of the order by score %', 'P', 'S1'],
    ['tasks sent to the model', 'P', 'S1'],
  ];
  return {
    'P / S1': Object.fromEntries(
      rows.flatMap(([metric, above, below]) => {
        const { median: middle, low, high } = ratio(board.of(above, metric), board.of(below, metric));
        return [
          [`${metric}, median`, middle],
          [`${metric}, 95 % from`, low],
          [`${metric}, 95 % to`, high],
        ];
      }),
    ),
  };
}

function* checks(board: Board): Generator<Check> {
  const most = (system: string, metric: string): number => Math.max(...board.of(system, metric));
  const sent = 'tasks sent to the model';
  const regret = 'regret of the order by score %';
  yield check(
    'a new task has a rank, real clock p99',
    board.median('P real clock', 'new task p99 ms'),
    '<=',
    5,
    'ms',
  );
  yield check(
    'a new dependent counts, real clock p99',
    board.median('P real clock', 'new dependent p99 ms'),
    '<=',
    5,
    'ms',
  );
  const within = Math.min(...board.of('P real clock', 'ranked within 0.1 s %'));
  yield check('ranked within 0.1 s, real clock', within, '>=', 100, '%');
  const provisional = board.median('P real clock', 'provisional place p50 ms');
  yield check('a new task has its provisional place, real clock median', provisional, '<=', 1, 'ms');
  const ofS1 = (system: string): number => (100 * board.median(system, sent)) / board.median('S1', sent);
  yield check("tasks sent cold, of S1's", ofS1('P'), '<=', 20, '%');
  yield check("tasks sent warm, of S1's", ofS1('P warm'), '<=', 2, '%');
  yield check('regret of the order', board.median('P', regret), '<=', 2, '%');
  const overS1 = ratio(board.of('P', regret), board.of('S1', regret));
  // Not the ends of the interval: the lower one lets pass what is worse, the upper one asks for better than "no worse".
  yield check('regret over that of S1, median', overS1.median, '<=', 1, 'x');
  yield check(
    'regret of the order after 10 s',
    board.median('P', 'regret of the order after 10 s %'),
    '<=',
    10,
    '%',
  );
  yield check(
    'throughput over that of S0, which has no model',
    ratio(board.of('P live', 'tasks/s'), board.of('S0', 'tasks/s')).median,
    '>=',
    0.99,
    'x',
  );
  for (const name of ['P lexicon alone', 'P taught']) {
    yield check(`${name}: near-twins sharing, guards`, twinsSharing(board, name, guarded), '<=', 0, 'pairs');
    const rest = (100 * twinsSharing(board, name, ['other'])) / twinsIn('other');
    yield check(`${name}: near-twins sharing, the rest`, rest, '<=', 0.5, '%');
    yield check(
      `${name}: near-twins sharing as descriptions`,
      twinsSharing(board, name, twinFamilies, describedRow),
      '<=',
      0,
      'pairs',
    );
    yield check(
      `${name}: pairs of different intents sharing`,
      most(name, 'pairs of different intents sharing %'),
      '<=',
      0.5,
      '%',
    );
  }
  yield check(
    'kept wordings answered after a cold pass, unseen half',
    board.median('P taught', 'kept wordings answered, unseen half %'),
    '>=',
    80,
    '%',
  );
  yield check(
    'judgements changed by other facts',
    most('P other facts', 'judgements changed'),
    '<=',
    0,
    'tasks',
  );
  yield check('tasks sent because of other facts', most('P other facts', 'tasks sent'), '<=', 0, 'tasks');
  yield check(
    'gain of commanding text from one batch',
    most('P gullible', 'gain from one batch, points'),
    '<=',
    150,
    'points',
  );
  yield check(
    'gain of text that speaks to its judge',
    most('P gullible', 'gain of text that speaks to its judge, points'),
    '<=',
    150,
    'points',
  );
  yield check(
    'second batches in the order of the first',
    most('P gullible', 'calls in an earlier order'),
    '<=',
    0,
    'calls',
  );
  yield check('mutant that always hits: regret', board.median('P! always hits', regret), '>=', 2, '%');
  yield check(
    'mutant that always hits: near-twins',
    board.median('P! always hits', 'near-twins sharing'),
    '>=',
    1,
    'pairs',
  );
  yield check(
    'mutant that awaits the model: throughput over that of S0',
    board.median('P! awaits', 'tasks/s') / board.median('S0', 'tasks/s'),
    '<=',
    0.99,
    'x',
  );
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { 'W-PRIO': prio };
