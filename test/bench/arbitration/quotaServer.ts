/** A model server on this machine that enforces a quota: so many calls at once, and so many a second. In real time. */
import type { Milliseconds } from '../../../src/core/model.ts';
import { ModelServer } from '../../support/modelServer.ts';
import type { ServerAnswer } from '../../support/modelServer.ts';

export const quota = { capacity: 20, perSecond: 10 };
/** How long an answer takes. */
const service: Milliseconds = 50;

export type Words =
  /** A refusal says how long to wait. */
  | 'when'
  /** Every answer tells how many calls are left. */
  | 'how many'
  /** Nothing but 429. */
  | 'nothing';

export class QuotaServer implements AsyncDisposable {
  served = 0;
  refused = 0;
  readonly #words: Words;
  readonly #server: ModelServer;
  #level = quota.capacity;
  #at = performance.now();

  private constructor(server: ModelServer, words: Words) {
    this.#server = server;
    this.#words = words;
    server.script = { latency: service, answer: () => this.#answer() };
  }

  static async start(words: Words): Promise<QuotaServer> {
    return new QuotaServer(await ModelServer.start({ answer: () => '' }), words);
  }

  get url(): string {
    return this.#server.url;
  }

  /** In per cent of all calls. */
  get refusedShare(): number {
    return (100 * this.refused) / (this.served + this.refused);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server[Symbol.asyncDispose]();
  }

  #answer(): ServerAnswer {
    const now = performance.now();
    const back = ((now - this.#at) / 1_000) * quota.perSecond;
    this.#level = Math.min(quota.capacity, this.#level + back);
    this.#at = now;
    const isServed = this.#level >= 1;
    if (isServed) this.#level -= 1;
    const headers = this.#headers();
    if (isServed) {
      this.served += 1;
      return { kind: 'text', text: 'Done.', headers };
    }
    this.refused += 1;
    return { kind: 'status', status: 429, code: 'rate_limit_exceeded', headers };
  }

  #headers(): Readonly<Record<string, string>> {
    const untilNext = Math.max(0, (1 - this.#level) / quota.perSecond);
    if (this.#words === 'nothing') return {};
    if (this.#words === 'when') return { 'retry-after': untilNext.toFixed(3) };
    return {
      'retry-after': untilNext.toFixed(3),
      'x-ratelimit-limit-requests': String(quota.capacity),
      'x-ratelimit-remaining-requests': String(Math.floor(this.#level)),
      'x-ratelimit-reset-requests': `${((quota.capacity - this.#level) / quota.perSecond).toFixed(3)}s`,
    };
  }
}
