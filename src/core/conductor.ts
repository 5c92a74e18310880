/**
 * Chooses, claims, dispatches and settles. A task's way through here: claimed in the store, started on a worker once
 * the claim is on disk, settled under its claim number when its agent is done.
 */
import type { RecoveredTask } from './metrics/snapshot.ts';
import { messageOf, PodiumError } from './errors.ts';
import type { EventHub } from './events.ts';
import type { Instant, Milliseconds, Task, TaskId, WorkspaceId } from './model.ts';
import type {
  Agenda,
  Agent,
  AgentOutcome,
  AgentRun,
  Agents,
  Chance,
  Claim,
  ClaimRef,
  Clock,
  DispatchPolicy,
  Log,
  Places,
  Settlement,
  Store,
} from './ports.ts';
import type { ResourceDesk } from './arbitration/resourceDesk.ts';
import type { RunHandles } from './arbitration/runHandles.ts';
import type { Gate } from './fuses/gate.ts';
import { ending, fateOf, settlementOf } from './settlement.ts';
import { retryDelay } from './workers/retryPolicy.ts';
import type { RetryPolicy } from './workers/retryPolicy.ts';
import type { Run, StopReason, WorkerPool } from './workers/workerPool.ts';

export interface ConductorPorts {
  readonly store: Store;
  readonly agents: Agents;
  readonly gate: Gate;
  readonly pool: WorkerPool;
  readonly policy: DispatchPolicy;
  readonly places: Places;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly events: EventHub;
  readonly log: Log;
  readonly retry: () => RetryPolicy;
  readonly resources: Pick<ResourceDesk, 'handlesFor' | 'ended' | 'adopted' | 'recorded' | 'isHeldBack'>;
  /** Something changed in a workspace: the loop should look at it. */
  readonly wake: (workspaceId: WorkspaceId) => void;
}

/** Waits between two tries to record an outcome that the store did not take: doubling, half a minute at most. */
const settleRetry: RetryPolicy = { baseDelay: 1_000, maxDelay: 30_000 };

export class Conductor {
  readonly #ports: ConductorPorts;
  readonly #stopping = new AbortController();
  #pass: Promise<void> | undefined;
  #again = false;
  #timer: Disposable | undefined;
  /** Runs that were ended because the house closes. */
  readonly #cut: RecoveredTask[] = [];

  constructor(ports: ConductorPorts) {
    this.#ports = ports;
  }

  /** The loop's scan: one pass over everything, then a fresh look at the workspaces that were due. */
  async scan(workspaceIds: readonly WorkspaceId[]): Promise<readonly Agenda[]> {
    await this.pass();
    return await this.#ports.store.reconcile(workspaceIds);
  }

  /** Fills the free workers. Calls during a pass share one further pass. */
  async pass(): Promise<void> {
    if (this.#pass !== undefined) {
      this.#again = true;
      await this.#pass;
      return;
    }
    this.#pass = this.#passes();
    try {
      await this.#pass;
    } finally {
      this.#pass = undefined;
    }
  }

  /**
   * Ends a run and resolves when nothing of it is left and its end is durable.
   * @returns false when the task does not run here
   */
  async stopRun(taskId: TaskId, reason: StopReason): Promise<boolean> {
    await this.#pass?.catch(() => undefined);
    const run = this.#ports.pool.get(taskId);
    if (run === undefined) return false;
    run.stop(reason);
    await run.done;
    return true;
  }

  /**
   * Starts nothing more and ends every run; what was running is interrupted, as by a crash, but tidily.
   * @returns what was cut, as far as that is recorded
   */
  async stop(): Promise<readonly RecoveredTask[]> {
    this.#stopping.abort();
    this.#passAt(null);
    await this.#pass?.catch(() => undefined);
    await this.endRuns();
    return this.#cut;
  }

  /** Ends every run; resolves when nothing of them is left. */
  async endRuns(): Promise<void> {
    const runs = this.#ports.pool.all();
    for (const run of runs) run.stop('shutdown');
    await Promise.all(runs.map((run) => run.done));
  }

  async #passes(): Promise<void> {
    const { store, pool, policy } = this.#ports;
    for (this.#again = true; this.#takeAgain();) {
      if (this.#stopping.signal.aborted || store.role.kind !== 'owner') return;
      const { free } = pool;
      for (const claim of await this.#claims(free)) this.#start(claim);
      this.#passAt(policy.endPass(free > 0));
    }
  }

  async #claims(limit: number): Promise<readonly Claim[]> {
    const { store, pool, policy, clock } = this.#ports;
    try {
      return await store.claimNext(policy, limit, this.#stopping.signal);
    } catch (thrown) {
      if (store.role.kind === 'owner')
        policy.revert(await store.buckets(), (id) => pool.get(id) !== undefined, clock.wallClock());
      throw thrown;
    }
  }

  /** Another pass when something that was not there may be. */
  #passAt(at: Instant | null): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (at === null || this.#stopping.signal.aborted) return;
    const { clock, log } = this.#ports;
    this.#timer = clock.setTimer(Math.max(1, at - clock.wallClock()), () => {
      this.#timer = undefined;
      this.pass().catch((thrown: unknown) => log.write('error', `A pass failed: ${messageOf(thrown)}`));
    });
  }

  #takeAgain(): boolean {
    const again = this.#again;
    this.#again = false;
    return again;
  }

  #start(claim: Claim): void {
    const { task } = claim;
    const { pool, events, clock } = this.#ports;
    const began = clock.monotonic();
    pool.start(task.id, task.claim, async (signal, run) => {
      const handles = this.#ports.resources.handlesFor(task);
      const outcome = await this.#perform(task, signal, run, handles);
      const duration = clock.monotonic() - began;
      await this.#ports.resources.ended(task, outcome, {
        duration,
        stopped: run.stopped,
        sent: handles.used,
      });
      await this.#record(
        task,
        settlementOf(task, outcome, run.stopped, this.#agent(task), {
          ...this.#ports,
          isHeldBack: (limit) => this.#ports.resources.isHeldBack(task, limit),
        }),
        duration,
      );
      this.#ports.resources.recorded();
    });
    const { id: taskId, workspaceId, title, agentId, claim: number, attempt, score } = task;
    const waited = Math.max(0, (task.startedAt ?? claim.readySince) - claim.readySince);
    const about = { taskId, workspaceId, title, agentId };
    events.emit({ type: 'started', ...about, claim: number, attempt, score, waited });
  }

  #agent(task: Task): Agent | undefined {
    return this.#ports.agents.get(task.agentId);
  }

  /** Runs the agent under its time limit. Whatever it throws is a failed attempt. */
  async #perform(task: Task, signal: AbortSignal, run: Run, openHandles: RunHandles): Promise<AgentOutcome> {
    using handles = openHandles;
    const agent = this.#agent(task);
    if (agent === undefined) {
      return {
        kind: 'needs_input',
        question: `The agent "${task.agentId}" is not configured any more. Edit the task or the settings.`,
      };
    }
    const limit = task.timeout ?? agent.description.timeout;
    using _timer = this.#ports.clock.setTimer(limit, () => run.stop('timeout'));
    try {
      return await agent.run(await this.#equip(task, agent, handles), signal);
    } catch (thrown) {
      const code = thrown instanceof PodiumError ? thrown.code : 'agent-error';
      return { kind: 'failed', error: { code, message: messageOf(thrown) }, retryable: true };
    }
  }

  async #equip(task: Task, agent: Agent, handles: RunHandles): Promise<AgentRun> {
    const { places, store } = this.#ports;
    const ref: ClaimRef = { taskId: task.id, claim: task.claim };
    const folder = places.folderOf(task.workspaceId);
    if (folder === undefined)
      throw new PodiumError('unknown-workspace', 'The folder of this task is not open.');
    const runDirectory = await places.makeRunDirectory(ref);
    if (agent.description.needsTrust)
      await store.recordLaunch(ref, { claim: task.claim, runDirectory, process: null });
    return {
      task,
      folder,
      runDirectory,
      results: async () => {
        const needs = await Promise.all(task.needs.map((id) => store.task(id)));
        return needs.flatMap((need) =>
          need?.status === 'completed' ? [{ title: need.title, result: need.result }] : [],
        );
      },
      createSubTask: (request) => this.createSubTask(task, request),
      started: async (process) => {
        await store.recordProcess(ref, process);
      },
      lease: (model) => handles.lease(model),
    };
  }

  /** Passes an agent's wish for a sub-task through the gate and wakes the loop when there is a new one. */
  async createSubTask(
    parent: Task,
    request: Parameters<AgentRun['createSubTask']>[0],
  ): ReturnType<AgentRun['createSubTask']> {
    const admission = await this.#ports.gate.addForAgent(parent, request);
    if (admission.kind === 'added') {
      const agentId = (request.agent ?? parent.agentId) as Task['agentId'];
      const { workspaceId } = parent;
      const { id: taskId, score } = admission;
      this.#ports.events.emit({
        type: 'added',
        by: 'agent',
        taskId,
        workspaceId,
        title: request.title,
        agentId,
        score,
      });
      this.#ports.wake(workspaceId);
    }
    return admission;
  }

  /** Records how a run ended. While the store cannot, the outcome is kept here and tried again; nothing is lost. */
  async #record(task: Task, settlement: Settlement, duration: Milliseconds): Promise<void> {
    const { log, chance } = this.#ports;
    for (let tries = 1; ; tries += 1) {
      try {
        if (await this.settle(task, settlement, duration)) {
          if (settlement.event === 'interrupt' || settlement.event === 'suspend') {
            this.#cut.push({ id: task.id, title: task.title, fate: fateOf(settlement) });
          }
        } else {
          log.write('warn', 'A run reported under an old claim and was ignored.', {
            task: task.id,
            claim: task.claim,
          });
        }
        return;
      } catch (thrown) {
        const code = thrown instanceof PodiumError ? thrown.code : undefined;
        if (code === 'closed' || code === 'read-only' || this.#stopping.signal.aborted) {
          log.write('warn', `The end of a run could not be recorded: ${messageOf(thrown)}`, {
            task: task.id,
          });
          return;
        }
        log.write(
          'error',
          `The end of a run could not be recorded and will be tried again: ${messageOf(thrown)}`,
          { task: task.id },
        );
        await this.#delay(retryDelay(settleRetry, tries, chance.random()));
      }
    }
  }

  async #delay(milliseconds: Milliseconds): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const wake = (): void => resolve(undefined);
    this.#stopping.signal.addEventListener('abort', wake, { once: true });
    using _timer = this.#ports.clock.setTimer(milliseconds, wake);
    await promise;
  }

  /**
   * Ends the claim of a task and tells everyone.
   * @param duration how long the run took
   * @returns false when the claim is not the current one
   */
  async settle(task: Task, settlement: Settlement, duration: Milliseconds): Promise<boolean> {
    const { id: taskId, workspaceId, title, agentId, claim } = task;
    if (!(await this.#ports.store.settle({ taskId, claim }, { ...settlement, duration }))) return false;
    const { status, message } = ending(settlement);
    this.#ports.events.emit({
      type: 'settled',
      taskId,
      workspaceId,
      title,
      agentId,
      claim,
      status,
      retries: settlement.event === 'retry',
      duration,
      message,
    });
    this.#ports.wake(workspaceId);
    return true;
  }
}
