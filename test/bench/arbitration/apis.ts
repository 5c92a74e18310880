/**
 * Three interfaces of others, as they are on their side: a bucket each, a limit for any second, and a refusal for what
 * is too much. In the time of the clock they are given.
 */
import type { Milliseconds } from '../../../src/core/model.ts';
import type { FakeClock } from '../../support/fakeClock.ts';
import { pass } from '../../support/scriptedAgent.ts';

export const apiNames = ['google_search_api', 'twitter_api', 'news_api'] as const;
export type ApiName = (typeof apiNames)[number];

export interface Quota {
  readonly capacity: number;
  readonly perSecond: number;
  /** Calls within any second. */
  readonly spike: number;
}

export const quotas: Readonly<Record<ApiName, Quota>> = {
  google_search_api: { capacity: 100, perSecond: 1, spike: 5 },
  twitter_api: { capacity: 50, perSecond: 0.5, spike: 3 },
  news_api: { capacity: 100, perSecond: 1, spike: 5 },
};

/** Calls of a research task, one after the other. */
export const researchCalls: readonly ApiName[] = [
  ...['google_search_api', 'google_search_api', 'google_search_api'],
  ...['twitter_api', 'twitter_api', 'news_api', 'news_api'],
] as readonly ApiName[];
const service: Milliseconds = 150;
const second: Milliseconds = 1_000;

export type Reply = { readonly ok: true } | { readonly ok: false; readonly retryAfter: Milliseconds | null };

export interface ApisOptions {
  readonly clock: FakeClock;
  /** Whether a refusal says how long to wait. */
  readonly saysWhen: boolean;
  /** Between these moments there is half of everything. */
  readonly halved?: readonly [from: Milliseconds, to: Milliseconds];
}

export class Apis {
  readonly calls: { readonly at: Milliseconds; readonly ok: boolean }[] = [];
  readonly #options: ApisOptions;
  readonly #began: Milliseconds;
  readonly #state: Record<ApiName, { level: number; at: Milliseconds; recent: Milliseconds[] }>;

  constructor(options: ApisOptions) {
    this.#options = options;
    this.#began = options.clock.monotonic();
    const full = (name: ApiName): { level: number; at: number; recent: number[] } => ({
      level: quotas[name].capacity,
      at: this.#began,
      recent: [],
    });
    this.#state = {
      google_search_api: full('google_search_api'),
      twitter_api: full('twitter_api'),
      news_api: full('news_api'),
    };
  }

  async call(name: ApiName, signal: AbortSignal): Promise<Reply> {
    const { clock } = this.#options;
    const reply = this.#serve(name, clock.monotonic());
    this.calls.push({ at: clock.monotonic() - this.#began, ok: reply.ok });
    await pass(clock, service, signal);
    return reply;
  }

  /** Refused calls from a moment on, in per cent of all. */
  refusedShare(from: Milliseconds): number {
    const since = this.calls.filter(({ at }) => at >= from);
    return since.length === 0 ? 0 : (100 * since.filter(({ ok }) => !ok).length) / since.length;
  }

  #serve(name: ApiName, now: Milliseconds): Reply {
    const state = this.#state[name];
    const { capacity, perSecond, spike } = quotas[name];
    const { halved, saysWhen } = this.#options;
    const isHalved = halved !== undefined && now - this.#began >= halved[0] && now - this.#began < halved[1];
    const part = isHalved ? 0.5 : 1;
    const refill = perSecond * part;
    state.level = Math.min(capacity * part, state.level + ((now - state.at) / second) * refill);
    state.at = now;
    state.recent = state.recent.filter((at) => at > now - second);
    const [first] = state.recent;
    if (state.recent.length >= spike && first !== undefined)
      return { ok: false, retryAfter: saysWhen ? first + second - now : null };
    if (state.level < 1 - 1e-9)
      return { ok: false, retryAfter: saysWhen ? Math.ceil(((1 - state.level) / refill) * second) : null };
    state.level -= 1;
    state.recent.push(now);
    return { ok: true };
  }
}
