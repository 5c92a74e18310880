/** What the end of a run means for its task. Pure. */
import type { RecoveredTask } from './metrics/snapshot.ts';
import type { Task } from './model.ts';
import type { Agent, AgentOutcome, Chance, Clock, RateLimit, Settlement } from './ports.ts';
import { maxDeferrals, maxInterruptions, retryDelay, temporaryAttempts } from './workers/retryPolicy.ts';
import type { RetryPolicy } from './workers/retryPolicy.ts';
import type { StopReason } from './workers/workerPool.ts';

/** What decides when a failed run is tried again. */
export interface RetryPorts {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly retry: () => RetryPolicy;
  /** Whether something the task needs is held back by now, so that it need not wait for itself as well. */
  readonly isHeldBack: (limit: RateLimit) => boolean;
}

/** What a run's outcome means for its task. What it has cost counts however it ended. */
export function settlementOf(
  task: Task,
  outcome: AgentOutcome,
  stopped: StopReason | undefined,
  agent: Agent | undefined,
  ports: RetryPorts,
): Settlement {
  const { tokens = 0, costMicros = 0 } = outcome;
  return { ...endOf(task, outcome, stopped, agent, ports), tokens, costMicros };
}

function endOf(
  task: Task,
  outcome: AgentOutcome,
  stopped: StopReason | undefined,
  agent: Agent | undefined,
  ports: RetryPorts,
): Settlement {
  if (stopped === 'cancel') return { event: 'cancel' };
  if (stopped === 'shutdown') return interruption(task, agent);
  const maxAttempts = agent?.description.maxAttempts ?? 1;
  if (stopped === 'timeout') {
    const limit = task.timeout ?? agent?.description.timeout ?? 0;
    const error = {
      code: 'timeout',
      message: `Ended after its time limit of ${Math.round(limit / 1000)} s.`,
    };
    const retryable = agent?.description.idempotent ?? false;
    return failure(task, { kind: 'failed', error, retryable }, maxAttempts, ports);
  }
  switch (outcome.kind) {
    case 'completed':
      return { event: 'complete', result: outcome.result };
    case 'needs_input':
      return { event: 'ask', question: outcome.question };
    case 'failed':
      return failure(task, outcome, maxAttempts, ports);
  }
}

/** How a report calls what `interruption` decided. */
export function fateOf(settlement: Settlement): RecoveredTask['fate'] {
  return settlement.event === 'interrupt' ? 'rerun' : 'asks';
}

/** What becomes of a task whose run was cut through no fault of its agent. */
export function interruption(task: Task, agent: Agent | undefined): Settlement {
  const count = task.interruptions + 1;
  if (count >= maxInterruptions)
    return { event: 'suspend', question: `Was interrupted ${count} times: run again?` };
  if (agent?.description.idempotent === true) return { event: 'interrupt', notBefore: null };
  return { event: 'suspend', question: 'Was interrupted: run again?' };
}

function failure(
  task: Task,
  outcome: Extract<AgentOutcome, { kind: 'failed' }>,
  maxAttempts: number,
  ports: RetryPorts,
): Settlement {
  const { rateLimited } = outcome;
  if (rateLimited !== undefined) {
    const deferrals = task.deferrals + 1;
    if (deferrals >= maxDeferrals)
      return { event: 'ask', question: `Was told to slow down ${deferrals} times in a row: run again?` };
    const { clock, chance, retry, isHeldBack } = ports;
    const wait = rateLimited.retryAfter ?? retryDelay(retry(), 1 + task.claim, chance.random());
    const notBefore = isHeldBack(rateLimited) ? null : clock.wallClock() + Math.ceil(wait);
    return { event: 'defer', notBefore };
  }
  const failed = task.attempt + 1;
  const attempts = outcome.temporary === true ? Math.max(maxAttempts, temporaryAttempts) : maxAttempts;
  if (!outcome.retryable || failed >= attempts)
    return { event: 'fail', error: outcome.error, result: outcome.result ?? null };
  const delay = retryDelay(ports.retry(), failed, ports.chance.random());
  return { event: 'retry', error: outcome.error, notBefore: ports.clock.wallClock() + delay };
}

/** The state a settlement leads to, and a line about it for people. */
export function ending(settlement: Settlement): { status: Task['status']; message: string } {
  switch (settlement.event) {
    case 'complete':
      return { status: 'completed', message: settlement.result };
    case 'fail':
      return { status: 'failed', message: settlement.error.message };
    case 'retry':
      return { status: 'pending', message: settlement.error.message };
    case 'defer':
      return { status: 'pending', message: 'Called too often; runs again.' };
    case 'ask':
    case 'suspend':
      return { status: 'needs_input', message: settlement.question };
    case 'interrupt':
      return { status: 'pending', message: 'Interrupted; runs again.' };
    case 'cancel':
      return { status: 'cancelled', message: 'Cancelled.' };
  }
}
