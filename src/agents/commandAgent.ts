/** Any program as an agent: argument vector, working directory inside the workspace, exit code for an answer. */
import { namesShared } from '../core/arbitration/requirements.ts';
import { messageOf, PodiumError } from '../core/errors.ts';
import type { Launch, Milliseconds, Task } from '../core/model.ts';
import type {
  Agent,
  AgentDescription,
  AgentOutcome,
  AgentRun,
  Clock,
  Log,
  Recovered,
} from '../core/ports.ts';
import { environmentOf, invocationOf, workingDirectory } from './commandDefinition.ts';
import type { CommandDefinition } from './commandDefinition.ts';
import { outcomeOf } from './commandOutcome.ts';
import type { EndFacts } from './commandOutcome.ts';
import { endLeftovers } from './commandRecovery.ts';
import { Outbox } from './outbox.ts';
import { defaultGrace } from './processGroup.ts';
import { findProgram } from './programLookup.ts';
import { supervise } from './supervisorClient.ts';
import type { SupervisedEnd } from './supervisorClient.ts';
import type { SupervisorConfig } from './supervisorProtocol.ts';

export interface CommandAgentPorts {
  readonly clock: Clock;
  /** Absolute path of the supervisor program. */
  readonly supervisor: string;
  readonly log?: Log;
  /** Milliseconds a program has to end when it is asked to; default 2,500. */
  readonly grace?: Milliseconds;
}

/** No room, by any of its names. */
const fullDisk: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
const drainRetry: Milliseconds = 1_000;

export class CommandAgent implements Agent {
  readonly description: AgentDescription;
  readonly #definition: CommandDefinition;
  readonly #ports: CommandAgentPorts;
  readonly #grace: Milliseconds;

  constructor(definition: CommandDefinition, ports: CommandAgentPorts) {
    this.description = definition.description;
    this.#definition = definition;
    this.#ports = ports;
    this.#grace = ports.grace ?? defaultGrace;
  }

  async run(run: AgentRun, signal: AbortSignal): Promise<AgentOutcome> {
    const config = await this.#configure(run);
    if ('kind' in config) return config;
    if (signal.aborted) return failed('cancelled', 'It was cancelled before it started.');
    const outbox = new Outbox(run.runDirectory, (request) => run.createSubTask(request));
    await outbox.prepare();
    const end = await this.#perform(config, run, outbox, signal);
    if (end.kind === 'refused') return failed('fenced', 'The run was taken over before its program started.');
    await this.#drain(outbox, run.task, signal);
    if (end.kind === 'ended') return outcomeOf(end.record, this.description, this.#facts(run.task));
    const error = fullDisk.has(end.code)
      ? {
          code: 'disk-full',
          message: 'The disk is full: what the program prints and how it ends cannot be kept.',
        }
      : {
          code: 'supervisor-lost',
          message:
            `The process that watched over the program went away, so the program was ended. ${end.message}`.trim(),
        };
    const retryable = this.description.idempotent;
    return { kind: 'failed', error, retryable, temporary: retryable };
  }

  async recover(task: Task, launch: Launch, run: Pick<AgentRun, 'createSubTask'>): Promise<Recovered> {
    const record = await endLeftovers(launch, this.#grace);
    // A program that was ended, by whatever hand, did not finish: that is an interruption, not a result.
    if (record?.end !== 'exited' && record?.end !== 'not-started') return { kind: 'ended' };
    await new Outbox(launch.runDirectory, (request) => run.createSubTask(request)).drain();
    return { kind: 'finished', outcome: outcomeOf(record, this.description, this.#facts(task)) };
  }

  #facts({ signature }: Task): EndFacts {
    return { isSharing: namesShared(signature), now: this.#ports.clock.wallClock() };
  }

  /** @returns what to start, or why nothing can be started */
  async #configure(run: AgentRun): Promise<SupervisorConfig | Extract<AgentOutcome, { kind: 'failed' }>> {
    const { task, folder, runDirectory } = run;
    const directory = await workingDirectory(folder, this.#definition.cwd);
    if (directory.kind === 'refused') return failed(directory.code, directory.message);
    const { argv, prompt } = invocationOf(this.#definition, task, folder);
    const env = environmentOf(this.#definition, task, runDirectory);
    const lookup = findProgram(argv, directory.path, env);
    if (lookup.kind === 'refused') return failed(lookup.code, lookup.message);
    const { outputLimit } = this.#definition;
    return {
      ...lookup.program,
      runDirectory,
      cwd: directory.path,
      env,
      prompt,
      outputLimit,
      grace: this.#grace,
    };
  }

  async #perform(
    config: SupervisorConfig,
    run: AgentRun,
    outbox: Outbox,
    signal: AbortSignal,
  ): Promise<SupervisedEnd> {
    let told = '';
    using _following = outbox.follow(this.#ports.clock, (message) => {
      if (message !== told) this.#warn(run.task, message);
      told = message;
    });
    return await supervise(config, this.#ports, (program) => run.started(program), signal);
  }

  /** Answers what the program asked for last, unless it was ended. While the store cannot, the run is not over. */
  async #drain(outbox: Outbox, task: Task, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await outbox.drain();
        return;
      } catch (thrown) {
        this.#warn(task, messageOf(thrown));
        const code = thrown instanceof PodiumError ? thrown.code : undefined;
        // Someone else owns the store, or will: the next owner adopts the exit record and drains the outbox.
        if (code === 'closed' || code === 'read-only') return;
        await this.#pause(drainRetry, signal);
      }
    }
  }

  async #pause(milliseconds: Milliseconds, signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => resolve(undefined);
    using _timer = this.#ports.clock.setTimer(milliseconds, wake);
    signal.addEventListener('abort', wake, { once: true });
    await promise;
    signal.removeEventListener('abort', wake);
  }

  #warn(task: Task, message: string): void {
    this.#ports.log?.write('warn', `Sub-tasks of a run wait to be read: ${message}`, { task: task.id });
  }
}

function failed(code: string, message: string): Extract<AgentOutcome, { kind: 'failed' }> {
  return { kind: 'failed', error: { code, message }, retryable: false, used: 'nothing' };
}
