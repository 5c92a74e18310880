/** The agents that are there without any setting. */
import type { AgentId, Milliseconds } from '../core/model.ts';
import type { AgentDescription } from '../core/ports.ts';
import type { CommandDefinition } from './commandDefinition.ts';
import type { SimulatedDefinition } from './simulatedAgent.ts';

/** What all definitions share; see `AgentRegistry.configure`. */
export interface AgentDefaults {
  readonly defaultTimeout: Milliseconds;
  /** Bytes of output kept from the beginning of each run. */
  readonly outputLimit: number;
}

/** How often a failing agent runs: one that may be repeated without harm three times, others once. */
export function defaultAttempts(idempotent: boolean): number {
  return idempotent ? 3 : 1;
}

function typedCommand(
  about: Pick<AgentDescription, 'label' | 'detail' | 'idempotent' | 'writes'> & { readonly id: string },
  { defaultTimeout, outputLimit }: AgentDefaults,
): CommandDefinition {
  return {
    description: {
      ...about,
      id: about.id as AgentId,
      simulated: false,
      needsTrust: true,
      takesCommand: true,
      // What a person typed has its answer the first time: a check that fails would fail again.
      maxAttempts: 1,
      timeout: defaultTimeout,
    },
    argv: null,
    prompt: 'stdin',
    cwd: '.',
    env: {},
    outputLimit,
  };
}

export function builtInCommands(defaults: AgentDefaults): readonly CommandDefinition[] {
  return [
    typedCommand(
      {
        id: 'command',
        label: 'Command line',
        detail: 'Runs a program you type. It may change files, so one at a time runs in each folder.',
        idempotent: false,
        writes: true,
      },
      defaults,
    ),
    typedCommand(
      {
        id: 'check',
        label: 'Read-only command',
        detail:
          'Runs a program that changes nothing in the folder: beside others, and again after an interruption.',
        idempotent: true,
        writes: false,
      },
      defaults,
    ),
  ];
}

export const builtInSimulation: SimulatedDefinition = {
  description: {
    id: 'simulated' as AgentId,
    label: 'Simulated worker',
    detail: 'Only passes 2 to 5 seconds. Its results are made up.',
    simulated: true,
    needsTrust: false,
    idempotent: true,
    writes: false,
    takesCommand: false,
    maxAttempts: defaultAttempts(true),
    timeout: 60_000,
  },
  duration: [2_000, 5_000],
  failureRate: 0,
};

export const builtInIds: ReadonlySet<string> = new Set(['command', 'check', 'prompt', 'simulated']);
