/** The view of the tree: draws while it can be seen, ticks while something runs, and wears the badge. */
import { window } from 'vscode';
import type { TreeDragAndDropController, TreeView } from 'vscode';
import type { SnapshotWish } from '../../core/control.ts';
import { shownAtOnce } from '../../core/metrics/snapshot.ts';
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type { Instant, Milliseconds } from '../../core/model.ts';
import type { Clock } from '../../core/ports.ts';
import { taskViewId } from '../commandIds.ts';
import { badgeOf, treeMessage } from '../present/statusBarText.ts';
import type { SnapshotFeed, Subscription } from '../snapshotFeed.ts';
import type { Looks } from './looks.ts';
import type { NodeKey } from './nodeKey.ts';
import { TaskTree } from './taskTree.ts';
import type { TreePorts } from './taskTree.ts';
import { isFiltered, lookText, wishOf } from './treeLook.ts';

/** Shortest time between two refreshes. */
const refreshInterval: Milliseconds = 250;
/** Durations are shown in whole seconds. */
const tick: Milliseconds = 1_000;
/** Time to read a tooltip: durations stand still, because a row that is drawn again loses its tooltip. */
const readingTime: Milliseconds = 10_000;

export class TaskTreeView implements Disposable {
  readonly #clock: Clock;
  readonly #tree: TaskTree;
  readonly #view: TreeView<NodeKey>;
  readonly #listener: { dispose(): unknown };
  readonly #looks: Looks;
  /** Why the models of the settings are not asked, or empty. */
  readonly #standing: () => string;
  readonly #looking: { dispose(): unknown };
  /** Unfinished tasks shown of each folder. */
  #shown: number = shownAtOnce.unfinished;
  #feed: SnapshotFeed | undefined;
  #subscription: Subscription | undefined;
  #timer: Disposable | undefined;
  /** Until when, monotonically, somebody reads a tooltip, and the instant the rows show meanwhile. */
  #reading: { readonly until: Milliseconds; readonly at: Instant } | undefined;
  #drawnAt: Instant = 0;
  /** The last one without a filter. */
  #whole: Snapshot | undefined;

  constructor(
    clock: Clock,
    ports: Pick<TreePorts, 'decision' | 'offers'> & { readonly standing: () => string },
    drag: TreeDragAndDropController<NodeKey>,
    looks: Looks,
  ) {
    this.#clock = clock;
    this.#standing = ports.standing;
    this.#looks = looks;
    this.#looking = looks.onDidChange(() => this.#subscription?.refresh());
    this.#tree = new TaskTree({ now: () => clock.wallClock(), looked: () => this.#look(), ...ports });
    this.#view = window.createTreeView(taskViewId, {
      treeDataProvider: this.#tree,
      canSelectMany: true,
      dragAndDropController: drag,
      showCollapseAll: true,
    });
    this.#listener = this.#view.onDidChangeVisibility(({ visible }) => {
      this.#subscription?.setVisible(visible);
      if (!visible) this.#stopTicking();
    });
  }

  get selection(): readonly NodeKey[] {
    return this.#view.selection;
  }

  /** Which tasks it shows; undefined for the first of each folder. */
  get wish(): SnapshotWish | undefined {
    const filter = wishOf(this.#looks.current);
    if (filter === undefined && this.#shown === shownAtOnce.unfinished) return undefined;
    return { unfinished: this.#shown, ...(filter === undefined ? {} : { filter }) };
  }

  /** Draws from this feed from now on; from none, the welcome views show. */
  follow(feed: SnapshotFeed | undefined): void {
    this.#subscription?.[Symbol.dispose]();
    this.#feed = feed;
    this.#shown = shownAtOnce.unfinished;
    this.#subscription = feed?.show(
      refreshInterval,
      (snapshot) => this.#draw(snapshot),
      this.#view.visible,
      () => this.wish,
    );
    if (feed === undefined) {
      this.#stopTicking();
      this.#tree.show(undefined, this.#clock.wallClock());
      this.#view.message = '';
      this.wearBadge(undefined);
    }
  }

  /** The badge is seen while the view is not, so it follows a feed of its own, which no filter goes through. */
  wearBadge(snapshot: Snapshot | undefined): void {
    const badge = snapshot === undefined ? { value: 0, tooltip: '' } : badgeOf(snapshot);
    if (badge.value !== (this.#view.badge?.value ?? 0))
      this.#view.badge = badge.value === 0 ? undefined : badge;
    this.#whole = snapshot;
    // What needs you may have come since the rows that fit the filter were looked up.
    if (isFiltered(this.#looks.current)) this.#subscription?.refresh();
  }

  [Symbol.dispose](): void {
    this.#stopTicking();
    this.#subscription?.[Symbol.dispose]();
    this.#listener.dispose();
    this.#looking.dispose();
    this.#view.dispose();
    this.#tree[Symbol.dispose]();
  }

  #draw(snapshot: Snapshot): void {
    this.#drawnAt = this.#instant();
    const look = this.#looks.current;
    this.#tree.show(snapshot, this.#drawnAt, look, isFiltered(look) ? this.#whole : snapshot);
    // A message would hide the welcome view, which says the same with a button.
    const message = this.#tree.isEmpty
      ? ''
      : [treeMessage(snapshot, this.#standing()), lookText(this.#looks.current, snapshot)]
          .filter(Boolean)
          .join(' ');
    if (message !== (this.#view.message ?? '')) this.#view.message = message;
    this.#stopTicking();
    if (this.#view.visible && changesWithTime(snapshot)) {
      this.#timer = this.#clock.setTimer(tick, () => this.#tick(snapshot));
    }
  }

  /** Rows that did not fit are shown, some more each time. */
  showMore(): void {
    this.#shown += shownAtOnce.unfinished;
    this.#subscription?.refresh();
  }

  #look(): void {
    this.#reading = { until: this.#clock.monotonic() + readingTime, at: this.#drawnAt };
  }

  /** Now, or the moment at which somebody began to read. */
  #instant(): Instant {
    if (this.#reading !== undefined && this.#clock.monotonic() < this.#reading.until) return this.#reading.at;
    this.#reading = undefined;
    return this.#clock.wallClock();
  }

  #tick(snapshot: Snapshot): void {
    // What was scheduled may have become due, which is no event: look again.
    if (isDue(snapshot, this.#clock.wallClock())) this.#feed?.invalidate();
    this.#draw(snapshot);
  }

  #stopTicking(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}

function changesWithTime({ totals }: Snapshot): boolean {
  return totals.running + totals.scheduled > 0;
}

function isDue({ workspaces }: Snapshot, now: number): boolean {
  return workspaces.some(({ tasks }) =>
    tasks.some(({ state }) => state.kind === 'scheduled' && state.at <= now),
  );
}
