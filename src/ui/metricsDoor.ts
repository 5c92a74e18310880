/** The way to the panel of the metrics, whose code is read when it is first opened or restored. */
import { window } from 'vscode';
import { metricsPanelId } from './commandIds.ts';
import type { MetricsPanel, MetricsPanelPorts } from './metricsPanel.ts';
import type { MetricsSource } from './metricsScreen.ts';
import type { HostState } from './uiHost.ts';

export class MetricsDoor implements Disposable {
  readonly #ports: MetricsPanelPorts;
  readonly #serializer: { dispose(): unknown };
  #panel: Promise<MetricsPanel> | undefined;
  #source: MetricsSource | undefined;
  #why = '';

  constructor(ports: MetricsPanelPorts) {
    this.#ports = ports;
    this.#serializer = window.registerWebviewPanelSerializer(metricsPanelId, {
      // What the page remembers it reads itself.
      deserializeWebviewPanel: async (panel) => (await this.#load()).adopt(panel),
    });
  }

  async show(): Promise<void> {
    await (await this.#load()).show();
  }

  /** Draws from this source from now on. */
  follow(source: MetricsSource | undefined, state: HostState): void {
    this.#source = source;
    this.#why = whyClosed(state);
    void this.#panel?.then((panel) => panel.follow(source, this.#why));
  }

  [Symbol.dispose](): void {
    this.#serializer.dispose();
    void this.#panel?.then((panel) => panel[Symbol.dispose]());
  }

  #load(): Promise<MetricsPanel> {
    this.#panel ??= import('./metricsPanel.ts').then((module) => {
      const panel = new module.MetricsPanel(this.#ports);
      panel.follow(this.#source, this.#why);
      return panel;
    });
    return this.#panel;
  }
}

function whyClosed(state: HostState): string {
  switch (state.kind) {
    case 'no-folder':
      return 'Podium keeps the tasks of a folder. Open one first.';
    case 'starting':
    case 'ready':
      return 'Podium is opening its tasks.';
    case 'failed':
      return `Podium could not open its tasks: ${state.error.message}`;
  }
}
