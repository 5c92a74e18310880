/** What tasks share: calls that refill, slots that are given back, amounts for a period. */
import type { Milliseconds } from '../model.ts';
import type { Model, Models } from '../models.ts';

export type Resource =
  /** Refills all the time: calls of an API. A task uses its amount up when it starts. */
  | {
      readonly kind: 'rate';
      /** Most there can be. */
      readonly capacity: number;
      readonly perSecond: number;
      /** Most that may be taken within any second; null for no such limit. */
      readonly spike: number | null;
      /** Nobody has said these numbers: what the other side says counts in their place, also where it is more. */
      readonly isAssumed?: true;
      /** Part of what the other side allows that this window may have; all of it when absent. */
      readonly windowShare?: number;
    }
  /** Given back when the run ends: connections, memory. */
  | { readonly kind: 'pool'; readonly capacity: number }
  /** Used up until the period is over, by universal time. */
  | { readonly kind: 'budget'; readonly capacity: number; readonly period: 'hour' | 'day' };

export type Resources = ReadonlyMap<string, Resource>;

/** The providers and pools of the book; what is not in the settings counts as these. */
export const defaultResources: Resources = new Map<string, Resource>([
  ['google_search_api', { kind: 'rate', capacity: 100, perSecond: 1, spike: null }],
  ['twitter_api', { kind: 'rate', capacity: 50, perSecond: 0.5, spike: null }],
  ['news_api', { kind: 'rate', capacity: 100, perSecond: 1, spike: null }],
  ['database_connections', { kind: 'pool', capacity: 20 }],
  ['memory_mb', { kind: 'pool', capacity: 4_096 }],
]);

/** Requests of a model, of which nothing is known until it answers. */
export const modelRate: Resource = {
  kind: 'rate',
  capacity: 60,
  perSecond: 5,
  spike: null,
  isAssumed: true,
};
/** Its tokens: more a minute than most endpoints give, so that one which says nothing of them is not held back. */
export const modelTokens: Resource = {
  kind: 'rate',
  capacity: 2_000_000,
  perSecond: 2_000_000 / 60,
  spike: null,
  isAssumed: true,
};

/** What requests of a model use, for each key apart. */
export function modelResource(model: Pick<Model, 'name' | 'account'>): string {
  return `model ${labelOf(model)}`;
}

/** What the tokens of a model are called. */
export function tokenResource(model: Pick<Model, 'name' | 'account'>): string {
  return `tokens ${labelOf(model)}`;
}

function labelOf({ name, account }: Pick<Model, 'name' | 'account'>): string {
  return `${name}${account === undefined ? '' : ` key ${account}`}`.replaceAll(/[+*]/g, '_');
}

/**
 * The resources of the settings, and two for each model: its requests and its tokens. What the settings say of a model
 * counts, for whatever key.
 * @param share part of what the other side allows that this window may have
 * @returns asked for often: made anew only when settings or models have changed
 */
export function withModels(
  house: Models,
  settings: () => Resources,
  share: () => number = () => 1,
): () => Resources {
  let last: { readonly known: Resources; readonly key: string; readonly all: Resources } | undefined;
  return () => {
    const known = settings();
    const models = [house.scoring(), house.working()].filter((model) => model !== null);
    const key = JSON.stringify([share(), ...models.map(labelOf)]);
    if (last?.known !== known || last.key !== key) {
      const own = models.flatMap((model) =>
        (
          [
            [modelResource, modelRate],
            [tokenResource, modelTokens],
          ] as const
        ).map(
          ([nameOf, assumed]) =>
            [nameOf(model), known.get(nameOf({ name: model.name })) ?? sharedOut(assumed, share())] as const,
        ),
      );
      last = { known, key, all: new Map([...known, ...own]) };
    }
    return last.all;
  };
}

/** What one of several windows may have of a resource. Slots are of this machine; what is outside is shared. */
export function sharedOut(resource: Resource, share: number): Resource {
  // No share is so small that what it is of could never be used.
  const part = (amount: number): number => Math.min(amount, Math.max(1, amount * share));
  if (share === 1 || resource.kind === 'pool') return resource;
  if (resource.kind === 'budget') return { ...resource, capacity: part(resource.capacity) };
  return {
    ...resource,
    capacity: part(resource.capacity),
    perSecond: resource.perSecond * share,
    spike: resource.spike === null ? null : part(resource.spike),
    windowShare: share,
  };
}

export const periods: Readonly<Record<'hour' | 'day', Milliseconds>> = { hour: 3_600_000, day: 86_400_000 };
