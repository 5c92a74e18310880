import type { Instant } from '../model.ts';

/** Null is never. */
export function earliest(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null) return other;
  return other === null ? one : Math.min(one, other);
}
