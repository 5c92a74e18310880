/** The words every screen shares: durations, times of day, counts and lists. Pure. */
import type { Instant, Milliseconds } from '../../core/model.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Closer than this a moment is counted down, further away it is named by the clock. */
const countdownWithin = 10 * minute;

/** `12 s`, `3 min 05 s`, `2 h 07 min`, `3 d 4 h`; below a second `0 s`. A negative span counts as none. */
export function durationText(span: Milliseconds): string {
  const whole = Math.max(0, Math.floor(span / second));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min ${pad(whole % 60)} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${pad(minutes % 60)} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/**
 * A span that still grows, cut down to steps that grow with it: a row that is drawn again loses its tooltip, so it is
 * not drawn again for every second.
 */
export function growingText(span: Milliseconds): string {
  return durationText(Math.floor(span / stepOf(span)) * stepOf(span));
}

/** The same for a span that shrinks; it ends in single seconds. */
function shrinkingText(span: Milliseconds): string {
  return durationText(Math.ceil(span / stepOf(span)) * stepOf(span));
}

function stepOf(span: Milliseconds): Milliseconds {
  if (span <= 5 * second) return second;
  if (span <= minute) return 5 * second;
  return span <= 10 * minute ? 15 * second : minute;
}

/** Coarser, for ears: it changes once a minute, so that a focused row is not read out every second. */
export function spokenDuration(span: Milliseconds): string {
  if (span < minute) return 'less than a minute';
  if (span < hour) return counted(Math.floor(span / minute), 'minute');
  if (span < day) return counted(Math.floor(span / hour), 'hour');
  return counted(Math.floor(span / day), 'day');
}

/** `03:30`, on another day `24 Nov 03:30`; in the time zone of the machine. */
export function clockText(at: Instant, now: Instant): string {
  const date = new Date(at);
  const time = `${pad(date.getHours())}:${pad(date.getMinutes())}`;
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.getDate()} ${months[date.getMonth()] ?? ''} ${time}`;
}

/** `in 15 s` when it is near, otherwise the time of day. */
export function momentText(at: Instant, now: Instant): string {
  return at - now <= countdownWithin ? `in ${shrinkingText(at - now)}` : clockText(at, now);
}

/** `1,000,000`, wherever the machine stands. */
export function amountText(amount: number): string {
  return amount.toLocaleString('en-US');
}

/** `1.20`. @param micros millionths of the currency the price list is in */
export function moneyText(micros: number): string {
  return (micros / 1e6).toFixed(2);
}

/** `1 task`, `3 tasks`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count} ${count === 1 ? noun : plural}`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(parts: readonly string[], joint = 'and'): string {
  const last = parts.at(-1) ?? '';
  return parts.length < 2 ? last : `${parts.slice(0, -1).join(', ')} ${joint} ${last}`;
}

/** One line of at most `limit` characters; never cuts a character in two. */
export function clipped(text: string, limit: number): string {
  // Only as much as can be shown is looked at: the text may be a hundred kilobytes.
  const line = text
    .slice(0, limit * 4)
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  const characters = Array.from(line);
  if (characters.length <= limit && text.length <= limit * 4) return line;
  return `${characters
    .slice(0, limit - 1)
    .join('')
    .trimEnd()}…`;
}

/** `1st`, `2nd`, `3rd`, `11th`. */
export function ordinal(position: number): string {
  const teen = position % 100 >= 11 && position % 100 <= 13;
  const suffix = teen ? 'th' : (['th', 'st', 'nd', 'rd'][position % 10] ?? 'th');
  return `${position}${suffix}`;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
