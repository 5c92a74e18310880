/** The agents of the house by id: those that are built in and those of the settings. */
import type { AgentId } from '../core/model.ts';
import type { Agent, AgentDescription, Agents, Chance } from '../core/ports.ts';
import { parseAgentSettings } from './agentSettings.ts';
import { builtInCommands, builtInSimulation } from './builtInAgents.ts';
import type { AgentDefaults } from './builtInAgents.ts';
import { CommandAgent } from './commandAgent.ts';
import type { CommandAgentPorts } from './commandAgent.ts';
import { SimulatedAgent } from './simulatedAgent.ts';

export interface AgentConfiguration extends AgentDefaults {
  /** The setting `podium.agents` as the user wrote it. */
  readonly agents: unknown;
}

export class AgentRegistry implements Agents {
  readonly #ports: CommandAgentPorts & { readonly chance: Chance };
  #agents: ReadonlyMap<AgentId, Agent> = new Map();

  /** Empty until it is configured. */
  constructor(ports: CommandAgentPorts & { readonly chance: Chance }) {
    this.#ports = ports;
  }

  /**
   * Replaces all agents; runs that have begun go on as they are.
   * @returns what is wrong with the setting, one sentence each; everything else of it counts
   */
  configure(configuration: AgentConfiguration): readonly string[] {
    const { commands, simulations, problems } = parseAgentSettings(configuration.agents, configuration);
    const agents = [
      ...[...builtInCommands(configuration), ...commands].map((one) => new CommandAgent(one, this.#ports)),
      ...[...simulations, builtInSimulation].map((one) => new SimulatedAgent(one, this.#ports)),
    ];
    this.#agents = new Map(agents.map((agent) => [agent.description.id, agent]));
    return problems;
  }

  get(id: AgentId): Agent | undefined {
    return this.#agents.get(id);
  }

  list(): readonly AgentDescription[] {
    return [...this.#agents.values()].map((agent) => agent.description);
  }
}
