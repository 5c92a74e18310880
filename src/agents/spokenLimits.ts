/**
 * What common command-line agents say in their last lines when their provider tells them to call less often. Each has
 * words of its own, which hardly anything else ends with, so that they count whatever the exit code. Pure.
 */
import type { Instant, Milliseconds } from '../core/model.ts';

/** Characters at the end in which such words count. */
const lastWords = 1_500;
const minute: Milliseconds = 60_000;
const day: Milliseconds = 1_440 * minute;

const signs: readonly RegExp[] = [
  // Claude Code: "You've hit your limit · resets 1pm (Europe/Lisbon)", before that "Claude AI usage limit reached|1751…"
  /you've hit your (?:\w+ ){0,3}limit\b/i,
  /\blimit reached\s*(?:\||[·∙•-]\s*resets)/i,
  /"?type"?:\s*"?rate_limit_error/,
  // Codex: "You've hit your usage limit. … try again in 2 days 17 hours", "exceeded retry limit, last status: 429"
  /exceeded retry limit, last status: 429/i,
  /usage_limit_reached/,
  /rate limit reached for [\w.:/-]+/i,
  // Gemini: the status of its answers.
  /\bRESOURCE_EXHAUSTED\b|resource has been exhausted/i,
];
/** Looser words, for programs that ask for another try. */
const spoken = /rate.?limit|too many requests|\b429\b|usage limit reached|overloaded/i;

const inUnits =
  /(?:retry|try again|wait|reset\w*)[^\n\d]{0,24}((?:\d+(?:\.\d+)? ?(?:days?|d|hours?|h|minutes?|min|m|seconds?|secs?|s)\b[ ,and]*)+)/i;
const units: Readonly<Record<string, Milliseconds>> = { d: day, h: 60 * minute, m: minute, s: 1_000 };

/**
 * @param text what was printed, without colours
 * @param asked whether the program asked for another try, so that looser words count as well
 * @returns how long to wait, null when it does not say, undefined when it says nothing of a limit
 */
export function spokenLimit(text: string, asked: boolean, now: Instant): Milliseconds | null | undefined {
  const end = text.slice(-lastWords);
  if (!signs.some((sign) => sign.test(end)) && !(asked && spoken.test(end))) return undefined;
  return secondsNamed(end) ?? instantNamed(end, now) ?? clockNamed(end, now) ?? unitsNamed(end);
}

function secondsNamed(text: string): Milliseconds | null {
  const [, seconds] = /"resets_in_seconds":\s*(\d{1,7})\b/.exec(text) ?? [];
  return seconds === undefined ? null : Number(seconds) * 1_000;
}

/** "limit reached|1751374800": seconds since 1970. */
function instantNamed(text: string, now: Instant): Milliseconds | null {
  const [, seconds] = /limit reached\|(\d{10})\b/i.exec(text) ?? [];
  return seconds === undefined ? null : Math.max(0, Number(seconds) * 1_000 - now);
}

/** "resets 3:50pm (Asia/Tokyo)": the next such time of day there. */
function clockNamed(text: string, now: Instant): Milliseconds | null {
  const named = /resets (?:at )?(\d{1,2})(?::(\d\d))? ?(am|pm)(?: \(([\w/+-]{1,40})\))?/i.exec(text);
  if (named === null) return null;
  const [, hour, minutes = '0', half, zone] = named;
  const wanted = ((Number(hour) % 12) + (half?.toLowerCase() === 'pm' ? 12 : 0)) * 60 + Number(minutes);
  const there = minuteOfDay(now, zone);
  if (there === null) return null;
  return ((wanted - there + 1_440) % 1_440 || 1_440) * minute;
}

function minuteOfDay(now: Instant, timeZone: string | undefined): number | null {
  try {
    const parts = new Intl.DateTimeFormat('en-GB', {
      hour: 'numeric',
      minute: 'numeric',
      hourCycle: 'h23',
      ...(timeZone === undefined ? {} : { timeZone }),
    }).formatToParts(now);
    const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
    return of('hour') * 60 + of('minute');
  } catch {
    return null; // No zone is called so.
  }
}

/** "try again in 2 days 17 hours 14 minutes", "retry in 34.07s". */
function unitsNamed(text: string): Milliseconds | null {
  const [, amounts] = inUnits.exec(text) ?? [];
  if (amounts === undefined) return null;
  let sum = 0;
  for (const [, number, unit = ''] of amounts.matchAll(/(\d+(?:\.\d+)?) ?([a-z])/gi))
    sum += Number(number) * (units[unit.toLowerCase()] ?? 0);
  return Math.ceil(sum);
}
