/** An agent whose every run does what its test says, in virtual time, and which remembers what ran when. */
import type { AgentId, Launch, Milliseconds, Task } from '../../src/core/model.ts';
import type {
  Agent,
  AgentDescription,
  AgentOutcome,
  AgentRun,
  Agents,
  Clock,
  Recovered,
} from '../../src/core/ports.ts';

export interface Performance {
  readonly title: string;
  readonly claim: number;
  readonly attempt: number;
  readonly from: Milliseconds;
  to: Milliseconds | null;
}

export type Script = (task: Task, run: AgentRun, signal: AbortSignal) => Promise<AgentOutcome>;

export const completed: AgentOutcome = { kind: 'completed', result: 'done' };

/** A failure worth another attempt. */
export const failed: AgentOutcome = {
  kind: 'failed',
  error: { code: 'exit', message: 'Exit code 1.' },
  retryable: true,
};

/** Resolves after `milliseconds`, or at once when the signal aborts. */
export async function pass(clock: Clock, milliseconds: Milliseconds, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const end = (): void => resolve(undefined);
  using _timer = clock.setTimer(milliseconds, end);
  signal.addEventListener('abort', end, { once: true });
  await promise;
}

export class ScriptedAgent implements Agent {
  readonly description: AgentDescription;
  readonly performances: Performance[] = [];
  /** What is left of interrupted runs. */
  left: (task: Task, launch: Launch) => Recovered | Promise<Recovered> = () => ({ kind: 'ended' });
  readonly #clock: Clock;
  script: Script;

  constructor(clock: Clock, script: Script, over: Partial<AgentDescription> = {}) {
    this.#clock = clock;
    this.script = script;
    this.description = {
      id: 'scripted' as AgentId,
      label: 'Scripted',
      detail: '',
      simulated: true,
      needsTrust: false,
      idempotent: true,
      writes: false,
      takesCommand: false,
      maxAttempts: 3,
      timeout: 3_600_000,
      ...over,
    };
  }

  async run(run: AgentRun, signal: AbortSignal): Promise<AgentOutcome> {
    const { title, claim, attempt } = run.task;
    const performance: Performance = { title, claim, attempt, from: this.#clock.monotonic(), to: null };
    this.performances.push(performance);
    const outcome = await this.script(run.task, run, signal);
    performance.to = this.#clock.monotonic();
    return outcome;
  }

  async recover(task: Task, launch: Launch): Promise<Recovered> {
    return await this.left(task, launch);
  }

  /** Titles in the order they started. */
  get order(): readonly string[] {
    return this.performances.map((performance) => performance.title);
  }

  /** The most that ran at one time. */
  get peak(): number {
    let peak = 0;
    for (const one of this.performances) {
      const beside = this.performances.filter(
        (other) => other.from <= one.from && (other.to ?? Infinity) > one.from,
      );
      peak = Math.max(peak, beside.length);
    }
    return peak;
  }
}

export function agentsOf(...agents: readonly Agent[]): Agents {
  const byId = new Map(agents.map((agent) => [agent.description.id, agent]));
  return { get: (id) => byId.get(id), list: () => agents.map((agent) => agent.description) };
}
