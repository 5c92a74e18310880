/**
 * `podium.resources`: what tasks share, as the user wrote it, over what the house knows. What makes no sense is left
 * out and told in a sentence. Pure.
 */
import { defaultResources, sharedOut } from './resource.ts';
import type { Resource, Resources } from './resource.ts';

/** What an entry may say, by its kind; the manifest says the same. */
export const resourceFields = {
  rate: ['capacity', 'perSecond', 'spike', 'limit', 'windowSeconds'],
  pool: ['capacity'],
  budget: ['capacity', 'period'],
} as const;
type Kind = keyof typeof resourceFields;

const most = 1_000_000_000;
/** Part of a window's limit that may be used at once; the rest comes back evenly, so that no window has more. */
const burstOfWindow = 0.1;
const afterWindow = 0.95;
/** No name may look like the text of several. */
const names = /^[\w .:@/-]{1,100}$/;

/** @param windowShare part of every rate and budget that this window may have, above 0 to 1 */
export function readResources(value: unknown, windowShare: number, problems: string[] = []): Resources {
  const resources = new Map(defaultResources);
  if (value !== undefined && value !== null) {
    if (typeof value !== 'object' || Array.isArray(value)) {
      problems.push('podium.resources must be an object from names to resources; it is left out.');
    } else {
      for (const [name, entry] of Object.entries(value) as [string, unknown][]) {
        if (entry === null) resources.delete(name);
        else {
          const read = readResource(name, entry);
          if (typeof read === 'string')
            problems.push(`podium.resources: "${name.slice(0, 40)}" ${read}; it is left out.`);
          else resources.set(name, read);
        }
      }
    }
  }
  return new Map([...resources].map(([name, resource]) => [name, sharedOut(resource, windowShare)]));
}

/** @returns the resource, or what is wrong with it */
function readResource(name: string, entry: unknown): Resource | string {
  if (!names.test(name)) return 'is no name: letters, digits, spaces and . : @ / - _ are allowed';
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry))
    return 'must be an object, or null';
  const fields = entry as Readonly<Record<string, unknown>>;
  const { kind } = fields;
  if (kind !== 'rate' && kind !== 'pool' && kind !== 'budget')
    return 'must be of kind "rate", "pool" or "budget"';
  const known: readonly string[] = resourceFields[kind];
  const strange = Object.keys(fields).find((key) => key !== 'kind' && !known.includes(key));
  if (strange !== undefined) return `has "${strange.slice(0, 40)}", which a ${kind} does not have`;
  return read[kind](fields);
}

const read: Readonly<Record<Kind, (fields: Readonly<Record<string, unknown>>) => Resource | string>> = {
  rate: ({ capacity, perSecond, spike = null, limit, windowSeconds }) => {
    const isSpike = spike === null || isAmount(spike);
    if (!isSpike) return 'must have a number above 0 as "spike", or none';
    if (isAmount(limit) && isAmount(windowSeconds) && perSecond === undefined) {
      if (capacity !== undefined && !(isAmount(capacity) && capacity < limit))
        return 'must have a "capacity" above 0 and below its "limit", or none';
      const burst = capacity ?? Math.max(1, limit * burstOfWindow);
      // In any window there are the burst and what comes back in it. A single one is there just after its end.
      const back = limit > burst ? limit - burst : limit * afterWindow;
      return { kind: 'rate', capacity: burst, perSecond: back / windowSeconds, spike };
    }
    if (limit !== undefined || windowSeconds !== undefined)
      return 'must have either "limit" and "windowSeconds" or "capacity" and "perSecond", numbers above 0';
    if (!isAmount(capacity) || !isAmount(perSecond))
      return 'must have "capacity" and "perSecond", numbers above 0';
    return { kind: 'rate', capacity, perSecond, spike };
  },
  pool: ({ capacity }) =>
    isAmount(capacity) ? { kind: 'pool', capacity } : 'must have a "capacity" above 0',
  budget: ({ capacity, period }) => {
    if (!isAmount(capacity)) return 'must have a "capacity" above 0';
    if (period !== 'hour' && period !== 'day') return 'must have "hour" or "day" as "period"';
    return { kind: 'budget', capacity, period };
  },
};

function isAmount(value: unknown): value is number {
  return typeof value === 'number' && value > 0 && value <= most;
}
