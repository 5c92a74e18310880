/** The demonstration of the fuses: a simulated agent that splits its work for ever, in a workspace of its own. */
import type { Control } from '../core/control.ts';
import type { AgentId, WorkspaceId } from '../core/model.ts';

/** Begins the demonstration in a workspace that is open; what was there goes. */
export async function beginRunaway(desk: Control, workspaceId: WorkspaceId): Promise<void> {
  // Nothing may start between the answer to the fuses of the last time, which empties what they count, and its end.
  await desk.pause([workspaceId], 'The demo begins anew.');
  const { trips } = await desk.snapshot();
  await desk.fuses.answer(trips.filter((trip) => trip.workspaceId === workspaceId).map(({ id }) => id));
  const left = await desk.unfinished(workspaceId);
  for (const id of new Set(left.map(({ rootId }) => rootId))) await desk.fuses.cancelTree(id);
  await desk.clearFinished(workspaceId);
  await desk.resume([workspaceId]);
  const description = JSON.stringify({ simulate: { children: 3, seconds: 2 } });
  await desk.addTask({ workspaceId, title: 'Runaway', description, agentId: 'simulated' as AgentId });
}
