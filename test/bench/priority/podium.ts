/** `P`: Podium on a trace, in a house that can be asked for a second pass. */
import type { Milliseconds, PriorityLevel, TaskId } from '../../../src/core/model.ts';
import type { Meanings } from '../../../src/core/priority/meanings.ts';
import type { PriorityTrace, TraceTask } from '../priorityTrace.ts';
import { descriptionOf } from './descriptions.ts';
import { home, House } from './house.ts';
import type { HouseOptions } from './house.ts';
import type { Outcome } from './outcome.ts';
import { SimulatedModel } from './simulatedModel.ts';
import { truthsOf } from './truths.ts';
import { byArrival, durationsOf } from './work.ts';

export interface PodiumOptions {
  readonly meanings: () => Meanings;
  /** The levels the user chose; medium when absent, as nobody has to choose one. */
  readonly levels?: ReadonlyMap<TraceTask, PriorityLevel>;
  readonly breakStore?: HouseOptions['breakStore'];
}

/** How the whole backlog is ordered at one moment, best first. */
export type Order = readonly TraceTask[];

export interface HeldOutcome extends Outcome {
  /** One second after the tasks came, when nothing was judged yet, after ten seconds, and when all were judged. */
  readonly orders: { readonly provisional: Order; readonly tenSeconds: Order; readonly judged: Order };
  /** From the arrival of the tasks until all were judged. */
  readonly judgedAfter: Milliseconds;
}

const minute: Milliseconds = 60_000;

export class PodiumOnTrace implements AsyncDisposable {
  readonly house: House;
  readonly model: SimulatedModel;
  readonly #trace: PriorityTrace;
  readonly #levels: PodiumOptions['levels'];
  readonly #taskOf = new Map<TaskId, TraceTask>();

  private constructor(
    house: House,
    model: SimulatedModel,
    trace: PriorityTrace,
    levels: PodiumOptions['levels'],
  ) {
    this.house = house;
    this.model = model;
    this.#trace = trace;
    this.#levels = levels;
  }

  static async open(trace: PriorityTrace, options: PodiumOptions): Promise<PodiumOnTrace> {
    const durations = new Map([...durationsOf(trace)].map(([{ text }, time]) => [text, time]));
    let model: SimulatedModel | undefined;
    const house = await House.open({
      seed: trace.seed,
      goal: trace.goal.en,
      meanings: options.meanings,
      model: (clock) => (model = new SimulatedModel({ clock, seed: trace.seed, truths: truthsOf(trace) })),
      durationOf: (title) => durations.get(title) ?? 0,
      ...(options.breakStore === undefined ? {} : { breakStore: options.breakStore }),
    });
    if (model === undefined) throw new Error('The house has no model.');
    return new PodiumOnTrace(house, model, trace, options.levels);
  }

  /** All tasks arrive while every worker is busy, are judged, and then run. */
  async held(): Promise<HeldOutcome> {
    const { house, model } = this;
    const sent = { calls: model.calls.length, tasks: model.tasksSent };
    await house.occupy();
    const came = house.clock.monotonic();
    const rankTimes = await this.#addAll();
    await house.clock.advance(1_000);
    const provisional = await this.#order();
    await house.clock.advance(9_000);
    const tenSeconds = await this.#order();
    await house.untilJudged(60 * minute);
    const judgedAfter = house.clock.monotonic() - came;
    const judged = await this.#order();
    house.release();
    const ran = await this.#run();
    return {
      ...ran,
      byScore: judged,
      orders: { provisional, tenSeconds, judged },
      judgedAfter,
      rankTimes,
      modelCalls: model.calls.length - sent.calls,
      tasksSent: model.tasksSent - sent.tasks,
    };
  }

  /** Has tasks judged while every worker is busy. */
  async judge(tasks: readonly TraceTask[]): Promise<void> {
    await this.house.occupy();
    await this.#addAll(tasks);
    await this.house.untilJudged(60 * minute);
  }

  /** All tasks arrive at once and run as workers are free. */
  async live(): Promise<Outcome> {
    const { model } = this;
    const sent = { calls: model.calls.length, tasks: model.tasksSent };
    const rankTimes = await this.#addAll();
    const ran = await this.#run();
    return {
      ...ran,
      byScore: null,
      rankTimes,
      modelCalls: model.calls.length - sent.calls,
      tasksSent: model.tasksSent - sent.tasks,
    };
  }

  /** @returns virtual milliseconds from asking to having a rank, by task */
  async #addAll(tasks = this.#trace.tasks): Promise<Milliseconds[]> {
    const { house } = this;
    const times: Milliseconds[] = [];
    let asked = 0;
    using _listening = house.desk.subscribe((event) => {
      if (event.type === 'added' && event.workspaceId === home) times.push(house.clock.monotonic() - asked);
    });
    for (const task of byArrival(tasks)) {
      asked = house.clock.monotonic();
      const { text, ageDays, dependents } = task;
      const priority = this.#levels?.get(task) ?? 'medium';
      const addition = { description: descriptionOf(text), ageDays, dependents, priority };
      this.#taskOf.set(await house.add(text, addition), task);
    }
    return times;
  }

  async #run(): Promise<Pick<Outcome, 'starts' | 'completed' | 'makespan'>> {
    const { house } = this;
    const [before, began] = [house.starts.length, house.clock.monotonic()];
    const all = before + this.#trace.tasks.length;
    await house.until(() => house.ends.length >= all, 120 * minute, 5_000);
    const ends = new Map(house.ends.slice(before).map(({ id, at }) => [id, at]));
    const starts = house.starts.slice(before).map(({ id, at }) => {
      const task = this.#taskOf.get(id);
      if (task === undefined) throw new Error('Something ran that is not of the trace.');
      return { task, at: at - began, took: (ends.get(id) ?? NaN) - at };
    });
    return { starts, completed: ends.size, makespan: Math.max(...ends.values()) - began };
  }

  async #order(): Promise<Order> {
    const waiting = await this.house.waiting();
    return waiting
      .toSorted((a, b) => b.score - a.score || a.sequence - b.sequence)
      .map(({ id }) => this.#taskOf.get(id))
      .filter((task) => task !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.house[Symbol.asyncDispose]();
  }
}
