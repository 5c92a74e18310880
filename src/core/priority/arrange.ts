/** In which order a model is shown things. */
import type { WorkspaceId } from '../model.ts';
import type { Chance } from '../ports.ts';
import type { Anchor } from './prompt.ts';

/** The workspaces in an order that begins after the one asked about last. */
export function inTurn<T extends { readonly workspaceId: WorkspaceId }>(
  all: readonly T[],
  last: WorkspaceId | undefined,
): readonly T[] {
  const place = all.findIndex(({ workspaceId }) => workspaceId === last) + 1;
  return [...all.slice(place), ...all.slice(0, place)];
}

/** Fisher and Yates. */
export function shuffled<T>(items: readonly T[], chance: Chance): T[] {
  const list = [...items];
  for (let place = list.length - 1; place > 0; place -= 1) {
    const other = Math.floor(chance.random() * (place + 1));
    const [taken] = list.splice(other, 1, ...list.slice(place, place + 1));
    if (taken !== undefined) list[place] = taken;
  }
  return list;
}

/** A few examples from the lowest to the highest value. */
export function spread(examples: readonly Anchor[], count: number): readonly Anchor[] {
  const sorted = examples.toSorted((a, b) => a.value - b.value);
  if (sorted.length <= count) return sorted;
  const places = Array.from({ length: count }, (_, index) =>
    Math.round((index * (sorted.length - 1)) / (count - 1)),
  );
  return sorted.filter((_, place) => places.includes(place));
}
