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

/** A model, of which nothing is known until it answers. */
export const modelRate: Resource = {
  kind: 'rate',
  capacity: 60,
  perSecond: 5,
  spike: null,
  isAssumed: true,
};

/** What calls of a model use. */
export function modelResource({ name }: Pick<Model, 'name'>): string {
  return `model ${name.replaceAll(/[+*]/g, '_')}`;
}

/**
 * The resources of the settings, and one for each model; what the settings say of a model counts.
 * @returns asked for often: made anew only when settings or models have changed
 */
export function withModels(house: Models, settings: () => Resources): () => Resources {
  let last: { readonly known: Resources; readonly names: string; readonly all: Resources } | undefined;
  return () => {
    const known = settings();
    const models = [house.scoring(), house.working()].filter((model) => model !== null);
    const names = models.map(({ name }) => name).join('\n');
    if (last?.known !== known || last.names !== names) {
      const all = new Map([...models.map((model) => [modelResource(model), modelRate] as const), ...known]);
      last = { known, names, all };
    }
    return last.all;
  };
}

export const periods: Readonly<Record<'hour' | 'day', Milliseconds>> = { hour: 3_600_000, day: 86_400_000 };
