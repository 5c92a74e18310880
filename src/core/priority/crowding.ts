/** Where the order of tasks matters. */
import type { WorkspaceId } from '../model.ts';
import type { JudgementStore } from './judgementStore.ts';
import type { RefinerHouse } from './refinerPorts.ts';

/**
 * The workspaces with tasks whose order matters, none while it does not. It does when more could start than there are
 * free workers, or when several wait for the same thing that they share, e.g. their folder. While there is a free
 * worker for everything, and when nothing could be chosen between, there is no need of an order.
 */
export async function crowdedIn(
  store: Pick<JudgementStore, 'readiness'>,
  house: Pick<RefinerHouse, 'freeWorkers' | 'hindrance' | 'isOpen'>,
): Promise<readonly WorkspaceId[]> {
  const free = house.freeWorkers();
  const { lanes, running } = await store.readiness(free + 2);
  const mayStart = lanes
    .filter(({ workspaceId }) => house.isOpen(workspaceId))
    .map((lane) => ({ ...lane, hindrance: house.hindrance(lane, running) }))
    .filter(({ hindrance }) => hindrance !== 'trust');
  const waiting = mayStart.reduce((sum, { count }) => sum + count, 0);
  const isQueue = mayStart.some(({ count, hindrance }) => count > 1 && hindrance === 'shared');
  if (waiting <= Math.max(1, free) && !isQueue) return [];
  return [...new Set(mayStart.map(({ workspaceId }) => workspaceId))];
}
