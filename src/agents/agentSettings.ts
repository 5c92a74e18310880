/**
 * The setting `podium.agents`: an object from id to definition. What is in it was written by hand and may come from a
 * folder; each definition is taken whole or, with the reasons, not at all.
 */
import path from 'node:path';
import type { AgentId } from '../core/model.ts';
import type { AgentDescription } from '../core/ports.ts';
import { builtInIds, defaultAttempts } from './builtInAgents.ts';
import type { AgentDefaults } from './builtInAgents.ts';
import { promptDeliveries } from './commandDefinition.ts';
import type { CommandDefinition } from './commandDefinition.ts';
import { isFields, SettingsReader } from './settingsReader.ts';
import type { SimulatedDefinition } from './simulatedAgent.ts';

export interface AgentSettings {
  readonly commands: readonly CommandDefinition[];
  readonly simulations: readonly SimulatedDefinition[];
  /** One sentence for each thing that is wrong, naming agent and field. */
  readonly problems: readonly string[];
}

const idPattern = /^[A-Za-z0-9][\w.-]{0,63}$/;
const agentLimit = 200;
const longestTimeout = 86_400;
const mostAttempts = 20;
const commandFields = [
  ...['type', 'label', 'detail', 'command', 'prompt', 'cwd', 'env'],
  ...['timeoutSeconds', 'idempotent', 'writes', 'maxAttempts', 'resources'],
];
const simulatedFields = [
  'type',
  'label',
  'detail',
  'durationSeconds',
  'failureRate',
  'timeoutSeconds',
  'maxAttempts',
  'resources',
];

/** @param value the setting as the user wrote it */
export function parseAgentSettings(value: unknown, defaults: AgentDefaults): AgentSettings {
  const commands: CommandDefinition[] = [];
  const simulations: SimulatedDefinition[] = [];
  const problems: string[] = [];
  if (value === undefined || value === null) return { commands, simulations, problems };
  if (!isFields(value)) {
    problems.push('podium.agents must be an object with one entry for each agent.');
    return { commands, simulations, problems };
  }
  const entries = Object.entries(value);
  if (entries.length > agentLimit)
    problems.push(`podium.agents has ${entries.length} agents; ${agentLimit} are read.`);
  for (const [id, fields] of entries.slice(0, agentLimit)) {
    const name = `podium.agents: "${id.slice(0, 64)}"`;
    if (!idPattern.test(id)) {
      problems.push(`${name} is no name: use letters, digits, ".", "_" and "-", at most 64.`);
    } else if (builtInIds.has(id)) {
      problems.push(`${name} is the name of an agent that is built in: choose another.`);
    } else if (!isFields(fields)) {
      problems.push(`${name} must be an object.`);
    } else {
      const reader = new SettingsReader(fields, name);
      const type = reader.choice('type', ['command', 'simulated']) ?? 'command';
      const simulation = type === 'simulated' ? readSimulated(id, reader) : undefined;
      const command = type === 'command' ? readCommand(id, reader, defaults) : undefined;
      problems.push(...reader.problems);
      if (reader.problems.length > 0) continue;
      if (simulation !== undefined) simulations.push(simulation);
      if (command !== undefined) commands.push(command);
    }
  }
  return { commands, simulations, problems };
}

function readCommand(
  id: string,
  reader: SettingsReader,
  defaults: AgentDefaults,
): CommandDefinition | undefined {
  reader.refuseOthers(commandFields);
  const argv = reader.command('command');
  const idempotent = reader.flag('idempotent') ?? false;
  const timeout = reader.number('timeoutSeconds', 1, longestTimeout);
  const cwd = reader.text('cwd') ?? '.';
  // Links are followed, and checked, when a task runs.
  if (path.isAbsolute(cwd) || path.win32.isAbsolute(cwd) || /^\.\.(?:[\\/]|$)/.test(path.normalize(cwd)))
    reader.wrong('cwd', 'relative to the workspace folder and inside it');
  const description = {
    id: id as AgentId,
    label: reader.text('label') ?? id,
    detail: reader.text('detail') ?? argv?.join(' ').slice(0, 200) ?? '',
    simulated: false,
    needsTrust: true,
    idempotent,
    // A program that does not say is taken to write: one at a time for each folder.
    writes: reader.flag('writes') ?? true,
    takesCommand: false,
    maxAttempts: reader.count('maxAttempts', 1, mostAttempts) ?? defaultAttempts(idempotent),
    timeout: timeout === undefined ? defaults.defaultTimeout : timeout * 1000,
    ...demandsOf(reader),
  };
  const prompt = reader.choice('prompt', promptDeliveries) ?? 'stdin';
  const env = reader.environment('env') ?? {};
  return argv === undefined
    ? undefined
    : { description, argv, prompt, cwd, env, outputLimit: defaults.outputLimit };
}

function readSimulated(id: string, reader: SettingsReader): SimulatedDefinition {
  reader.refuseOthers(simulatedFields);
  const [shortest, longest] = reader.range('durationSeconds', 0, longestTimeout) ?? [2, 5];
  const timeout =
    reader.number('timeoutSeconds', 1, longestTimeout) ?? Math.min(longestTimeout, longest + 60);
  return {
    description: {
      id: id as AgentId,
      label: reader.text('label') ?? id,
      detail: reader.text('detail') ?? 'Only passes time. Its results are made up.',
      simulated: true,
      needsTrust: false,
      idempotent: true,
      writes: false,
      takesCommand: false,
      maxAttempts: reader.count('maxAttempts', 1, mostAttempts) ?? defaultAttempts(true),
      timeout: timeout * 1000,
      ...demandsOf(reader),
    },
    duration: [shortest * 1000, longest * 1000],
    failureRate: reader.number('failureRate', 0, 1) ?? 0,
  };
}

/** What each run uses of shared resources. Whether they exist is known when a task is added. */
function demandsOf(reader: SettingsReader): Pick<AgentDescription, 'resources'> {
  const amounts = reader.amounts('resources');
  if (amounts === undefined) return {};
  return { resources: Object.entries(amounts).map(([resource, amount]) => ({ resource, amount })) };
}
