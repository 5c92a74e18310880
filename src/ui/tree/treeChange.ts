/** What the editor must be told when one tree becomes another: as little as possible, and nothing for nothing. */
import type { NodeKey } from './nodeKey.ts';
import type { TreeModel, TreeNode } from './treeModel.ts';

/** `all`: fetch everything again; otherwise the nodes to fetch again, with their children. Never an empty list. */
export type TreeChange = 'none' | 'all' | readonly NodeKey[];

/**
 * A change of shape renews the whole root it is in, because a task may have moved between two of its groups and the
 * editor refuses to see one id in two places. A change of words renews the rows alone.
 */
export function treeChange(before: TreeModel, after: TreeModel): TreeChange {
  if (!sameList(before.roots, after.roots)) return 'all';
  const renewed = after.roots.flatMap((root) =>
    sameShape(root, before, after) ? changedRows(root, before, after) : [root],
  );
  return renewed.length === 0 ? 'none' : renewed;
}

function sameShape(key: NodeKey, before: TreeModel, after: TreeModel): boolean {
  const [old, now] = [before.nodes.get(key), after.nodes.get(key)];
  if (old === undefined || now === undefined) return old === now;
  return (
    sameList(old.children, now.children) && now.children.every((child) => sameShape(child, before, after))
  );
}

function changedRows(key: NodeKey, before: TreeModel, after: TreeModel): readonly NodeKey[] {
  const [old, now] = [before.nodes.get(key), after.nodes.get(key)];
  if (old === undefined || now === undefined) return [];
  const below = now.children.flatMap((child) => changedRows(child, before, after));
  return sameRow(old, now) ? below : [key, ...below];
}

function sameRow({ row: a }: TreeNode, { row: b }: TreeNode): boolean {
  return (
    a.label === b.label &&
    a.description === b.description &&
    a.spoken === b.spoken &&
    a.context === b.context &&
    a.opens === b.opens &&
    a.icon?.id === b.icon?.id &&
    a.icon?.color === b.icon?.color
  );
}

function sameList(a: readonly NodeKey[], b: readonly NodeKey[]): boolean {
  return a.length === b.length && a.every((key, index) => key === b[index]);
}
