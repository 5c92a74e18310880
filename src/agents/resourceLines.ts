/**
 * How a program speaks of shared resources. What it has used in all, it says once, at its end:
 *
 *     podium: used google_search_api 3
 *
 * That it calls something outside too often it says best by a line of its own,
 *
 *     podium: rate-limited google_search_api 30
 *
 * with the resource and, if it knows, the seconds to wait; both may be left out. What it has cost otherwise it says with
 *
 *     podium: spent tokens 1200
 *     podium: spent cost 0.034
 *
 * Common command-line agents are understood by what they say themselves.
 */
import { stripVTControlCharacters } from 'node:util';
import type { Instant } from '../core/model.ts';
import type { Consumption, RateLimit } from '../core/ports.ts';
import { spokenLimit } from './spokenLimits.ts';

const own =
  /^podium: rate-limited(?: ([\w.:@/-](?:[\w .:@/-]{0,98}?[\w.:@/-])?))?(?: (\d{1,6}(?:\.\d+)?))?$/gm;
const usage = /^podium: used ([\w.:@/-](?:[\w .:@/-]{0,98}?[\w.:@/-])?) (\d{1,9}(?:\.\d+)?)$/gm;
const spending = /^podium: spent (tokens|cost) (\d{1,9}(?:\.\d+)?)$/gm;
const million = 1_000_000;

/** What the last line of each resource says; nothing when there is none. */
export function usedIn(tail: string): { readonly used?: Readonly<Record<string, number>> } {
  const said = [...plainText(tail).matchAll(usage)].map(([, name = '', amount]) => [name, Number(amount)]);
  return said.length === 0 ? {} : { used: Object.fromEntries(said) as Record<string, number> };
}

/** What the last line of each kind says of tokens and money; nothing when there is none. */
export function spentIn(tail: string): Pick<Consumption, 'tokens' | 'costMicros'> {
  const said = new Map(
    [...plainText(tail).matchAll(spending)].map(([, what, amount]) => [what, Number(amount)]),
  );
  const [tokens, cost] = [said.get('tokens'), said.get('cost')];
  return {
    ...(tokens === undefined ? {} : { tokens: Math.round(tokens) }),
    ...(cost === undefined ? {} : { costMicros: Math.round(cost * million) }),
  };
}

/**
 * @param asked whether it asked to be run again later
 * @returns the limit it was told of; undefined when it says nothing of one
 */
export function rateLimitIn(tail: string, asked: boolean, now: Instant): RateLimit | undefined {
  const text = plainText(tail);
  const line = [...text.matchAll(own)].at(-1);
  if (line !== undefined) {
    const [, resource = null, seconds] = line;
    // A number alone is a time.
    if (resource !== null && seconds === undefined && /^\d+(?:\.\d+)?$/.test(resource))
      return { resource: null, retryAfter: Number(resource) * 1_000 };
    return { resource, retryAfter: seconds === undefined ? null : Number(seconds) * 1_000 };
  }
  const retryAfter = spokenLimit(text, asked, now);
  return retryAfter === undefined ? undefined : { resource: null, retryAfter };
}

function plainText(tail: string): string {
  return stripVTControlCharacters(tail).replaceAll('\r', '');
}
