/** The agents of the house by id: those that are built in and those of the settings. */
import { noPrices } from '../core/money.ts';
import type { Prices } from '../core/money.ts';
import type { AgentId } from '../core/model.ts';
import type { Models } from '../core/models.ts';
import type { Agent, AgentDescription, Agents, Chance } from '../core/ports.ts';
import { parseAgentSettings } from './agentSettings.ts';
import { builtInCommands, builtInSimulation } from './builtInAgents.ts';
import type { AgentDefaults } from './builtInAgents.ts';
import { CommandAgent } from './commandAgent.ts';
import type { CommandAgentPorts } from './commandAgent.ts';
import { PromptAgent, promptDefinition } from './promptAgent.ts';
import { SimulatedAgent } from './simulatedAgent.ts';

export interface AgentConfiguration extends AgentDefaults {
  /** The setting `podium.agents` as the user wrote it. */
  readonly agents: unknown;
  /** Of the working model; not known when absent. */
  readonly prices?: Prices;
}

export interface RegistryPorts extends CommandAgentPorts {
  readonly chance: Chance;
  readonly models: Pick<Models, 'working'>;
}

export class AgentRegistry implements Agents {
  readonly #ports: RegistryPorts;
  #agents: ReadonlyMap<AgentId, Agent> = new Map();

  /** Empty until it is configured. */
  constructor(ports: RegistryPorts) {
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
      new PromptAgent(
        promptDefinition(configuration.defaultTimeout, configuration.outputLimit),
        this.#ports.models,
        () => configuration.prices ?? noPrices,
      ),
      ...[...simulations, builtInSimulation].map((one) => new SimulatedAgent(one, this.#ports)),
    ];
    this.#agents = new Map(agents.map((agent) => [agent.description.id, agent]));
    return problems;
  }

  get(id: AgentId): Agent | undefined {
    return this.#agents.get(id);
  }

  /** The agents that can be used now: without a working model there are no prompts. */
  list(): readonly AgentDescription[] {
    const prompts = this.#ports.models.working() !== null;
    const offered = [...this.#agents.values()].filter((agent) => prompts || !(agent instanceof PromptAgent));
    return offered.map((agent) => agent.description);
  }
}
