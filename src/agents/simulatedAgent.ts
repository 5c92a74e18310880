/** A worker that only passes time: for trying out the queue without programs. It never pretends otherwise. */
import type { Milliseconds } from '../core/model.ts';
import { createAll, playOf } from './simulatedPlay.ts';
import type {
  Agent,
  AgentDescription,
  AgentOutcome,
  AgentRun,
  Chance,
  Clock,
  Recovered,
} from '../core/ports.ts';

export interface SimulatedDefinition {
  readonly description: AgentDescription;
  /** Shortest and longest run; equal for a fixed length. */
  readonly duration: readonly [Milliseconds, Milliseconds];
  /** Share of runs that fail, 0 to 1. */
  readonly failureRate: number;
}

export class SimulatedAgent implements Agent {
  readonly description: AgentDescription;
  readonly #definition: SimulatedDefinition;
  readonly #clock: Clock;
  readonly #chance: Chance;

  constructor(definition: SimulatedDefinition, ports: { readonly clock: Clock; readonly chance: Chance }) {
    this.description = definition.description;
    this.#definition = definition;
    this.#clock = ports.clock;
    this.#chance = ports.chance;
  }

  async run(run: AgentRun, signal: AbortSignal): Promise<AgentOutcome> {
    const { duration, failureRate } = this.#definition;
    const play = playOf(run.task.description);
    const [shortest, longest] =
      play?.seconds === undefined ? duration : [play.seconds * 1_000, play.seconds * 1_000];
    const length = Math.round(shortest + this.#chance.random() * (longest - shortest));
    const fails = play?.fails ?? this.#chance.random() < failureRate;
    const refusals = play === undefined ? [] : await createAll(run, play);
    const elapsed = await this.#pass(length, signal);
    if (signal.aborted) return failed('cancelled', `Stopped after ${seconds(elapsed)} (simulated).`);
    if (fails) return failed('simulated', `Failed after ${seconds(length)} (simulated).`);
    if (play?.asks !== undefined) return { kind: 'needs_input', question: `${play.asks} (simulated)` };
    const told = refusals.map((refusal) => `\nRefused: ${refusal}`).join('');
    return { kind: 'completed', result: `“${run.task.title}” took ${seconds(length)} (simulated).${told}` };
  }

  /** Nothing of it outlives its host. */
  recover(): Promise<Recovered> {
    return Promise.resolve({ kind: 'ended' });
  }

  /** @returns how much of `length` has passed when the time is over or the signal aborts */
  async #pass(length: Milliseconds, signal: AbortSignal): Promise<Milliseconds> {
    const began = this.#clock.monotonic();
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const end = (): void => resolve(undefined);
    using _timer = this.#clock.setTimer(signal.aborted ? 0 : length, end);
    signal.addEventListener('abort', end, { once: true });
    await promise;
    signal.removeEventListener('abort', end);
    return this.#clock.monotonic() - began;
  }
}

function failed(code: string, message: string): AgentOutcome {
  return { kind: 'failed', error: { code, message }, retryable: true };
}

function seconds(milliseconds: Milliseconds): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
