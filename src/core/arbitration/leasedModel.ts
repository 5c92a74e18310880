/**
 * The only way to a model: a handle that owns what its calls may use. A task's handle has been paid for with its
 * claim; the one of the background judging takes what is left over, and at most a quarter of it while tasks wait for
 * the same model. What is taken is taken when a request is sent; an adapter sends none without the permit of an open
 * call, so a handle that was closed calls nothing.
 */
import { PodiumError } from '../errors.ts';
import type { Instant, Milliseconds } from '../model.ts';
import { quotaRest, tooLate } from '../models.ts';
import type { Model, ModelHandle, ModelReply, ModelRequest, Permit } from '../models.ts';
import type { Clock } from '../ports.ts';
import { tokensOf } from '../priority/spend.ts';
import type { Answer } from './answers.ts';
import type { Arbitrator } from './arbitrator.ts';
import type { Bucket } from './bucket.ts';
import { refillOf } from './bucket.ts';
import { signatureOf } from './requirements.ts';
import { modelResource, tokenResource } from './resource.ts';
import type { Resources } from './resource.ts';

export interface LeasedModelPorts {
  readonly model: Model;
  /** Requests that are paid for. */
  readonly prepaid: number;
  readonly arbitrator: Arbitrator;
  readonly clock: Clock;
  readonly resources: () => Resources;
  readonly keep: (buckets: ReadonlyMap<string, Bucket>) => Promise<void>;
  /** A person wants to know whether it answers: it is called whatever was learned of it before. */
  readonly isTrial?: boolean;
  /** Told what each call that was sent says of the model. */
  readonly learn: (answer: Answer) => Promise<void>;
}

const minute: Milliseconds = 60_000;
/** What is not a task's may have this part of the rate while tasks wait. */
const quarter = 0.25;

export class LeasedModel implements ModelHandle, Disposable {
  readonly #ports: LeasedModelPorts;
  readonly #resource: string;
  readonly #tokenResource: string;
  #prepaid: number;
  #closed = false;
  /** What requests that were paid for have used. */
  #sent = 0;
  #tokens = 0;
  /** What the last call has used, as a guess of the next. */
  #usual = 0;
  /** When requests were sent that no task paid for, within the last minute. */
  #calls: Instant[] = [];

  constructor(ports: LeasedModelPorts) {
    this.#ports = ports;
    this.#prepaid = ports.prepaid;
    this.#resource = modelResource(ports.model);
    this.#tokenResource = tokenResource(ports.model);
  }

  get name(): string {
    return this.#ports.model.name;
  }

  /** What was really used of what a task has paid for, by resource. */
  get used(): Readonly<Record<string, number>> {
    return this.#ports.prepaid === 0
      ? {}
      : { [this.#resource]: this.#sent, [this.#tokenResource]: this.#tokens };
  }

  readonly ask = async (
    request: ModelRequest,
    signal: AbortSignal,
    onText?: (piece: string) => void,
  ): Promise<ModelReply> => {
    const { model, clock, arbitrator, learn, keep } = this.#ports;
    const startedAt = clock.wallClock();
    if (!this.#closed && this.#prepaid <= 0 && this.#ports.isTrial !== true) {
      const wait = this.#wait(startedAt);
      if (wait > 0) return tooOften(model.name, wait);
    }
    const call = { taken: 0, sent: 0, isOver: false };
    const end = async (answer: Answer | undefined): Promise<void> => {
      if (call.isOver) return;
      call.isOver = true;
      if (answer !== undefined && call.sent > 0) await learn(answer);
    };
    const aborted = (): void => {
      // One that took too long says that the other side does not answer; one that nobody wants any more says nothing.
      void end(signal.reason === tooLate ? { kind: 'failing', retryAfter: null } : undefined);
    };
    signal.addEventListener('abort', aborted, { once: true });
    try {
      const reply = await model.ask({ ...request, permit: this.#permit(call) }, signal, onText);
      const tokens = reply.kind === 'answered' ? tokensOf(reply.usage, request.messages, reply.text) : 0;
      const { requests, tokens: ofTokens } = reply.limits ?? {};
      const now = clock.wallClock();
      if (requests !== undefined) await keep(arbitrator.told(this.#resource, requests, now, 1));
      if (tokens > 0) await this.#count(tokens, call.taken > 0);
      if (ofTokens !== undefined) await keep(arbitrator.told(this.#tokenResource, ofTokens, now, tokens));
      await end(answerOf(reply, startedAt));
      return reply;
    } finally {
      call.isOver = true;
      signal.removeEventListener('abort', aborted);
      for (let count = 0; count < call.taken; count += 1)
        await keep(arbitrator.give(this.#resource, clock.wallClock()));
    }
  };

  /** Nothing is sent from now on. */
  [Symbol.dispose](): void {
    this.#closed = true;
  }

  #permit(call: { taken: number; sent: number; readonly isOver: boolean }): Permit {
    const { clock, arbitrator, keep } = this.#ports;
    return {
      send: async () => {
        if (this.#closed || call.isOver)
          throw new PodiumError('no-permit', 'This call is over; nothing more is sent for it.');
        call.sent += 1;
        if (this.#prepaid > 0) {
          this.#prepaid -= 1;
          this.#sent += 1;
          return;
        }
        call.taken += 1;
        const now = clock.wallClock();
        this.#calls = [...this.#calls.filter((at) => at > now - minute), now];
        await keep(arbitrator.take(this.#resource, now));
      },
    };
  }

  async #count(tokens: number, isTaken: boolean): Promise<void> {
    const { arbitrator, clock, keep } = this.#ports;
    this.#usual = tokens;
    if (isTaken) await keep(arbitrator.give('', clock.wallClock(), { [this.#tokenResource]: tokens }));
    else this.#tokens += tokens;
  }

  /** How long a call that no task paid for has to wait; 0 when it may be made. */
  #wait(now: Instant): Milliseconds {
    const { arbitrator, resources } = this.#ports;
    const known = resources().get(this.#resource);
    if (known === undefined) return 0;
    const tokens = Math.min(this.#usual, resources().get(this.#tokenResource)?.capacity ?? 0);
    const wanted = [
      { resource: this.#resource, amount: 1 },
      ...(tokens > 0 ? [{ resource: this.#tokenResource, amount: tokens }] : []),
    ];
    const lack = arbitrator.lackOf(signatureOf(wanted), [], now);
    if (lack !== null) return Math.max(1, (lack.until ?? now + minute) - now);
    if (known.kind !== 'rate' || !arbitrator.isAwaited(this.#resource)) return 0;
    const most = Math.max(1, quarter * 60 * refillOf(known, arbitrator.bucketAt(this.#resource, now)));
    const recent = this.#calls.filter((at) => at > now - minute);
    const [first] = recent;
    return recent.length < most || first === undefined ? 0 : first + minute - now;
  }
}

function answerOf(reply: ModelReply, startedAt: Instant): Answer | undefined {
  if (reply.kind === 'answered') return { kind: 'ok' };
  const { failure, retryAfter } = reply;
  switch (failure) {
    case 'rate-limited':
      return { kind: 'limited', startedAt, retryAfter };
    case 'quota':
      return { kind: 'limited', startedAt, retryAfter: retryAfter ?? quotaRest };
    case 'unavailable':
    case 'timeout':
      return { kind: 'failing', retryAfter };
    case 'unauthorized':
    case 'no-consent':
    case 'refused':
    case 'no-model':
      return undefined;
  }
}

function tooOften(name: string, retryAfter: Milliseconds): ModelReply {
  return {
    kind: 'failed',
    failure: 'rate-limited',
    message: `${name} is called as often as it may be.`,
    retryAfter,
    notSent: true,
  };
}
