/**
 * The settings as the house uses them. Whatever the editor hands over is parsed and clamped, and every repair is told
 * in a sentence; nothing in a settings file can stop Podium. Pure.
 */
import type { HistorySettings } from '../../core/history/history.ts';
import type { Milliseconds } from '../../core/model.ts';
import { defaultRetryPolicy } from '../../core/workers/retryPolicy.ts';
import type { RetryPolicy } from '../../core/workers/retryPolicy.ts';

export interface PodiumSettings {
  readonly workers: number;
  /** As the user wrote them: the agents themselves know what makes sense. */
  readonly agents: unknown;
  readonly defaultTimeout: Milliseconds;
  readonly retry: RetryPolicy;
  /** Bytes of output kept of each run. */
  readonly outputLimit: number;
  readonly history: HistorySettings;
}

export interface ParsedSettings {
  readonly settings: PodiumSettings;
  /** What was wrong, one sentence each; empty when all is well. */
  readonly problems: readonly string[];
}

interface NumberRule {
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly integer: boolean;
}

/** The numbers among the settings, in the units of the settings file; the manifest says the same. */
export const numberRules = {
  workers: { default: 10, minimum: 1, maximum: 64, integer: true },
  defaultTimeoutMinutes: { default: 30, minimum: 0.1, maximum: 1_440, integer: false },
  'retry.baseDelaySeconds': { default: 2, minimum: 0.1, maximum: 300, integer: false },
  outputLimitMegabytes: { default: 10, minimum: 1, maximum: 1_024, integer: false },
  'history.keepFinished': { default: 1_000, minimum: 0, maximum: 100_000, integer: true },
  'history.archiveDays': { default: 0, minimum: 0, maximum: 36_500, integer: true },
  'history.logDays': { default: 30, minimum: 0, maximum: 36_500, integer: true },
  'history.logMegabytes': { default: 1_000, minimum: 1, maximum: 1_000_000, integer: true },
} as const satisfies Readonly<Record<string, NumberRule>>;
export type NumberSetting = keyof typeof numberRules;

/** Keys under `podium.`, and a value of anything for each. */
export type RawSettings = Readonly<Record<NumberSetting | 'agents', unknown>>;

export const settingKeys: readonly (keyof RawSettings)[] = [
  ...(Object.keys(numberRules) as NumberSetting[]),
  'agents',
];

const second = 1_000;
const megabyte = 1024 * 1024;

export function parseSettings(raw: RawSettings): ParsedSettings {
  const problems: string[] = [];
  const number = (key: NumberSetting): number => readNumber(key, raw[key], problems);
  const settings: PodiumSettings = {
    workers: number('workers'),
    agents: raw.agents,
    defaultTimeout: number('defaultTimeoutMinutes') * 60 * second,
    retry: { ...defaultRetryPolicy, baseDelay: number('retry.baseDelaySeconds') * second },
    outputLimit: Math.round(number('outputLimitMegabytes') * megabyte),
    history: {
      keepFinished: number('history.keepFinished'),
      archiveDays: number('history.archiveDays'),
      logDays: number('history.logDays'),
      logBytes: number('history.logMegabytes') * megabyte,
    },
  };
  return { settings, problems };
}

function readNumber(key: NumberSetting, value: unknown, problems: string[]): number {
  const rule: NumberRule = numberRules[key];
  if (value === undefined || value === null) return rule.default;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    problems.push(`podium.${key} must be a number; its default, ${rule.default}, is used.`);
    return rule.default;
  }
  const { minimum, maximum, integer } = rule;
  const used = Math.min(maximum, Math.max(minimum, integer ? Math.round(value) : value));
  if (used !== value) {
    const kind = integer ? 'a whole number' : 'a number';
    problems.push(`podium.${key} must be ${kind} from ${minimum} to ${maximum}; ${used} is used.`);
  }
  return used;
}
