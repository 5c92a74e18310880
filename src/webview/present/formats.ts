/** Numbers, sizes and moments as the page writes them: in the figures of the reader's language. */
/** Wall-clock milliseconds since 1970. */
type Instant = number;
type Milliseconds = number;

/** Stands for what was not measured. */
export const notMeasured = '-';

export type Unit = 'count' | 'milliseconds' | 'bytes';

export interface Formats {
  /** `12`, `1,234`; at most one decimal. */
  readonly count: (value: number) => string;
  /** `0.4 ms`, `12 ms`, `1.5 s`, `12 s`, `3.2 min`, `1.5 h`: never more than three digits and a unit. */
  readonly duration: (value: Milliseconds) => string;
  /** `512 B`, `1.5 KB`, `12 MB`; a KB is 1,024 bytes. */
  readonly size: (value: number) => string;
  /** `14:03:12`, to the minute `14:03`. */
  readonly time: (at: Instant, seconds: boolean) => string;
  /** `24 Nov, 14:03:12`. */
  readonly moment: (at: Instant) => string;
  /** A value of a unit; what is null was not measured. */
  readonly value: (value: number | null, unit: Unit) => string;
}

/**
 * The first of the reader's languages that numbers can be written in. There are machines whose own is none: in the
 * locale `C` a browser's default is `en-US@posix`, which it refuses itself.
 */
export function localeOf(languages: readonly string[]): string {
  return languages.find(isLocale) ?? 'en';
}

function isLocale(language: string): boolean {
  try {
    return Intl.NumberFormat.supportedLocalesOf(language).length > 0;
  } catch (thrown) {
    if (thrown instanceof RangeError) return false;
    throw thrown;
  }
}

/** @param timeZone undefined for that of the machine */
export function formatsOf(locale: string, timeZone?: string): Formats {
  const decimals = (digits: number): Intl.NumberFormat =>
    new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
  const [whole, tenths, hundredths] = [decimals(0), decimals(1), decimals(2)];
  const zone = timeZone === undefined ? {} : { timeZone };
  const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', ...zone } as const;
  const minutes = new Intl.DateTimeFormat(locale, clock);
  const seconds = new Intl.DateTimeFormat(locale, { ...clock, second: '2-digit' });
  const moments = new Intl.DateTimeFormat(locale, {
    ...clock,
    second: '2-digit',
    day: 'numeric',
    month: 'short',
  });

  /** Three digits at most before the unit, two that count. */
  const short = (value: number): string => {
    const rounded = Math.abs(value) < 1 ? hundredths : Math.abs(value) < 10 ? tenths : whole;
    return rounded.format(value);
  };
  const duration = (value: Milliseconds): string => {
    if (value < 999.5) return `${short(value)} ms`;
    if (value < 59_950) return `${short(value / 1_000)} s`;
    if (value < 3_597_000) return `${short(value / 60_000)} min`;
    return `${short(value / 3_600_000)} h`;
  };
  const size = (value: number): string => {
    const units = ['B', 'KB', 'MB', 'GB'];
    let scaled = value;
    let unit = 0;
    while (scaled >= 999.5 && unit < units.length - 1) {
      scaled /= 1_024;
      unit += 1;
    }
    return `${short(scaled)} ${units[unit] ?? ''}`;
  };
  return {
    count: (value) => tenths.format(value),
    duration,
    size,
    time: (at, withSeconds) => (withSeconds ? seconds : minutes).format(at),
    moment: (at) => moments.format(at),
    value: (value, unit) => {
      if (value === null) return notMeasured;
      switch (unit) {
        case 'count':
          return tenths.format(value);
        case 'milliseconds':
          return duration(value);
        case 'bytes':
          return size(value);
      }
    },
  };
}
