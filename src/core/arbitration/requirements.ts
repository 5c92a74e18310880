/** What a task needs exclusively while it runs, and whether it is free. */
import type { ResourceDemand, WorkspaceId } from '../model.ts';
import type { AgentDescription } from '../ports.ts';

/** Present once the user trusts the folders of the window; without it no program starts. */
export const trustResource = 'trust';

const folderPrefix = 'folder:';
const separator = ' + ';

/** The right to change files of a workspace's folder: one holder at a time. */
export function folderResource(workspaceId: WorkspaceId): string {
  return folderPrefix + workspaceId;
}

/** The demands of a task, from what its agent says of itself. */
export function requirementsOf(
  agent: Pick<AgentDescription, 'needsTrust' | 'writes'>,
  workspaceId: WorkspaceId,
): readonly ResourceDemand[] {
  const demands: ResourceDemand[] = [];
  if (agent.writes) demands.push({ resource: folderResource(workspaceId), amount: 1 });
  if (agent.needsTrust) demands.push({ resource: trustResource, amount: 0 });
  return demands;
}

/** One text for equal demands, in any order. Tasks with equal signatures of one workspace share a lane. */
export function signatureOf(demands: readonly ResourceDemand[]): string {
  return demands
    .map((demand) => demand.resource)
    .sort()
    .join(separator);
}

/**
 * What `signature` waits for.
 * @param running signatures of the tasks that run now
 * @param trusted whether the window's folders are trusted
 * @returns the first resource that is not free, or null when all are
 */
export function missingResource(
  signature: string,
  running: readonly string[],
  trusted: boolean,
): string | null {
  for (const resource of resourcesIn(signature)) {
    if (resource === trustResource) {
      if (!trusted) return resource;
    } else if (running.some((other) => resourcesIn(other).includes(resource))) {
      return resource;
    }
  }
  return null;
}

/** How a resource is called on a screen. */
export function resourceLabel(resource: string): string {
  if (resource === trustResource) return 'workspace trust';
  return resource.startsWith(folderPrefix) ? 'the folder (another task writes to it)' : resource;
}

function resourcesIn(signature: string): readonly string[] {
  return signature === '' ? [] : signature.split(separator);
}
