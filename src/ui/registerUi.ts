/**
 * Everything of Podium that can be seen or pressed. Registered at once, while the store opens in the background: the
 * screens follow the state of the host, and commands wait for it.
 */
import { commands, Disposable as EditorDisposable } from 'vscode';
import type { ExtensionContext, Memento, Uri } from 'vscode';
import { PodiumError } from '../core/errors.ts';
import type { CommandId } from './commandIds.ts';
import { registerCommands } from './commands/registerCommands.ts';
import { BringOffers } from './bringOffers.ts';
import { Context } from './contextKeys.ts';
import { FuseAlerts } from './fuseAlerts.ts';
import { TaskDocuments } from './documents/taskDocuments.ts';
import { Messages } from './messages.ts';
import { MetricsDoor } from './metricsDoor.ts';
import { standingActions } from './present/errorActions.ts';
import { standingText } from './present/standingText.ts';
import { SnapshotFeed } from './snapshotFeed.ts';
import { StatusBar } from './statusBar.ts';
import { keyOf } from './tree/nodeKey.ts';
import { Looks } from './tree/looks.ts';
import { TaskDrag } from './tree/taskDrag.ts';
import { TaskTreeView } from './tree/taskTreeView.ts';
import type { House, UiHost } from './uiHost.ts';

/** Counts in the status bar need no more. */
const statusInterval = 1_000;

/** @returns what takes everything down again; it is among the context's subscriptions too */
export function registerUi(
  context: Pick<ExtensionContext, 'subscriptions' | 'extensionUri' | 'workspaceState'>,
  host: UiHost,
): EditorDisposable {
  const ui = new Ui(context.extensionUri, context.workspaceState, host);
  const disposable = new EditorDisposable(() => ui[Symbol.dispose]());
  context.subscriptions.push(disposable);
  return disposable;
}

class Ui implements Disposable {
  readonly #host: UiHost;
  readonly #messages: Messages;
  readonly #context: Context;
  readonly #statusBar = new StatusBar();
  readonly #tree: TaskTreeView;
  readonly #looks: Looks;
  readonly #resources: readonly { dispose(): unknown }[];
  readonly #documents: TaskDocuments;
  readonly #metrics: MetricsDoor;
  readonly #offers: BringOffers;
  #house: House | undefined;
  #alerts: FuseAlerts | undefined;
  #feed: SnapshotFeed | undefined;
  /** Why the models of the settings are not asked, as it was last said. */
  #standing: string;

  constructor(extensionUri: Uri, state: Memento, host: UiHost) {
    this.#host = host;
    this.#looks = new Looks(state);
    this.#metrics = new MetricsDoor({ extensionUri, clock: host.clock, log: host.log });
    this.#messages = new Messages(host.log);
    this.#context = new Context(host.log);
    this.#documents = new TaskDocuments(host);
    this.#offers = new BringOffers(host.log, () => {
      this.#context.showOffers((this.#house?.elsewhere.offers.length ?? 0) > 0);
      this.#feed?.invalidate();
    });
    this.#tree = new TaskTreeView(
      host.clock,
      {
        decision: async (id) => await this.#house?.control.decision(id),
        offers: () => this.#house?.elsewhere.offers ?? [],
        standing: () => standingText(host.models.house.standing),
      },
      new TaskDrag(
        () => this.#house?.control,
        () => this.#tree.wish,
        this.#messages,
      ),
      this.#looks,
    );
    this.#resources = [
      ...registerCommands({
        host,
        documents: this.#documents,
        messages: this.#messages,
        selection: () => this.#tree.selection,
        showMetrics: () => this.#metrics.show(),
        looks: this.#looks,
        wish: () => this.#tree.wish,
        showMoreTasks: () => this.#tree.showMore(),
      }),
      host.onDidChangeState(() => this.#follow()),
      host.models.house.onDidChange(() => this.#modelChanged()),
      this.#looks.onDidChange((look) => this.#context.showLook(look)),
    ];
    this.#context.showLook(this.#looks.current);
    this.#context.showModel(host.models.house.standing);
    this.#standing = standingText(host.models.house.standing);
    this.#follow();
  }

  [Symbol.dispose](): void {
    this.#feed?.[Symbol.dispose]();
    this.#alerts?.[Symbol.dispose]();
    this.#offers[Symbol.dispose]();
    this.#metrics[Symbol.dispose]();
    this.#tree[Symbol.dispose]();
    this.#looks[Symbol.dispose]();
    this.#statusBar[Symbol.dispose]();
    this.#documents[Symbol.dispose]();
    for (const resource of this.#resources) resource.dispose();
  }

  /** Brings the screens to the state of the host. */
  #follow(): void {
    const { state } = this.#host;
    const house = state.kind === 'ready' ? state.house : undefined;
    if (house !== undefined && house === this.#house) return;
    this.#feed?.[Symbol.dispose]();
    this.#house = house;
    this.#feed = house === undefined ? undefined : this.#feedFrom(house);
    this.#alerts?.[Symbol.dispose]();
    this.#alerts = house && new FuseAlerts(house.control, (trip) => this.#tellOf(trip));
    this.#context.show(state, undefined);
    this.#statusBar.showState(state);
    this.#tree.follow(this.#feed);
    this.#metrics.follow(house && this.#feed && { feed: this.#feed, control: house.control }, state);
    this.#offers.follow(house?.elsewhere);
    if (state.kind === 'failed') this.#messages.error(state.error);
  }

  /** Says it when the settings now name a model that cannot be asked; at the start the tree does. */
  #modelChanged(): void {
    const { standing } = this.#host.models.house;
    this.#context.showModel(standing);
    const text = standingText(standing);
    if (text === this.#standing) return;
    this.#standing = text;
    const action = standingActions[standing.kind];
    if (text !== '') this.#messages.info(text, ...(action === undefined ? [] : [action]));
  }

  /** The command that tells is read with the first fuse that blows. */
  #tellOf(trip: number): void {
    commands
      .executeCommand('podium.alertFuse' satisfies CommandId, keyOf({ kind: 'trip', trip }))
      .then(undefined, (thrown: unknown) => this.#messages.error(thrown));
  }

  #feedFrom({ control }: House): SnapshotFeed {
    const feed = new SnapshotFeed({
      control,
      clock: this.#host.clock,
      onError: (thrown) => {
        // A look that was under way when another window took over: the next one shows who owns the tasks.
        if (thrown instanceof PodiumError && thrown.code === 'read-only') return;
        this.#messages.error(thrown);
      },
    });
    feed.show(statusInterval, (snapshot) => {
      this.#context.show(this.#host.state, snapshot);
      this.#statusBar.show(snapshot);
      this.#tree.wearBadge(snapshot);
      this.#alerts?.see(snapshot);
    });
    return feed;
  }
}
