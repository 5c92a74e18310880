/**
 * The language model of the priority workloads, in the time of the clock it is given. It sees what a prompt shows,
 * text and goal, and nothing else: it answers what the text is worth for the goal (`worthForGoal` of the oracle) with
 * noise of N(0, 40), and canonical concepts of which one in ten is wrong. It never names an intent. Sometimes it
 * fails, as real ones do; it can be down, and it can be gullible.
 */
import type { Milliseconds } from '../../../src/core/model.ts';
import type { Model, ModelReply, ModelRequest } from '../../../src/core/models.ts';
import type { Clock } from '../../../src/core/ports.ts';
import { seededRandom } from '../../support/seededChance.ts';
import type { ShownBatch, ShownTask } from '../../support/scriptedModel.ts';
import { normal, shuffled } from '../draws.ts';

/** What is true of a text. */
export interface Truth {
  /** Worth for the goal, as the oracle has it; what is beyond 0-1000 is cut off in the answer. */
  readonly worth: number;
  readonly concepts: readonly string[];
  /** Whether the text orders whoever judges it to give the highest score; heard only by a gullible model. */
  readonly commands?: boolean;
}

export interface ModelOptions {
  readonly clock: Clock;
  readonly seed: number;
  readonly truths: ReadonlyMap<string, Truth>;
  readonly gullible?: boolean;
}

/** A call as it began. */
export interface NotedCall {
  readonly at: Milliseconds;
  readonly titles: readonly string[];
}

/** Of the task alone, drawn evenly; then so much for each further task of the call. */
const latency = { least: 3_000, most: 5_400, perFurtherTask: 30 } as const;
const noise = 40;
/** Shares of the calls that go wrong, each in its own way. */
const share = { malformed: 0.005, hang: 0.005, broken: 0.005 } as const;
const hang: Milliseconds = 30_000;
/** Until an endpoint that is down refuses the connection. */
const refusal: Milliseconds = 50;
const wrongConcepts = 0.1;
/** Calls served at one time; further ones wait in line. */
const concurrency = 20;

export class SimulatedModel implements Model {
  readonly name = 'simulated';
  readonly calls: NotedCall[] = [];
  /** Most calls under way at one time. */
  peak = 0;
  /** Null while it is up; down, it refuses at once or never answers. */
  outage: 'refuses' | 'hangs' | null = null;
  readonly #options: ModelOptions;
  readonly #random: () => number;
  readonly #vocabulary: readonly string[];
  /** How often each text was judged. */
  readonly #times = new Map<string, number>();
  readonly #line: (() => void)[] = [];
  #underWay = 0;
  #served = 0;

  constructor(options: ModelOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#vocabulary = [...new Set([...options.truths.values()].flatMap(({ concepts }) => concepts))];
  }

  /** Tasks it was sent so far, each as often as it was sent. */
  get tasksSent(): number {
    return this.calls.reduce((sum, { titles }) => sum + titles.length, 0);
  }

  async ask(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const { tasks } = JSON.parse(request.messages.at(-1)?.content ?? '') as ShownBatch;
    this.calls.push({ at: this.#options.clock.monotonic(), titles: tasks.map(({ title }) => title) });
    this.#underWay += 1;
    this.peak = Math.max(this.peak, this.#underWay);
    try {
      await this.#turn(signal);
      return await this.#answer(tasks, signal);
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Waits for a place among those that are served. */
  async #turn(signal: AbortSignal): Promise<void> {
    if (this.#served >= concurrency) {
      const { promise, resolve, reject } = Promise.withResolvers<undefined>();
      this.#line.push(() => resolve(undefined));
      signal.addEventListener('abort', () => reject(new Error('cut off')), { once: true });
      await promise;
    }
    this.#served += 1;
  }

  async #answer(tasks: readonly ShownTask[], signal: AbortSignal): Promise<ModelReply> {
    try {
      if (this.outage === 'refuses') {
        await this.#pass(refusal, signal);
        return broken;
      }
      const fault = this.#random();
      const own = latency.least + (latency.most - latency.least) * this.#random();
      const time = Math.round(own) + latency.perFurtherTask * (tasks.length - 1);
      const isHang = fault < share.hang;
      await this.#pass(this.outage === 'hangs' ? null : time + (isHang ? hang : 0), signal);
      if (fault >= share.hang && fault < share.hang + share.broken) return broken;
      const isMalformed =
        fault >= share.hang + share.broken && fault < share.hang + share.broken + share.malformed;
      return answered(isMalformed ? '{"tasks": [{"id": ' : this.#verdicts(tasks));
    } finally {
      this.#served -= 1;
      this.#line.shift()?.();
    }
  }

  /** @param time null for ever */
  async #pass(time: Milliseconds | null, signal: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    using _timer = time === null ? undefined : this.#options.clock.setTimer(time, () => resolve(undefined));
    const cut = (): void => reject(new Error('cut off'));
    signal.addEventListener('abort', cut, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', cut);
    }
  }

  #verdicts(tasks: readonly ShownTask[]): string {
    return JSON.stringify({
      tasks: tasks.map(({ id, title }) => ({ id, ...this.#verdict(title) })),
    });
  }

  #verdict(title: string): { priority_score: number; reason: string; concepts: readonly string[] } {
    const { truths, seed, gullible } = this.#options;
    const truth = truths.get(title);
    if (truth === undefined) throw new Error(`The simulated model knows nothing of "${title}".`);
    const times = this.#times.get(title) ?? 0;
    this.#times.set(title, times + 1);
    // By the text and how often it was judged, so that every system hears the same of the same text.
    const random = seededRandom(hashOf(`${String(seed)}|${title}|${String(times)}`));
    const said = Math.round(truth.worth + normal(random, noise));
    const obeys = gullible === true && truth.commands === true;
    return {
      priority_score: obeys ? 1_000 : Math.min(1_000, Math.max(0, said)),
      reason: 'As the simulation has it.',
      concepts: shuffled(this.#worded(truth.concepts, random), random),
    };
  }

  /** Of the concepts that are wrong, half are left out and half are those of something else. */
  #worded(concepts: readonly string[], random: () => number): readonly string[] {
    return concepts.flatMap((concept) => {
      if (random() >= wrongConcepts) return [concept];
      const other = this.#vocabulary[Math.floor(random() * this.#vocabulary.length)];
      return random() < 0.5 || other === undefined ? [] : [other];
    });
  }
}

const broken: ModelReply = {
  kind: 'failed',
  failure: 'unavailable',
  message: 'The endpoint failed.',
  retryAfter: null,
};

function answered(text: string): ModelReply {
  return { kind: 'answered', text, usage: { promptTokens: null, completionTokens: null }, whole: true };
}

/** FNV-1a over the characters (Fowler, Noll, Vo), 32 bits. */
function hashOf(text: string): number {
  let hash = 0x81_1c_9d_c5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01_00_01_93) >>> 0;
  }
  return hash;
}
