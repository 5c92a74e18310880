/** What an answer that is an error means. Pure. */
import type { Instant, Milliseconds } from '../core/model.ts';
import type { ModelFailure, ModelReply } from '../core/models.ts';

export interface ErrorAnswer {
  /** HTTP status. */
  readonly status: number;
  /** The endpoint's own code, e.g. `insufficient_quota`; empty when it gave none. */
  readonly code: string;
  /** In the endpoint's words; untrusted. */
  readonly message: string;
  readonly header: (name: string) => string | null;
}

export type Failed = Extract<ModelReply, { kind: 'failed' }>;

/** Longest part of an endpoint's message that is passed on. */
const messageLimit = 200;

/** @param now wall-clock, for dates in headers */
export function failedOf(error: ErrorAnswer, host: string, now: Instant): Failed {
  const failure = failureOf(error);
  return {
    kind: 'failed',
    failure,
    message: sentence(failure, error, host),
    retryAfter: retryAfter(error.header, now),
  };
}

function failureOf({ status, code }: ErrorAnswer): ModelFailure {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 408 || status === 504) return 'timeout';
  if (status === 402) return 'quota';
  if (status === 404 || /model[_-]?not[_-]?found|(?:invalid|unknown|no)[_-]?(?:such[_-]?)?model/i.test(code))
    return 'no-model';
  if (status === 429) return /quota|billing|credit/i.test(code) ? 'quota' : 'rate-limited';
  return status >= 500 ? 'unavailable' : 'refused';
}

function sentence(failure: ModelFailure, { status, message }: ErrorAnswer, host: string): string {
  const said = message.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  const quote = said === '' ? '' : `: ${said.slice(0, messageLimit)}`;
  switch (failure) {
    case 'unauthorized':
      // What endpoints say here repeats parts of the key.
      return `${host} does not accept the API key (HTTP ${status}).`;
    case 'rate-limited':
      return `${host} asks for fewer calls (HTTP 429).`;
    case 'quota':
      return `The quota at ${host} is used up (HTTP ${status}).`;
    case 'timeout':
      return `${host} did not answer in time (HTTP ${status}).`;
    case 'no-model':
      return `${host} has no such model, or the address is another (HTTP ${status})${quote}`;
    case 'unavailable':
      return `${host} has a problem (HTTP ${status})${quote}`;
    default:
      return `${host} refused the request (HTTP ${status})${quote}`;
  }
}

/** `retry-after-ms`, or `retry-after` in seconds or as a date; null without one that makes sense. */
export function retryAfter(header: ErrorAnswer['header'], now: Instant): Milliseconds | null {
  const milliseconds = numberIn(header('retry-after-ms'));
  if (milliseconds !== null) return milliseconds;
  const text = header('retry-after');
  const seconds = numberIn(text);
  if (seconds !== null) return seconds * 1_000;
  // Only a date in words: the parser of dates makes one of almost anything else.
  const at = text !== null && /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}

function numberIn(text: string | null): number | null {
  if (text === null || text.trim() === '') return null;
  const number = Number(text);
  return Number.isFinite(number) && number >= 0 ? number : null;
}
