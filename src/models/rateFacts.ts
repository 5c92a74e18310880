/**
 * What an endpoint says of its limits in the headers of its answers: `x-ratelimit-*` (OpenAI and those like it),
 * `anthropic-ratelimit-*`, and `ratelimit-*` of the drafts of the IETF. Pure; headers are untrusted.
 */
import type { Instant, Milliseconds } from '../core/model.ts';
import type { ModelLimits, RateFacts } from '../core/models.ts';

type Header = (name: string) => string | null;

const units: Readonly<Record<string, Milliseconds>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** @param now wall-clock, for dates @returns undefined when they say nothing */
export function rateFactsOf(header: Header, now: Instant): ModelLimits | undefined {
  const requests = first(header, now, [
    ['x-ratelimit-limit-requests', 'x-ratelimit-remaining-requests', 'x-ratelimit-reset-requests'],
    [
      'anthropic-ratelimit-requests-limit',
      'anthropic-ratelimit-requests-remaining',
      'anthropic-ratelimit-requests-reset',
    ],
    ['ratelimit-limit', 'ratelimit-remaining', 'ratelimit-reset'],
  ]);
  const tokens = first(header, now, [
    ['x-ratelimit-limit-tokens', 'x-ratelimit-remaining-tokens', 'x-ratelimit-reset-tokens'],
    [
      'anthropic-ratelimit-tokens-limit',
      'anthropic-ratelimit-tokens-remaining',
      'anthropic-ratelimit-tokens-reset',
    ],
  ]);
  if (requests === undefined && tokens === undefined) return undefined;
  return { ...(requests === undefined ? {} : { requests }), ...(tokens === undefined ? {} : { tokens }) };
}

/** The first family of headers that says how much is left. */
function first(
  header: Header,
  now: Instant,
  families: readonly (readonly [limit: string, remaining: string, reset: string])[],
): RateFacts | undefined {
  for (const [limit, remaining, reset] of families) {
    const left = amountIn(header(remaining));
    if (left !== null)
      return { limit: amountIn(header(limit)), remaining: left, reset: durationIn(header(reset), now) };
  }
  return undefined;
}

function amountIn(text: string | null): number | null {
  // A limit may be followed by how it is counted: `100, 100;w=60`.
  const number = /^\s*(\d{1,12}(?:\.\d+)?)\s*(?:[,;]|$)/.exec(text ?? '')?.[1];
  return number === undefined ? null : Number(number);
}

/** Seconds, `1m30.5s`, or a date. */
export function durationIn(text: string | null, now: Instant): Milliseconds | null {
  const trimmed = text?.trim() ?? '';
  if (/^\d{1,9}(\.\d+)?$/.test(trimmed)) return Math.ceil(Number(trimmed) * 1_000);
  if (/^(\d{1,9}(\.\d+)?(ms|s|m|h|d))+$/.test(trimmed)) {
    let sum = 0;
    for (const [, number, , unit] of trimmed.matchAll(/(\d+(\.\d+)?)(ms|s|m|h|d)/g))
      sum += Number(number) * (units[unit ?? ''] ?? 0);
    return Math.ceil(sum);
  }
  const at = /^\d{4}-\d\d-\d\dT/.test(trimmed) ? Date.parse(trimmed) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
