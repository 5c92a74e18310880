/**
 * The settings as the house uses them. Whatever the editor hands over is parsed and clamped, and every repair is told
 * in a sentence; nothing in a settings file can stop Podium. Pure.
 */
import type { Sharing } from '../../core/arbitration/fairShare.ts';
import type { Prices } from '../../core/money.ts';
import { defaultFuses } from '../../core/fuses/fuseSettings.ts';
import type { FuseSettings } from '../../core/fuses/fuseSettings.ts';
import type { HistorySettings } from '../../core/history/history.ts';
import type { Milliseconds } from '../../core/model.ts';
import { defaultRetryPolicy } from '../../core/workers/retryPolicy.ts';
import { clipped } from '../present/words.ts';
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
  readonly model: ModelSettings;
  readonly fuses: FuseSettings;
  /** As the user wrote them. */
  readonly resources: unknown;
  /** Part of rates and budgets that this window may have. */
  readonly windowShare: number;
  readonly synonyms: readonly Synonym[];
}

/** A word or phrase of the user's own that means what another one means. */
export interface Synonym {
  readonly word: string;
  readonly means: string;
}

export const providers = ['none', 'endpoint', 'editor'] as const;

/** Which models there are, and how much they may be used. */
export interface ModelSettings {
  readonly provider: (typeof providers)[number];
  /** Address of the endpoint, as the user wrote it. */
  readonly baseUrl: string;
  /** Names of models; empty for none. The editor's are `vendor/family`. */
  readonly scoring: string;
  readonly working: string;
  /** Longest wait for a judgement. */
  readonly timeout: Milliseconds;
  /** Tokens a day for judgements; 0 for no limit. */
  readonly dailyTokens: number;
  /** Of the working model. */
  readonly prices: Prices;
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
  'model.timeoutSeconds': { default: 60, minimum: 5, maximum: 600, integer: true },
  'model.dailyTokens': { default: 200_000, minimum: 0, maximum: 100_000_000, integer: true },
  'model.inputPrice': { default: 0, minimum: 0, maximum: 100_000, integer: false },
  'model.outputPrice': { default: 0, minimum: 0, maximum: 100_000, integer: false },
  'fuses.depth': { default: defaultFuses.depth, minimum: 1, maximum: 20, integer: true },
  'fuses.children': { default: defaultFuses.children, minimum: 0, maximum: 1_000, integer: true },
  'fuses.treeTasks': { default: defaultFuses.treeTasks, minimum: 0, maximum: 10_000, integer: true },
  'fuses.treeTokens': { default: defaultFuses.treeTokens, minimum: 0, maximum: 1_000_000_000, integer: true },
  'fuses.treeCost': { default: 0, minimum: 0, maximum: 1_000_000, integer: false },
  'fuses.treeHours': { default: 8, minimum: 0, maximum: 10_000, integer: false },
  'fuses.pendingTasks': { default: defaultFuses.pending, minimum: 0, maximum: 10_000, integer: true },
  'fuses.creationsPerMinute': { default: defaultFuses.creations, minimum: 0, maximum: 10_000, integer: true },
  'fuses.starts': { default: defaultFuses.antiLoop, minimum: 0, maximum: 10_000, integer: true },
  'fuses.startsWindowMinutes': { default: 5, minimum: 0.1, maximum: 1_440, integer: false },
  'fuses.reentries': { default: defaultFuses.reentries, minimum: 0, maximum: 20, integer: true },
  'fuses.reproduction': { default: defaultFuses.reproduction, minimum: 0, maximum: 1_000, integer: true },
  'fuses.failuresInARow': { default: defaultFuses.failures, minimum: 0, maximum: 1_000, integer: true },
  'fuses.dailyTokens': {
    default: defaultFuses.dailyTokens,
    minimum: 0,
    maximum: 1_000_000_000,
    integer: true,
  },
  'fuses.dailyCost': { default: 0, minimum: 0, maximum: 1_000_000, integer: false },
  'approval.fromDepth': { default: defaultFuses.approvalDepth, minimum: 0, maximum: 20, integer: true },
  windowShare: { default: 1, minimum: 0.01, maximum: 1, integer: false },
  'sharing.weight': { default: 1, minimum: 0.1, maximum: 10, integer: false },
  'sharing.concurrency': { default: 0, minimum: 0, maximum: 64, integer: true },
  'history.keepFinished': { default: 1_000, minimum: 0, maximum: 100_000, integer: true },
  'history.archiveDays': { default: 0, minimum: 0, maximum: 36_500, integer: true },
  'history.logDays': { default: 30, minimum: 0, maximum: 36_500, integer: true },
  'history.logMegabytes': { default: 1_000, minimum: 1, maximum: 1_000_000, integer: true },
} as const satisfies Readonly<Record<string, NumberRule>>;
export type NumberSetting = keyof typeof numberRules;

/** The texts among the settings, and what counts when nothing is set; the manifest says the same. */
export const textDefaults = {
  'model.provider': 'none',
  'model.baseUrl': 'https://api.openai.com/v1',
  'model.scoring': '',
  'model.working': '',
} as const;
export type TextSetting = keyof typeof textDefaults;

/** Keys under `podium.`, and a value of anything for each. */
export type RawSettings = Readonly<
  Record<NumberSetting | TextSetting | 'agents' | 'synonyms' | 'resources' | 'approval.writes', unknown>
>;

export const settingKeys: readonly (keyof RawSettings)[] = [
  ...(Object.keys(numberRules) as NumberSetting[]),
  ...(Object.keys(textDefaults) as TextSetting[]),
  'agents',
  'synonyms',
  'resources',
  'approval.writes',
];

const second = 1_000;
const megabyte = 1024 * 1024;
const million = 1_000_000;

export function parseSettings(raw: RawSettings): ParsedSettings {
  const problems: string[] = [];
  const number = (key: NumberSetting): number => readNumber(key, raw[key], problems);
  const text = (key: TextSetting): string => readText(key, raw[key], problems);
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
    model: {
      provider: readProvider(raw['model.provider'], problems),
      baseUrl: text('model.baseUrl'),
      scoring: text('model.scoring'),
      working: text('model.working'),
      timeout: number('model.timeoutSeconds') * second,
      dailyTokens: number('model.dailyTokens'),
      prices: { input: number('model.inputPrice'), output: number('model.outputPrice') },
    },
    fuses: readFuses(number, raw['approval.writes'] === true),
    resources: raw.resources,
    windowShare: number('windowShare'),
    synonyms: readSynonyms(raw.synonyms, problems),
  };
  return { settings, problems };
}

/** The settings of one folder. @param raw its values of `sharing.weight` and `sharing.concurrency` */
export function parseSharing(raw: Pick<RawSettings, 'sharing.weight' | 'sharing.concurrency'>): Sharing {
  const number = (key: keyof typeof raw): number => readNumber(key, raw[key], []);
  return { weight: number('sharing.weight'), concurrency: number('sharing.concurrency') };
}

function readFuses(number: (key: NumberSetting) => number, approveWrites: boolean): FuseSettings {
  return {
    depth: number('fuses.depth'),
    children: number('fuses.children'),
    treeTasks: number('fuses.treeTasks'),
    treeTokens: number('fuses.treeTokens'),
    treeCostMicros: Math.round(number('fuses.treeCost') * million),
    treeTime: number('fuses.treeHours') * 3_600 * second,
    pending: number('fuses.pendingTasks'),
    creations: number('fuses.creationsPerMinute'),
    antiLoop: number('fuses.starts'),
    antiLoopWindow: number('fuses.startsWindowMinutes') * 60 * second,
    reentries: number('fuses.reentries'),
    reproduction: number('fuses.reproduction'),
    failures: number('fuses.failuresInARow'),
    dailyTokens: number('fuses.dailyTokens'),
    dailyCostMicros: Math.round(number('fuses.dailyCost') * million),
    approvalDepth: number('approval.fromDepth'),
    approveWrites,
  };
}

function readSynonyms(value: unknown, problems: string[]): readonly Synonym[] {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) {
    problems.push('podium.synonyms must be an object from a word to what it means; it is left out.');
    return [];
  }
  return Object.entries(value).flatMap(([word, means]: [string, unknown]) => {
    if (typeof means === 'string' && word.trim() !== '' && means.trim() !== '')
      return [{ word: word.trim(), means: means.trim() }];
    problems.push(`podium.synonyms: "${clipped(word, 40)}" must mean a word or phrase; it is left out.`);
    return [];
  });
}

function readText(key: TextSetting, value: unknown, problems: string[]): string {
  if (value === undefined || value === null) return textDefaults[key];
  if (typeof value === 'string') return value.trim();
  problems.push(`podium.${key} must be a text; its default is used.`);
  return textDefaults[key];
}

function readProvider(value: unknown, problems: string[]): ModelSettings['provider'] {
  const provider = readText('model.provider', value, problems);
  const known = providers.find((one) => one === provider);
  if (known === undefined) problems.push(`podium.model.provider must be one of ${providers.join(', ')}.`);
  return known ?? 'none';
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
