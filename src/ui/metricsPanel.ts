/** The panel of the metrics: at most one, beside the editors. Loaded when it is first opened or restored. */
import { randomBytes } from 'node:crypto';
import { commands, TabInputWebview, Uri, ViewColumn, window } from 'vscode';
import type { Tab, WebviewPanel } from 'vscode';
import type { Clock, Log } from '../core/ports.ts';
import { metricsPanelId } from './commandIds.ts';
import { metricsHtml } from './metricsHtml.ts';
import { MetricsScreen } from './metricsScreen.ts';
import type { MetricsSource } from './metricsScreen.ts';

export interface MetricsPanelPorts {
  readonly extensionUri: Uri;
  readonly clock: Clock;
  readonly log: Log;
}

export class MetricsPanel implements Disposable {
  readonly #ports: MetricsPanelPorts;
  #open: { readonly panel: WebviewPanel; readonly screen: MetricsScreen } | undefined;
  #source: MetricsSource | undefined;
  #why = '';

  constructor(ports: MetricsPanelPorts) {
    this.#ports = ports;
  }

  /** Opens the panel, or brings it to the front, also one that the editor has not restored yet. */
  async show(): Promise<void> {
    if (this.#open !== undefined) {
      this.#open.panel.reveal();
      return;
    }
    const tab = tabOfLastWindow();
    // The editor restores a tab that is seen by itself, and one that is hidden once it is chosen.
    if (tab?.isActive === true) return;
    if (tab?.group.isActive === true) {
      await commands.executeCommand('workbench.action.openEditorAtIndex', tab.group.tabs.indexOf(tab));
      return;
    }
    // There is no command that chooses a tab of another group.
    if (tab !== undefined) await window.tabGroups.close(tab);
    this.adopt(window.createWebviewPanel(metricsPanelId, 'Podium Metrics', ViewColumn.Active));
  }

  /** Takes a panel that the editor has restored after a reload of the window. */
  adopt(panel: WebviewPanel): void {
    this.#open?.panel.dispose();
    const folder = Uri.joinPath(this.#ports.extensionUri, 'dist', 'webview');
    const { webview } = panel;
    const { clock, log } = this.#ports;
    const screen = new MetricsScreen({ clock, log, post: (message) => void webview.postMessage(message) });
    const open = { panel, screen };
    this.#open = open;
    webview.onDidReceiveMessage((message: unknown) => screen.receive(message));
    panel.onDidChangeViewState(() => {
      if (!panel.visible) screen.hide();
    });
    panel.onDidDispose(() => {
      screen[Symbol.dispose]();
      if (this.#open === open) this.#open = undefined;
    });
    screen.follow(this.#source, this.#why);
    webview.options = { enableScripts: true, localResourceRoots: [folder] };
    const address = (file: string): string => webview.asWebviewUri(Uri.joinPath(folder, file)).toString();
    webview.html = metricsHtml({
      cspSource: webview.cspSource,
      script: address('metrics.js'),
      style: address('metrics.css'),
      nonce: randomBytes(16).toString('base64'),
    });
  }

  /** Draws from this source from now on. @param why what to say while there is none */
  follow(source: MetricsSource | undefined, why: string): void {
    this.#source = source;
    this.#why = why;
    this.#open?.screen.follow(source, why);
  }

  /** The panel itself stays: the editor closes it, or restores it in the next window. */
  [Symbol.dispose](): void {
    this.#open?.screen[Symbol.dispose]();
  }
}

function tabOfLastWindow(): Tab | undefined {
  // The editor puts a prefix of its own before the type of a panel.
  return window.tabGroups.all
    .flatMap((group) => group.tabs)
    .find(({ input }) => input instanceof TabInputWebview && input.viewType.endsWith(metricsPanelId));
}
