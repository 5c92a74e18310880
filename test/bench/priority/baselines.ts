/**
 * The systems that Podium is compared with, on the same trace, the same execution times and the same model:
 *
 * - `S0`: static if/else on high, medium, low, first in first out within a level; no model.
 * - `S1`: like the chapter's first version. Each of ten workers takes the next task that has no score, asks the model
 *   about it while it waits, and runs the best of what has a score by then. No cache; a call that fails is repeated
 *   after 0.25 to 1 s.
 * - `S1c`: the event crawl. One loop asks about one task after the other and hands each to a worker. Kinder than the
 *   chapter's log, where each turn of the loop asks about everything again.
 * - `S2`: the chapter taken literally: S1 with a cache on the path, keyed by a hash of concepts, good for 30 minutes.
 * - `S2*`: the same with a hash that is always right, which nobody can have: what such a cache could give at best.
 *
 * What a model says is worth the same in all of them, and all rank by it plus the product's own live terms (graph,
 * goal, age). The chapter lets the model fold those into its number; the simulated model sees text and goal only.
 */
import type { Instant, Milliseconds, PriorityLevel } from '../../../src/core/model.ts';
import { defaultValue } from '../../../src/core/priority/judgement.ts';
import { readAnswer } from '../../../src/core/priority/modelAnswer.ts';
import { promptFor } from '../../../src/core/priority/prompt.ts';
import { scoreOf } from '../../../src/core/priority/score.ts';
import type { FakeClock } from '../../support/fakeClock.ts';
import { seededRandom } from '../../support/seededChance.ts';
import type { PriorityTrace, TraceTask } from '../priorityTrace.ts';
import type { Outcome, StartedTask } from './outcome.ts';
import type { SimulatedModel } from './simulatedModel.ts';
import { conceptsOf } from './truths.ts';
import { byArrival, durationsOf, workers } from './work.ts';

export interface BaselineInput {
  readonly trace: PriorityTrace;
  readonly clock: FakeClock;
  readonly model: SimulatedModel;
}

/** What one text was worth, and since when it is known. */
export type Remembered = Map<string, { readonly value: number; readonly at: Milliseconds }>;
export type Hash = (task: TraceTask, goal: string) => string;

const day: Milliseconds = 86_400_000;
const freshFor: Milliseconds = 1_800_000;
/** Further than any baseline needs. */
const longest: Milliseconds = 4 * 3_600_000;
/** Share of the tasks on which the user of S0 is wrong by a level. */
const mislabelled = 0.2;

/** As the chapter describes it: the concepts of goal, content and dependencies, here words and kinds of artefact. */
export const literalHash: Hash = ({ text, consumes }, goal) =>
  [conceptsOf(goal), conceptsOf(text), consumes].map((words) => words.toSorted().join(' ')).join('|');

/** Knows what each text means. */
export const perfectHash: Hash = ({ intent }) => String(intent);

/** The level a careful user gives: high to the best fifth by intrinsic value, low to the lower two fifths. */
export function levelsOf({ seed, tasks }: PriorityTrace): ReadonlyMap<TraceTask, PriorityLevel> {
  const values = tasks.map(({ value }) => value).sort((a, b) => a - b);
  const at = (part: number): number => values[Math.floor(values.length * part)] ?? 0;
  const [low, high] = [at(0.4), at(0.8)];
  const random = seededRandom(3_000 + seed);
  return new Map(
    tasks.map((task) => {
      const right = task.value >= high ? 2 : task.value < low ? 0 : 1;
      const wrong = right === 1 ? (random() < 0.5 ? 0 : 2) : 1;
      return [task, scale[random() < mislabelled ? wrong : right] ?? 'medium'];
    }),
  );
}

const scale: readonly PriorityLevel[] = ['low', 'medium', 'high'];

/** A run of one system: time, workers, and what they did. */
class Stage {
  readonly starts: StartedTask[] = [];
  readonly rankTimes: Milliseconds[] = [];
  readonly #durations: ReadonlyMap<TraceTask, Milliseconds>;
  readonly #input: BaselineInput;
  readonly #began: Milliseconds;
  readonly #sentBefore: { readonly calls: number; readonly tasks: number };
  readonly #wall: Instant;
  readonly #random: () => number;
  #completed = 0;
  #ended: Milliseconds = 0;

  constructor(input: BaselineInput) {
    this.#input = input;
    this.#durations = durationsOf(input.trace);
    this.#began = input.clock.monotonic();
    this.#wall = input.clock.wallClock();
    this.#sentBefore = { calls: input.model.calls.length, tasks: input.model.tasksSent };
    this.#random = seededRandom(5_000 + input.trace.seed);
  }

  get now(): Milliseconds {
    return this.#input.clock.monotonic();
  }

  async pass(time: Milliseconds): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#input.clock.setTimer(time, resolve);
    });
  }

  async run(task: TraceTask): Promise<void> {
    const took = this.#durations.get(task) ?? 0;
    this.starts.push({ task, at: this.now - this.#began, took });
    await this.pass(took);
    this.#completed += 1;
    this.#ended = this.now - this.#began;
  }

  /** Asks until there is an answer; one without a number counts 100, as in the chapter. */
  async ask(task: TraceTask): Promise<number> {
    const { model, trace } = this.#input;
    const context = { goal: trace.goal.en, blocked: 0, oldestDays: 0 };
    const asked = [{ name: 't1', title: task.text, description: '', upstream: [] }];
    for (;;) {
      const reply = await model.ask(
        { messages: promptFor(context, asked, []) },
        new AbortController().signal,
      );
      const answer = reply.kind === 'answered' ? readAnswer(reply.text, ['t1']) : undefined;
      if (answer?.readable === true) return answer.verdicts.get('t1')?.value ?? defaultValue;
      await this.pass(Math.round(250 + 750 * this.#random()));
    }
  }

  scoreOf(task: TraceTask, judged: number): number {
    const facts = {
      judged,
      priority: 'medium',
      boost: 0,
      dependents: task.dependents,
      text: task.text,
      goal: this.#input.trace.goal.en,
      dueAt: null,
      createdAt: this.#wall - task.ageDays * day,
    } as const;
    return scoreOf(facts, this.#wall).value;
  }

  /** Lets time pass until `work` is done. */
  async play(work: Promise<void>, scores: ReadonlyMap<TraceTask, number> | null): Promise<Outcome> {
    const { clock, model } = this.#input;
    const done = new AbortController();
    const watched = work.finally(() => done.abort());
    const limit = clock.monotonic() + longest;
    while (!done.signal.aborted && clock.monotonic() < limit) await clock.advance(10_000);
    if (!done.signal.aborted) throw new Error('A baseline did not come to an end.');
    await watched;
    return {
      starts: this.starts,
      completed: this.#completed,
      makespan: this.#ended,
      rankTimes: this.rankTimes,
      byScore: scores === null ? null : [...scores].sort(([, a], [, b]) => b - a).map(([task]) => task),
      modelCalls: model.calls.length - this.#sentBefore.calls,
      tasksSent: model.tasksSent - this.#sentBefore.tasks,
    };
  }
}

/** S0. */
export async function runStatic(input: BaselineInput): Promise<Outcome> {
  const stage = new Stage(input);
  const levels = levelsOf(input.trace);
  const rank = (task: TraceTask): number => scale.indexOf(levels.get(task) ?? 'medium');
  const queue = byArrival(input.trace.tasks).toSorted((a, b) => rank(b) - rank(a));
  const byScore = [...queue];
  const worker = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) await stage.run(task);
  };
  stage.rankTimes.push(...queue.map(() => 0));
  const outcome = await stage.play(together(worker), null);
  return { ...outcome, byScore };
}

/** S1, and with a cache S2. */
export async function runInline(input: BaselineInput, cache?: [Remembered, Hash]): Promise<Outcome> {
  const stage = new Stage(input);
  const { trace } = input;
  const unscored = [...byArrival(trace.tasks)];
  const scored = new Map<TraceTask, number>();
  const scores = new Map<TraceTask, number>();
  const valueOf = async (task: TraceTask): Promise<number> => {
    if (cache === undefined) return await stage.ask(task);
    const [remembered, hash] = cache;
    const key = hash(task, trace.goal.en);
    const known = remembered.get(key);
    if (known !== undefined && stage.now - known.at <= freshFor) return known.value;
    const value = await stage.ask(task);
    remembered.set(key, { value, at: stage.now });
    return value;
  };
  const worker = async (): Promise<void> => {
    for (let task = unscored.shift(); task !== undefined; task = unscored.shift()) {
      const from = stage.now;
      const score = stage.scoreOf(task, await valueOf(task));
      stage.rankTimes.push(stage.now - from);
      scored.set(task, score);
      scores.set(task, score);
      const best = bestOf(scored);
      scored.delete(best);
      await stage.run(best);
    }
  };
  return await stage.play(together(worker), scores);
}

/** S1c. */
export async function runCrawl(input: BaselineInput): Promise<Outcome> {
  const stage = new Stage(input);
  const scores = new Map<TraceTask, number>();
  const crawl = async (): Promise<void> => {
    const runs: Promise<void>[] = [];
    for (const task of byArrival(input.trace.tasks)) {
      const from = stage.now;
      scores.set(task, stage.scoreOf(task, await stage.ask(task)));
      stage.rankTimes.push(stage.now - from);
      runs.push(stage.run(task));
    }
    await Promise.all(runs);
  };
  return await stage.play(crawl(), scores);
}

async function together(worker: () => Promise<void>): Promise<void> {
  await Promise.all(Array.from({ length: workers }, worker));
}

function bestOf(scored: ReadonlyMap<TraceTask, number>): TraceTask {
  let best: [TraceTask, number] | undefined;
  for (const one of scored) if (best === undefined || one[1] > best[1]) best = one;
  if (best === undefined) throw new Error('Nothing has a score.');
  return best[0];
}
