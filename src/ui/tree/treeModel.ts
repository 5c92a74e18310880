/**
 * A snapshot as a tree: workspaces, under them tasks in dispatch order with sub-tasks under their parent, and the
 * finished ones in a group of their own. Pure; the provider only hands out what is here.
 */
import { noTasks, shownAtOnce } from '../../core/metrics/snapshot.ts';
import type { Snapshot, TaskView, WorkspaceSnapshot } from '../../core/metrics/snapshot.ts';
import type { Counts } from '../../core/ports.ts';
import { isFinished } from '../../core/model.ts';
import type { TaskId } from '../../core/model.ts';
import { alikeTogether } from '../present/alike.ts';
import { offerRow } from '../present/offer.ts';
import type { Row } from '../present/row.ts';
import { taskRow } from '../present/taskRow.ts';
import type { PresentContext } from '../present/taskRow.ts';
import { attentionRow, needRow, tripRow } from '../present/tripRow.ts';
import {
  finishedCount,
  finishedRow,
  groupRow,
  moreRow,
  recoveredRow,
  recoveryRow,
  workspaceRow,
} from '../present/workspaceRow.ts';
import { needsOf } from './attention.ts';
import { keyOf } from './nodeKey.ts';
import type { NodeKey } from './nodeKey.ts';
import { isFiltered, plainLook, stateNames, states } from './treeLook.ts';
import type { TreeLook } from './treeLook.ts';

export interface TreeNode {
  readonly key: NodeKey;
  readonly parent: NodeKey | null;
  readonly children: readonly NodeKey[];
  readonly row: Row;
  /** Whether it is open when it is first seen. */
  readonly open: boolean;
}

export interface TreeModel {
  readonly roots: readonly NodeKey[];
  readonly nodes: ReadonlyMap<NodeKey, TreeNode>;
}

export const emptyTree: TreeModel = { roots: [], nodes: new Map() };

/**
 * Without any task there are no rows at all, so that the welcome view can say what to do.
 * @param whole what the filter of the look has not gone through: what needs a person is shown all the same
 */
export function treeModel(
  snapshot: Snapshot,
  context: PresentContext,
  look: TreeLook = plainLook,
  whole: Snapshot = snapshot,
): TreeModel {
  const nodes = new Map<NodeKey, TreeNode>();
  const roots: NodeKey[] = [];
  const total = snapshot.workspaces.reduce((sum, { counts }) => sum + countAll(counts), 0);
  if (total === 0) return emptyTree;
  if (snapshot.recovery !== null) {
    const key = keyOf({ kind: 'recovery' });
    const children = snapshot.recovery.interrupted.map((task) => {
      const child = keyOf({ kind: 'recovered', id: task.id });
      nodes.set(child, { key: child, parent: key, children: [], row: recoveredRow(task), open: false });
      return child;
    });
    nodes.set(key, { key, parent: null, children, row: recoveryRow(snapshot.recovery), open: false });
    roots.push(key);
  }
  for (const offer of context.offers ?? []) {
    const key = keyOf({ kind: 'elsewhere', id: offer.workspaceId });
    if (nodes.has(key)) continue; // One row brings what all other windows have of a folder.
    nodes.set(key, { key, parent: null, children: [], row: offerRow(offer), open: false });
    roots.push(key);
  }
  const attention = attentionBranch(whole, context, nodes);
  if (attention !== undefined) roots.push(attention);
  for (const workspace of snapshot.workspaces) {
    roots.push(new WorkspaceBranch(workspace, context, nodes, look).grow());
  }
  return { roots, nodes };
}

/** Everything that needs a person, in one place. */
function attentionBranch(
  snapshot: Snapshot,
  context: PresentContext,
  nodes: Map<NodeKey, TreeNode>,
): NodeKey | undefined {
  const parent = keyOf({ kind: 'attention' });
  const children: NodeKey[] = [];
  const leaf = (key: NodeKey, row: Row): void => {
    nodes.set(key, { key, parent, children: [], row, open: false });
    children.push(key);
  };
  for (const { trip, view, holdsUp } of needsOf(snapshot)) {
    if (trip !== undefined) {
      const home = snapshot.workspaces.find(({ workspace }) => workspace.id === trip.workspaceId);
      leaf(keyOf({ kind: 'trip', trip: trip.id }), tripRow(trip, home?.workspace.name ?? '', context));
    }
    if (view !== undefined)
      leaf(keyOf({ kind: 'needs', id: view.task.id }), needRow(taskRow(view, context), holdsUp));
  }
  if (children.length === 0) return undefined;
  nodes.set(parent, { key: parent, parent: null, children, row: attentionRow(children.length), open: true });
  return parent;
}

/** Orders views as trees: every list of siblings keeps the order of the best member of each tree. */
export function nest(views: readonly TaskView[]): {
  readonly roots: readonly TaskView[];
  readonly childrenOf: ReadonlyMap<TaskId, readonly TaskView[]>;
} {
  const shown = new Map(views.map((view) => [view.task.id, view]));
  const roots = new Set<TaskView>();
  const children = new Map<TaskId, Set<TaskView>>();
  for (const view of views) {
    // Walking up from each view in order puts a parent where its best descendant is.
    let current = view;
    for (;;) {
      const parent = parentIn(shown, current);
      if (parent === undefined) break;
      const siblings = children.get(parent.task.id) ?? new Set<TaskView>();
      children.set(parent.task.id, siblings.add(current));
      current = parent;
    }
    roots.add(current);
  }
  return {
    roots: [...roots],
    childrenOf: new Map([...children].map(([id, siblings]) => [id, [...siblings]])),
  };
}

/** A parent is always older than its sub-tasks, so walking up ends whatever the rows say. */
function parentIn(shown: ReadonlyMap<TaskId, TaskView>, { task }: TaskView): TaskView | undefined {
  const parent = task.parentId === null ? undefined : shown.get(task.parentId);
  return parent !== undefined && parent.task.sequence < task.sequence ? parent : undefined;
}

class WorkspaceBranch {
  readonly #snapshot: WorkspaceSnapshot;
  readonly #context: PresentContext;
  readonly #nodes: Map<NodeKey, TreeNode>;
  readonly #look: TreeLook;

  constructor(
    snapshot: WorkspaceSnapshot,
    context: PresentContext,
    nodes: Map<NodeKey, TreeNode>,
    look: TreeLook,
  ) {
    this.#snapshot = snapshot;
    this.#context = context;
    this.#nodes = nodes;
    this.#look = look;
  }

  grow(): NodeKey {
    const { workspace, tasks, finished, more, counts } = this.#snapshot;
    const key = keyOf({ kind: 'workspace', id: workspace.id });
    // Finished sub-tasks stay under a parent that is still shown among the living.
    const living = new Set(tasks.map(({ task }) => task.id));
    const settled: TaskView[] = [];
    const kept: TaskView[] = [];
    for (const view of orderedByParent(finished)) {
      const { parentId } = view.task;
      if (parentId === null || !living.has(parentId)) {
        settled.push(view);
      } else {
        living.add(view.task.id);
        kept.push(view);
      }
    }
    const children = this.#living([...tasks, ...kept], key);
    if (more !== 0) children.push(this.#leaf('more', key, moreRow(more, 'unfinished')));
    const shownAbove = kept.length + tasks.filter(({ task }) => isFinished(task.status)).length;
    // What a filter leaves out is not counted: only what fits is looked at.
    const count = isFiltered(this.#look)
      ? settled.length
      : Math.max(settled.length, finishedCount(counts) - shownAbove);
    if (count > 0) children.push(this.#finished(key, settled, count));
    this.#nodes.set(key, {
      key,
      parent: null,
      children,
      row: workspaceRow(this.#snapshot, this.#context),
      open: true,
    });
    return key;
  }

  /** What is not in the group of the finished ones. */
  #living(views: readonly TaskView[], parent: NodeKey): NodeKey[] {
    switch (this.#look.grouping) {
      case 'parent':
        return this.#nested(views, parent);
      case 'queue':
        return views.map((view) => this.#task(view, parent, new Map()));
      case 'state':
        return states.flatMap((state) => {
          const own = views.filter((view) => countedAs[view.state.kind] === state);
          return own.length === 0 ? [] : [this.#group(state, own, parent)];
        });
    }
  }

  #nested(views: readonly TaskView[], parent: NodeKey): NodeKey[] {
    const { roots, childrenOf } = nest(views);
    return roots.map((view) => this.#task(view, parent, childrenOf));
  }

  #group(state: keyof Counts, views: readonly TaskView[], parent: NodeKey): NodeKey {
    const key = keyOf({ kind: 'group', id: this.#snapshot.workspace.id, state });
    const children = views.map((view) => this.#task(view, key, new Map()));
    this.#nodes.set(key, {
      key,
      parent,
      children,
      row: groupRow(stateNames[state], views.length),
      open: true,
    });
    return key;
  }

  #finished(parent: NodeKey, settled: readonly TaskView[], count: number): NodeKey {
    const key = keyOf({ kind: 'finished', id: this.#snapshot.workspace.id });
    const forest = nest(settled);
    const children = forest.roots.map((view) => this.#task(view, key, forest.childrenOf));
    const filtered = isFiltered(this.#look);
    const isCut = filtered && this.#snapshot.finished.length >= shownAtOnce.finished;
    const hidden = isCut ? null : count - settled.length;
    if (hidden !== 0) children.push(this.#leaf('moreFinished', key, moreRow(hidden, 'finished')));
    const counts = filtered ? countsOf(settled) : this.#snapshot.counts;
    // Clearing takes all that are finished, so it is not offered beside a few of them.
    const readOnly = this.#context.readOnly || filtered;
    this.#nodes.set(key, {
      key,
      parent,
      children,
      row: finishedRow({ counts }, count, { readOnly }),
      open: false,
    });
    return key;
  }

  #task(view: TaskView, parent: NodeKey, childrenOf: ReadonlyMap<TaskId, readonly TaskView[]>): NodeKey {
    const key = keyOf({ kind: 'task', id: view.task.id });
    const siblings = alikeTogether(childrenOf.get(view.task.id) ?? [], ({ task }) => task);
    const children = siblings.map((child) => this.#task(child, key, childrenOf));
    const open = !isFinished(view.task.status) || children.some((child) => this.#isAlive(child));
    this.#nodes.set(key, { key, parent, children, row: taskRow(view, this.#context), open });
    return key;
  }

  #isAlive(key: NodeKey): boolean {
    return this.#nodes.get(key)?.open ?? false;
  }

  #leaf(kind: 'more' | 'moreFinished', parent: NodeKey, row: Row): NodeKey {
    const key = keyOf({ kind, id: this.#snapshot.workspace.id });
    this.#nodes.set(key, { key, parent, children: [], row, open: false });
    return key;
  }
}

/** Under which count a task falls. */
const countedAs: Readonly<Record<TaskView['state']['kind'], keyof Counts>> = {
  running: 'running',
  needs_you: 'attention',
  ready: 'ready',
  paused: 'ready',
  waiting: 'ready',
  scheduled: 'scheduled',
  held: 'held',
  blocked: 'blocked',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/** Parents before their sub-tasks; the order is kept otherwise. */
function orderedByParent(views: readonly TaskView[]): readonly TaskView[] {
  const { roots, childrenOf } = nest(views);
  const flat = (view: TaskView): readonly TaskView[] => [
    view,
    ...(childrenOf.get(view.task.id) ?? []).flatMap(flat),
  ];
  return roots.flatMap(flat);
}

function countsOf(views: readonly TaskView[]): Counts {
  const counts: Record<keyof Counts, number> = { ...noTasks };
  for (const { state } of views) counts[countedAs[state.kind]] += 1;
  return counts;
}

function countAll(counts: WorkspaceSnapshot['counts']): number {
  return Object.values<number>({ ...counts }).reduce((sum, count) => sum + count, 0);
}
