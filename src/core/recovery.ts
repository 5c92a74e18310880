/**
 * What the last owner of the store left running: each process is ended or its result adopted, before its task can
 * become ready again. So nothing is lost and nothing runs twice at a time.
 */
import { fateOf, interruption, settlementOf } from './conductor.ts';
import type { ConductorPorts, Conductor } from './conductor.ts';
import { messageOf } from './errors.ts';
import type { RecoveredTask } from './metrics/snapshot.ts';
import type { Task } from './model.ts';
import type { Settlement } from './ports.ts';

type RecoveryPorts = Pick<
  ConductorPorts,
  'store' | 'agents' | 'places' | 'clock' | 'chance' | 'retry' | 'log' | 'wake'
>;

/** Recovers every orphan, all at once; one that cannot be recovered stays as it is and is reported in the log. */
export async function recoverOrphans(
  ports: RecoveryPorts,
  conductor: Conductor,
): Promise<readonly RecoveredTask[]> {
  const orphans = await ports.store.orphans();
  const fates = await Promise.all(
    orphans.map(async (task) => {
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
      settlement = settlementOf(task, left.outcome, undefined, agent, ports);
      fate = 'adopted';
    }
  }
  if (!(await settleOnce(task, settlement, ports))) return undefined;
  return { id: task.id, title: task.title, fate };
}

async function settleOnce(task: Task, settlement: Settlement, ports: RecoveryPorts): Promise<boolean> {
  const settled = await ports.store.settle({ taskId: task.id, claim: task.claim }, settlement);
  if (settled) ports.wake(task.workspaceId);
  return settled;
}
