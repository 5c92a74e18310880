/**
 * How a program speaks of shared resources. What it has used in all, it says once, at its end:
 *
 *     podium: used google_search_api 3
 *
 * That it calls something outside too often it says best by a line of its own,
 *
 *     podium: rate-limited google_search_api 30
 *
 * with the resource and, if it knows, the seconds to wait; both may be left out. A program that ends with exit code 75
 * and speaks of a rate limit in its last lines, as common command-line agents do, is understood as well.
 */
import { stripVTControlCharacters } from 'node:util';
import type { RateLimit } from '../core/ports.ts';

const own = /^podium: rate-limited(?: ([\w.:-]{1,100}))?(?: (\d{1,6}(?:\.\d+)?))?$/m;
const usage = /^podium: used ([\w.:-]{1,100}) (\d{1,9}(?:\.\d+)?)$/gm;
const spoken = /rate.?limit|too many requests|\b429\b|usage limit reached|overloaded/i;
const wait = /(?:retry|try again|wait)[^\n\d]{0,20}(\d{1,6}) ?s(?:ec|econds?)?\b/i;
/** Characters at the end in which such words count. */
const lastWords = 2_000;

/** What the last line of each resource says; nothing when there is none. */
export function usedIn(tail: string): { readonly used?: Readonly<Record<string, number>> } {
  const said = [...plainText(tail).matchAll(usage)].map(([, name = '', amount]) => [name, Number(amount)]);
  return said.length === 0 ? {} : { used: Object.fromEntries(said) as Record<string, number> };
}

/** @param temporary it asked to be run again later */
export function rateLimitIn(tail: string, temporary: boolean): RateLimit | undefined {
  const text = plainText(tail);
  const line = own.exec(text);
  if (line !== null) {
    const [, resource = null, seconds] = line;
    // A number alone is a time.
    if (resource !== null && seconds === undefined && /^\d+(?:\.\d+)?$/.test(resource))
      return { resource: null, retryAfter: Number(resource) * 1_000 };
    return { resource, retryAfter: seconds === undefined ? null : Number(seconds) * 1_000 };
  }
  const end = text.slice(-lastWords);
  if (!temporary || !spoken.test(end)) return undefined;
  const [, seconds] = wait.exec(end) ?? [];
  return { resource: null, retryAfter: seconds === undefined ? null : Number(seconds) * 1_000 };
}

function plainText(tail: string): string {
  return stripVTControlCharacters(tail).replaceAll('\r', '');
}
