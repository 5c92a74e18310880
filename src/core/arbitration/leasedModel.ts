/**
 * The only way to a model: a handle that owns what its calls may use. A task's handle has been paid for with its
 * claim; the one of the background judging takes what is left over, and at most a quarter of it while tasks wait for
 * the same model. A handle that was closed calls nothing.
 */
import type { Instant, Milliseconds } from '../model.ts';
import type { Model, ModelReply, ModelRequest } from '../models.ts';
import type { Clock } from '../ports.ts';
import type { Answer, Arbitrator } from './arbitrator.ts';
import type { Bucket } from './bucket.ts';
import { refillOf } from './bucket.ts';
import type { Resources } from './resource.ts';

interface LeasedModelPorts {
  readonly model: Model;
  /** Calls that are paid for. */
  readonly prepaid: number;
  readonly resource: string;
  readonly arbitrator: Arbitrator;
  readonly clock: Clock;
  readonly resources: () => Resources;
  readonly keep: (buckets: ReadonlyMap<string, Bucket>) => Promise<void>;
  readonly learn: (answer: Answer) => Promise<void>;
}

const minute: Milliseconds = 60_000;
/** What is not a task's may have this part of the rate while tasks wait. */
const quarter = 0.25;

export class LeasedModel implements Model, Disposable {
  readonly #ports: LeasedModelPorts;
  #prepaid: number;
  #closed = false;
  /** When calls were made that no task paid for, within the last minute. */
  #calls: Instant[] = [];

  constructor(ports: LeasedModelPorts) {
    this.#ports = ports;
    this.#prepaid = ports.prepaid;
  }

  get name(): string {
    return this.#ports.model.name;
  }

  async ask(
    request: ModelRequest,
    signal: AbortSignal,
    onText?: (piece: string) => void,
  ): Promise<ModelReply> {
    const { model, clock, arbitrator, resource, learn, keep } = this.#ports;
    if (this.#closed) throw new Error('This run has ended; its model is not called any more.');
    const startedAt = clock.wallClock();
    const isPaid = this.#prepaid > 0;
    if (isPaid) {
      this.#prepaid -= 1;
    } else {
      const wait = this.#wait(startedAt);
      if (wait > 0) return tooOften(model.name, wait);
      this.#calls = [...this.#calls.filter((at) => at > startedAt - minute), startedAt];
      await keep(arbitrator.take(resource, startedAt));
    }
    try {
      const reply = await model.ask(request, signal, onText);
      if (reply.limits !== undefined) await keep(arbitrator.told(resource, reply.limits, clock.wallClock()));
      const answer = answerOf(reply, startedAt);
      if (answer !== undefined) await learn(answer);
      return reply;
    } finally {
      if (!isPaid) arbitrator.give(resource, clock.wallClock());
    }
  }

  /** No call is made from now on. */
  [Symbol.dispose](): void {
    this.#closed = true;
  }

  /** How long a call that no task paid for has to wait; 0 when it may be made. */
  #wait(now: Instant): Milliseconds {
    const { arbitrator, resource, resources } = this.#ports;
    const known = resources().get(resource);
    if (known === undefined) return 0;
    const lack = arbitrator.lackOf(resource, [], now);
    if (lack !== null) return (lack.until ?? now + minute) - now;
    if (known.kind !== 'rate' || !arbitrator.isAwaited(resource)) return 0;
    const most = Math.max(1, quarter * 60 * refillOf(known, arbitrator.bucketAt(resource, now)));
    const recent = this.#calls.filter((at) => at > now - minute);
    const [first] = recent;
    return recent.length < most || first === undefined ? 0 : first + minute - now;
  }
}

function answerOf(reply: ModelReply, startedAt: Instant): Answer | undefined {
  if (reply.kind === 'answered') return { kind: 'ok' };
  switch (reply.failure) {
    case 'rate-limited':
      return { kind: 'limited', startedAt, retryAfter: reply.retryAfter };
    case 'unavailable':
    case 'timeout':
      return { kind: 'failing' };
    case 'unauthorized':
    case 'quota':
    case 'no-consent':
    case 'refused':
      return undefined;
  }
}

function tooOften(name: string, retryAfter: Milliseconds): ModelReply {
  return {
    kind: 'failed',
    failure: 'rate-limited',
    message: `${name} is called as often as it may be.`,
    retryAfter,
  };
}
