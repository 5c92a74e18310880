/** Agents or resources were configured anew: waiting tasks need what their agents need now. */
import type { Agents, Store } from '../ports.ts';
import { declaredIn, requirementsOf, signatureOf } from './requirements.ts';

/** Most unfinished tasks of a workspace that are looked at. */
const refreshed = 100_000;

export async function renewDemands(store: Store, agents: Agents): Promise<void> {
  for (const workspace of await store.workspaces()) {
    for (const task of await store.unfinished(workspace.id, refreshed)) {
      const agent = agents.get(task.agentId)?.description;
      if (agent === undefined || task.status === 'running') continue;
      const requiredResources = requirementsOf(agent, task.workspaceId, declaredIn(task));
      const signature = signatureOf(requiredResources);
      if (signature !== task.signature) await store.editTask(task.id, { requiredResources, signature });
    }
  }
}
