/**
 * The settings as the house uses them. Whatever the editor hands over is parsed, clamped or left out, and every
 * repair is told in a sentence; nothing in a settings file can stop Podium. Pure.
 */
import type { Milliseconds } from '../../core/model.ts';
import { listed } from '../present/words.ts';

export type PromptDelivery = 'stdin' | 'argument' | 'none';
const deliveries: readonly PromptDelivery[] = ['stdin', 'argument', 'none'];

/** A program as an agent, as the user describes it. */
export interface AgentSetting {
  readonly id: string;
  readonly label: string;
  /** Program and arguments; no shell sees them. */
  readonly command: readonly string[];
  readonly prompt: PromptDelivery;
  /** Relative to the workspace folder; undefined for the folder itself. */
  readonly cwd: string | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Undefined for the default of the house; so is `maxAttempts`. */
  readonly timeout: Milliseconds | undefined;
  readonly idempotent: boolean;
  readonly writes: boolean;
  readonly maxAttempts: number | undefined;
}

export interface PodiumSettings {
  readonly workers: number;
  readonly agents: readonly AgentSetting[];
  readonly defaultTimeout: Milliseconds;
  readonly retry: { readonly maxAttempts: number; readonly baseDelay: Milliseconds };
  /** Bytes of output kept for each run. */
  readonly outputLimit: number;
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
  'retry.maxAttempts': { default: 3, minimum: 1, maximum: 20, integer: true },
  'retry.baseDelaySeconds': { default: 2, minimum: 0.1, maximum: 3_600, integer: false },
  outputLimitMegabytes: { default: 10, minimum: 1, maximum: 1_024, integer: false },
} as const satisfies Readonly<Record<string, NumberRule>>;
export type NumberSetting = keyof typeof numberRules;

/** The same for the numbers of one agent. */
export const agentNumberRules = {
  timeoutSeconds: { minimum: 1, maximum: 86_400, integer: false },
  maxAttempts: { minimum: 1, maximum: 20, integer: true },
} as const satisfies Readonly<Record<string, Omit<NumberRule, 'default'>>>;

/** Keys under `podium.`, and a value of anything for each. */
export type RawSettings = Readonly<Record<NumberSetting | 'agents', unknown>>;

export const settingKeys: readonly (keyof RawSettings)[] = [
  ...(Object.keys(numberRules) as NumberSetting[]),
  'agents',
];

const agentId = /^[A-Za-z0-9][\w.-]{0,63}$/;
const second = 1_000;

export function parseSettings(raw: RawSettings): ParsedSettings {
  const problems: string[] = [];
  const number = (key: NumberSetting): number => {
    const rule: NumberRule = numberRules[key];
    return readNumber(raw[key], rule, `podium.${key}`, problems) ?? rule.default;
  };
  const settings: PodiumSettings = {
    workers: number('workers'),
    defaultTimeout: number('defaultTimeoutMinutes') * 60 * second,
    retry: {
      maxAttempts: number('retry.maxAttempts'),
      baseDelay: number('retry.baseDelaySeconds') * second,
    },
    outputLimit: Math.round(number('outputLimitMegabytes') * 1024 * 1024),
    agents: readAgents(raw.agents, problems),
  };
  return { settings, problems };
}

function readNumber(
  value: unknown,
  { minimum, maximum, integer }: Omit<NumberRule, 'default'>,
  name: string,
  problems: string[],
): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    problems.push(`${name} must be a number; its default is used.`);
    return undefined;
  }
  const used = Math.min(maximum, Math.max(minimum, integer ? Math.round(value) : value));
  if (used !== value) {
    const kind = integer ? 'a whole number' : 'a number';
    problems.push(`${name} must be ${kind} from ${minimum} to ${maximum}; ${used} is used.`);
  }
  return used;
}

function readAgents(value: unknown, problems: string[]): readonly AgentSetting[] {
  if (value === undefined || value === null) return [];
  if (!isRecord(value)) {
    problems.push('podium.agents must be an object with one entry for each agent; it is ignored.');
    return [];
  }
  return Object.entries(value)
    .map(([id, definition]) => readAgent(id, definition, problems))
    .filter((agent) => agent !== undefined);
}

function readAgent(id: string, value: unknown, problems: string[]): AgentSetting | undefined {
  const name = `podium.agents: "${id.slice(0, 64)}"`;
  if (!agentId.test(id)) {
    problems.push(`${name} is left out: a name has letters, digits, ".", "_" and "-", at most 64.`);
    return undefined;
  }
  if (!isRecord(value)) {
    problems.push(`${name} is left out: it must be an object.`);
    return undefined;
  }
  const command = readCommand(value.command);
  if (command === undefined) {
    problems.push(`${name} is left out: "command" must list a program and its arguments as strings.`);
    return undefined;
  }
  const read = new AgentReader(value, name, problems);
  return {
    id,
    label: read.text('label') ?? id,
    command,
    prompt: read.choice('prompt', deliveries) ?? 'stdin',
    cwd: read.text('cwd'),
    env: read.environment(),
    timeout: inMilliseconds(read.number('timeoutSeconds')),
    idempotent: read.flag('idempotent') ?? false,
    // A program that does not say is taken to write: one at a time for each folder.
    writes: read.flag('writes') ?? true,
    maxAttempts: read.number('maxAttempts'),
  };
}

function inMilliseconds(seconds: number | undefined): Milliseconds | undefined {
  return seconds === undefined ? undefined : seconds * second;
}

/** Reads the optional fields of one agent; a bad one counts as absent and is reported. */
class AgentReader {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #name: string;
  readonly #problems: string[];

  constructor(value: Readonly<Record<string, unknown>>, name: string, problems: string[]) {
    this.#value = value;
    this.#name = name;
    this.#problems = problems;
  }

  text(key: string): string | undefined {
    const text = this.#read(key, (value) => typeof value === 'string', 'a string');
    return text === '' ? undefined : text;
  }

  flag(key: string): boolean | undefined {
    return this.#read(key, (value) => typeof value === 'boolean', 'true or false');
  }

  choice<T extends string>(key: string, known: readonly T[]): T | undefined {
    const isKnown = (value: unknown): value is T => known.some((one) => one === value);
    return this.#read(key, isKnown, listed(known, 'or'));
  }

  number(key: keyof typeof agentNumberRules): number | undefined {
    return readNumber(this.#value[key], agentNumberRules[key], `${this.#name}: "${key}"`, this.#problems);
  }

  environment(): Readonly<Record<string, string>> {
    const isEnvironment = (value: unknown): value is Readonly<Record<string, string>> =>
      isRecord(value) && Object.values(value).every((text) => typeof text === 'string');
    return this.#read('env', isEnvironment, 'an object of strings') ?? {};
  }

  #read<T>(key: string, is: (value: unknown) => value is T, wanted: string): T | undefined {
    const value = this.#value[key];
    if (value === undefined || is(value)) return value;
    this.#problems.push(`${this.#name}: "${key}" must be ${wanted}; it is ignored.`);
    return undefined;
  }
}

function readCommand(value: unknown): readonly string[] | undefined {
  if (!Array.isArray(value) || !value.every((part) => typeof part === 'string')) return undefined;
  const [program = ''] = value;
  return program.trim() === '' || value.some((part) => part.includes('\0')) ? undefined : value;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
