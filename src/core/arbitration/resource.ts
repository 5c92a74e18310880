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

/** What the settings say of shared resources. */
export interface ResourceSettings {
  readonly known: Resources;
  /** Part of what the other side allows that this window may have. */
  readonly windowShare: number;
}

/**
 * The resources of the settings, and two for each model: its requests and its tokens. What the settings say of a model
 * counts, for whatever key.
 * @returns asked for often: made anew only when settings or models have changed
 */
export function withModels(house: Models, settings: () => ResourceSettings): () => Resources {
  let last: { readonly of: ResourceSettings; readonly names: string; readonly all: Resources } | undefined;
  return () => {
    const of = settings();
    const models = [house.scoring(), house.working()].filter((model) => model !== null);
    const names = models.map(labelOf).join('\n');
    if (last?.of !== of || last.names !== names) {
      last = { of, names, all: new Map([...of.known, ...models.flatMap((model) => ownOf(model, of))]) };
    }
    return last.all;
  };
}

function ownOf(
  model: Model,
  { known, windowShare }: ResourceSettings,
): readonly (readonly [string, Resource])[] {
  const own = (nameOf: typeof modelResource, assumed: Resource): readonly [string, Resource] => [
    nameOf(model),
    known.get(nameOf({ name: model.name })) ?? sharedOut(assumed, windowShare),
  ];
  return [own(modelResource, modelRate), own(tokenResource, modelTokens)];
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
