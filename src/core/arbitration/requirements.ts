/** What a task needs exclusively while it runs, and whether it is free. */
import { PodiumError } from '../errors.ts';
import type { ResourceDemand, Task, WorkspaceId } from '../model.ts';
import type { AgentDescription } from '../ports.ts';
import type { Resources } from './resource.ts';

/** Present once the user trusts the folders of the window; without it no program starts. */
export const trustResource = 'trust';

const folderPrefix = 'folder:';
const separator = ' + ';
const times = '*';

/** Whether one run at a time has it, though no setting says so. */
export function isExclusive(resource: string): boolean {
  return resource.startsWith(folderPrefix);
}

/** The right to change files of a workspace's folder: one holder at a time. */
export function folderResource(workspaceId: WorkspaceId): string {
  return folderPrefix + workspaceId;
}

/** The demands of a task: what its agent needs exclusively, and what is declared of shared resources. */
export function requirementsOf(
  agent: Pick<AgentDescription, 'needsTrust' | 'writes' | 'resources'>,
  workspaceId: WorkspaceId,
  declared: readonly ResourceDemand[] = agent.resources ?? [],
): readonly ResourceDemand[] {
  const demands: ResourceDemand[] = declared.filter(({ amount }) => amount > 0);
  if (agent.writes) demands.push({ resource: folderResource(workspaceId), amount: 1 });
  if (agent.needsTrust) demands.push({ resource: trustResource, amount: 0 });
  return demands;
}

/** What a task has declared itself, in place of what its agent uses; undefined when it has declared nothing. */
export function declaredIn({ input }: Pick<Task, 'input'>): readonly ResourceDemand[] | undefined {
  const { resources } = input;
  if (resources === undefined) return undefined;
  return Object.entries(resources).map(([resource, amount]) => ({ resource, amount }));
}

/**
 * Declared demands, each resource once.
 * @throws PodiumError `unknown-resource` naming the known ones, `resource-capacity` for more than there ever is
 */
export function checkDemands(
  demands: readonly ResourceDemand[],
  resources: Resources,
): readonly ResourceDemand[] {
  const sums = new Map<string, number>();
  for (const { resource, amount } of demands) {
    const known = resources.get(resource);
    if (known === undefined) {
      const names = [...resources.keys()].join(', ') || 'none';
      throw new PodiumError(
        'unknown-resource',
        `There is no resource "${resource.slice(0, 80)}". Known resources: ${names}.`,
      );
    }
    const sum = (sums.get(resource) ?? 0) + amount;
    if (!Number.isFinite(amount) || amount <= 0)
      throw new PodiumError('resource-capacity', `An amount of ${resource} must be more than nothing.`);
    if (sum > known.capacity) {
      throw new PodiumError(
        'resource-capacity',
        `${sum} of ${resource} are more than there ever is: ${known.capacity}.`,
      );
    }
    sums.set(resource, sum);
  }
  return [...sums].map(([resource, amount]) => ({ resource, amount }));
}

/** One text for equal demands, in any order. Tasks with equal signatures of one workspace share a lane. */
export function signatureOf(demands: readonly ResourceDemand[]): string {
  return demands
    .map(({ resource, amount }) => (amount === 0 || amount === 1 ? resource : `${resource}${times}${amount}`))
    .sort()
    .join(separator);
}

const parsed = new Map<string, ReadonlyMap<string, number>>();
const parsedLimit = 1_000;

/** The demands behind a signature: amounts by resource. */
export function demandsIn(signature: string): ReadonlyMap<string, number> {
  const known = parsed.get(signature);
  if (known !== undefined) return known;
  const demands = new Map<string, number>();
  for (const part of signature === '' ? [] : signature.split(separator)) {
    const at = part.lastIndexOf(times);
    const amount = at < 0 ? NaN : Number(part.slice(at + 1));
    if (Number.isFinite(amount)) demands.set(part.slice(0, at), amount);
    else demands.set(part, 1);
  }
  if (parsed.size >= parsedLimit) parsed.clear();
  parsed.set(signature, demands);
  return demands;
}

/** Whether a signature names something that the settings share out. */
export function namesShared(signature: string): boolean {
  return [...demandsIn(signature).keys()].some((name) => name !== trustResource && !isExclusive(name));
}

/** How a resource is called on a screen. */
export function resourceLabel(resource: string): string {
  if (resource === trustResource) return 'workspace trust';
  return resource.startsWith(folderPrefix) ? 'the folder (another task writes to it)' : resource;
}
