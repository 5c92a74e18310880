/** Hands the tree model to the editor, and tells it what changed. */
import { EventEmitter, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Event, TreeDataProvider } from 'vscode';
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type { Instant, TaskId } from '../../core/model.ts';
import type { Decision } from '../../core/ports.ts';
import type { Row, TooltipLine } from '../present/row.ts';
import { indexOf } from '../present/taskIndex.ts';
import type { PresentContext } from '../present/taskRow.ts';
import type { CommandId } from '../commandIds.ts';
import { fromRow } from '../commands/target.ts';
import { themeIcon, tooltipOf } from '../render.ts';
import type { FolderOffer } from '../uiHost.ts';
import { parseKey } from './nodeKey.ts';
import type { NodeKey } from './nodeKey.ts';
import type { TreeLook } from './treeLook.ts';
import { treeChange } from './treeChange.ts';
import { emptyTree, treeModel } from './treeModel.ts';
import type { TreeModel, TreeNode } from './treeModel.ts';

export interface TreePorts {
  /** For tooltips, which are exact. */
  now(): Instant;
  /** Somebody looks at a tooltip. */
  looked(): void;
  /** Tasks to be brought from elsewhere. */
  offers(): readonly FolderOffer[];
  /** Why the last run of a task was started. */
  decision(id: TaskId): Promise<Decision | undefined>;
}

export class TaskTree implements TreeDataProvider<NodeKey>, Disposable {
  readonly #ports: TreePorts;
  readonly #changed = new EventEmitter<NodeKey | NodeKey[] | undefined>();
  #snapshot: Snapshot | undefined;
  #whole: Snapshot | undefined;
  #model: TreeModel = emptyTree;

  constructor(ports: TreePorts) {
    this.#ports = ports;
  }

  get onDidChangeTreeData(): Event<NodeKey | NodeKey[] | undefined> {
    return this.#changed.event;
  }

  get isEmpty(): boolean {
    return this.#model.roots.length === 0;
  }

  /**
   * Shows a snapshot as it looks at `now`, or nothing. Shown again later, its durations have grown.
   * @param whole the same without a filter
   */
  show(snapshot: Snapshot | undefined, now: Instant, look?: TreeLook, whole = snapshot): void {
    const before = this.#model;
    this.#snapshot = snapshot;
    this.#whole = whole;
    this.#model =
      snapshot === undefined ? emptyTree : treeModel(snapshot, this.#contextOf(snapshot, now), look, whole);
    const change = treeChange(before, this.#model);
    if (change === 'none') return;
    this.#changed.fire(change === 'all' ? undefined : [...change]);
  }

  getTreeItem(key: NodeKey): TreeItem {
    const node = this.#model.nodes.get(key);
    if (node !== undefined) return itemOf(node);
    // Asked for a row that has just gone; the change that says so is on its way.
    const gone = new TreeItem('');
    gone.id = key;
    return gone;
  }

  getChildren(key?: NodeKey): NodeKey[] {
    return [...(key === undefined ? this.#model.roots : (this.#model.nodes.get(key)?.children ?? []))];
  }

  getParent(key: NodeKey): NodeKey | undefined {
    return this.#model.nodes.get(key)?.parent ?? undefined;
  }

  /** Tooltips are made when someone looks. */
  async resolveTreeItem(item: TreeItem, key: NodeKey): Promise<TreeItem> {
    this.#ports.looked();
    const lines = await this.#tooltip(key);
    if (lines !== undefined) item.tooltip = tooltipOf(lines);
    return item;
  }

  [Symbol.dispose](): void {
    this.#changed.dispose();
  }

  async #tooltip(key: NodeKey): Promise<readonly TooltipLine[] | undefined> {
    const name = parseKey(key);
    const snapshot = this.#snapshot;
    if (snapshot === undefined || name === undefined) return undefined;
    const context = this.#contextOf(snapshot, this.#ports.now());
    const { taskTooltip, tripTooltip, workspaceTooltip } = await import('../documents/explanations.ts');
    if (name.kind === 'trip') {
      const trip = snapshot.trips.find(({ id }) => id === name.trip);
      return trip === undefined ? undefined : tripTooltip(trip, snapshot, context.now);
    }
    if (name.kind === 'workspace') {
      const found = snapshot.workspaces.find(({ workspace }) => workspace.id === name.id);
      return found === undefined ? undefined : workspaceTooltip(found, context);
    }
    if (name.kind !== 'task' && name.kind !== 'needs') return undefined;
    const view = context.index.get(name.id);
    const home = snapshot.workspaces.find(({ workspace }) => workspace.id === view?.task.workspaceId);
    if (view === undefined || home === undefined) return undefined;
    const decision = view.task.claim > 0 ? await this.#ports.decision(name.id) : undefined;
    return taskTooltip(view, home.workspace, decision, context);
  }

  #contextOf(snapshot: Snapshot, now: Instant): PresentContext {
    return {
      now,
      // A filter does not hide what needs you, nor what that is about.
      index: new Map([...indexOf(this.#whole ?? snapshot), ...indexOf(snapshot)]),
      readOnly: snapshot.role.kind === 'reader',
      tripped: new Set(snapshot.trips.flatMap(({ rootId }) => (rootId === null ? [] : [rootId]))),
      offers: this.#ports.offers(),
    };
  }
}

function itemOf({ key, row, children, open }: TreeNode): TreeItem {
  const item = new TreeItem(row.label, stateOf(children.length, open));
  item.id = key;
  item.description = row.description;
  item.contextValue = row.context;
  item.accessibilityInformation = { label: row.spoken };
  if (row.icon !== undefined) item.iconPath = themeIcon(row.icon);
  if (row.opens !== undefined) {
    item.command = { ...openers[row.opens], arguments: [key, fromRow] };
  }
  return item;
}

const openers: Readonly<
  Record<NonNullable<Row['opens']>, { readonly command: CommandId; readonly title: string }>
> = {
  log: { command: 'podium.showLog', title: 'Show Log' },
  result: { command: 'podium.showResult', title: 'Show Result' },
  history: { command: 'podium.searchHistory', title: 'Search History' },
  more: { command: 'podium.showMore', title: 'Show More' },
};

function stateOf(children: number, open: boolean): TreeItemCollapsibleState {
  if (children === 0) return TreeItemCollapsibleState.None;
  return open ? TreeItemCollapsibleState.Expanded : TreeItemCollapsibleState.Collapsed;
}
