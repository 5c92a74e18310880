/**
 * What the last owner of the store left running: each process is ended or its result adopted, before its task can
 * become ready again. So nothing is lost and nothing runs twice at a time.
 */
import type { Conductor, ConductorPorts } from './conductor.ts';
import { messageOf } from './errors.ts';
import type { RecoveredTask } from './metrics/snapshot.ts';
import type { Task } from './model.ts';
import { fateOf, interruption, settlementOf } from './settlement.ts';

type RecoveryPorts = Pick<
  ConductorPorts,
  'store' | 'agents' | 'places' | 'clock' | 'chance' | 'retry' | 'log' | 'resources'
>;

/** A run of another owner, and the worker it takes up until nothing of it is alive. */
export interface Orphan {
  readonly task: Task;
  readonly worker: Disposable;
}

/** The orphans there are, each with a worker held for it. */
export async function findOrphans({
  store,
  pool,
}: Pick<ConductorPorts, 'store' | 'pool'>): Promise<readonly Orphan[]> {
  return (await store.orphans()).map((task) => ({ task, worker: pool.hold() }));
}

/**
 * Recovers orphans, all at once, and gives each worker free; one that cannot be recovered stays as it is and is
 * reported in the log.
 */
export async function recoverOrphans(
  orphans: readonly Orphan[],
  ports: RecoveryPorts,
  conductor: Conductor,
): Promise<readonly RecoveredTask[]> {
  const fates = await Promise.all(
    orphans.map(async ({ task, worker }) => {
      using _worker = worker;
      try {
        return await recover(task, ports, conductor);
      } catch (thrown) {
        ports.log.write('error', `An interrupted run could not be recovered: ${messageOf(thrown)}`, {
          task: task.id,
        });
        return undefined;
      }
    }),
  );
  return fates.filter((fate) => fate !== undefined);
}

async function recover(
  task: Task,
  ports: RecoveryPorts,
  conductor: Conductor,
): Promise<RecoveredTask | undefined> {
  const agent = ports.agents.get(task.agentId);
  const ran = Math.max(0, ports.clock.wallClock() - (task.startedAt ?? task.createdAt));
  let settlement = interruption(task, agent);
  let fate = fateOf(settlement);
  const launch = task.launch ?? {
    claim: task.claim,
    runDirectory: ports.places.runDirectory({ taskId: task.id, claim: task.claim }),
    process: null,
  };
  if (agent !== undefined) {
    const left = await agent.recover(task, launch, {
      createSubTask: (request) => conductor.createSubTask(task, request),
    });
    if (left.kind === 'finished') {
      await ports.resources.adopted(task, left.outcome, ran);
      settlement = settlementOf(task, left.outcome, undefined, agent, {
        ...ports,
        isHeldBack: (limit) => ports.resources.isHeldBack(task, limit),
      });
      fate = 'adopted';
    }
  }
  if (!(await conductor.settle(task, settlement, ran))) return undefined;
  // A person had stopped its tree: that is what has become of it.
  if ((await ports.store.task(task.id))?.status === 'cancelled') return undefined;
  return { id: task.id, title: task.title, fate };
}
