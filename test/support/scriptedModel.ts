/** A model that says what a test wants, in the time it wants. */
import type { Milliseconds } from '../../src/core/model.ts';
import type { Model, ModelReply, ModelRequest } from '../../src/core/models.ts';
import type { Clock } from '../../src/core/ports.ts';

/** A task as the prompt showed it. */
export interface ShownTask {
  readonly id: string;
  readonly title: string;
  readonly description?: string;
  readonly uses_results_of?: readonly string[];
}

/** What was shown in one call. */
export interface ShownBatch {
  readonly project: Readonly<Record<string, unknown>>;
  readonly already_judged?: readonly { readonly title: string; readonly priority_score: number }[];
  readonly tasks: readonly ShownTask[];
}

export type ModelScript = (batch: ShownBatch, call: number) => ModelReply | string;

export class ScriptedModel implements Model {
  name = 'scripted';
  readonly batches: ShownBatch[] = [];
  /** How long each answer takes; null for ever. */
  latency: Milliseconds | null = 0;
  script: ModelScript;
  #underWay = 0;
  /** Most calls at one time. */
  peak = 0;
  readonly #clock: Clock;

  constructor(clock: Clock, script: ModelScript) {
    this.#clock = clock;
    this.script = script;
  }

  async ask(request: ModelRequest, signal: AbortSignal): Promise<ModelReply> {
    const batch = JSON.parse(request.messages.at(-1)?.content ?? '') as ShownBatch;
    this.batches.push(batch);
    const call = this.batches.length;
    this.#underWay += 1;
    this.peak = Math.max(this.peak, this.#underWay);
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    using _timer =
      this.latency === null ? undefined : this.#clock.setTimer(this.latency, () => resolve(undefined));
    const cut = (): void => reject(new Error('cut off'));
    signal.addEventListener('abort', cut, { once: true });
    try {
      await promise;
    } finally {
      this.#underWay -= 1;
      signal.removeEventListener('abort', cut);
    }
    const said = this.script(batch, call);
    return typeof said === 'string' ? answered(said) : said;
  }
}

export function answered(text: string, whole = true): ModelReply {
  return { kind: 'answered', text, usage: { promptTokens: 100, completionTokens: 10 }, whole };
}

export function failed(
  failure: Extract<ModelReply, { kind: 'failed' }>['failure'],
  retryAfter: Milliseconds | null = null,
): ModelReply {
  return { kind: 'failed', failure, message: `It is ${failure}.`, retryAfter };
}

/** The value that each title names: `Task worth 700`. */
export const worth: ModelScript = ({ tasks }) =>
  JSON.stringify({
    tasks: tasks.map(({ id, title }) => ({
      id,
      priority_score: Number(/\d+/.exec(title)?.[0] ?? 500),
      reason: `It says ${title}.`,
      concepts: title.toLowerCase().split(' '),
    })),
  });
