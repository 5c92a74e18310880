/**
 * The elements of the tree are strings: `task:<id>`, `workspace:<id>` and so on. A string survives the snapshot it
 * came from, compares by value, and is what a menu or a test hands to a command.
 */
import type { TaskId, WorkspaceId } from '../../core/model.ts';

export type NodeKey = string & { readonly __brand: 'NodeKey' };

export type NodeName =
  | { readonly kind: 'task'; readonly id: TaskId }
  | {
      readonly kind: 'workspace' | 'finished' | 'more' | 'moreFinished' | 'elsewhere';
      readonly id: WorkspaceId;
    }
  | { readonly kind: 'group'; readonly id: WorkspaceId; readonly state: string }
  | { readonly kind: 'recovery' | 'attention' }
  | { readonly kind: 'trip'; readonly trip: number }
  /** A task once more, among what needs a person. */
  | { readonly kind: 'needs'; readonly id: TaskId }
  | { readonly kind: 'recovered'; readonly id: TaskId };

export function keyOf(name: NodeName): NodeKey {
  switch (name.kind) {
    case 'recovery':
    case 'attention':
      return name.kind as NodeKey;
    case 'trip':
      return `trip:${name.trip}` as NodeKey;
    case 'group':
      return `group:${name.id}:${name.state}` as NodeKey;
    default:
      return `${name.kind}:${name.id}` as NodeKey;
  }
}

/** The name behind a key, or undefined for anything else: commands can be called with any argument. */
export function parseKey(value: unknown): NodeName | undefined {
  if (typeof value !== 'string') return undefined;
  if (value === 'recovery' || value === 'attention') return { kind: value };
  const colon = value.indexOf(':');
  const [kind, id] = [value.slice(0, colon), value.slice(colon + 1)];
  if (colon < 0 || id === '') return undefined;
  switch (kind) {
    case 'trip':
      return /^\d+$/.test(id) ? { kind, trip: Number(id) } : undefined;
    case 'task':
    case 'needs':
    case 'recovered':
      return { kind, id: id as TaskId };
    case 'group': {
      const [workspace = '', state = ''] = id.split(':');
      return { kind, id: workspace as WorkspaceId, state };
    }
    case 'workspace':
    case 'finished':
    case 'more':
    case 'moreFinished':
    case 'elsewhere':
      return { kind, id: id as WorkspaceId };
    default:
      return undefined;
  }
}
