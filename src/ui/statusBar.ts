/** The item in the status bar. */
import { StatusBarAlignment, ThemeColor, window } from 'vscode';
import type { MarkdownString, StatusBarItem } from 'vscode';
import type { Snapshot } from '../core/metrics/snapshot.ts';
import { taskViewId } from './commandIds.ts';
import type { CommandId } from './commandIds.ts';
import { statusBarText } from './present/statusBarText.ts';
import { tooltipOf } from './render.ts';
import type { HostState } from './uiHost.ts';

const metricsCommand: CommandId = 'podium.openMetrics';

export class StatusBar implements Disposable {
  readonly #item: StatusBarItem;

  constructor() {
    this.#item = window.createStatusBarItem('podium.status', StatusBarAlignment.Left, 10);
    this.#item.name = 'Podium';
    this.#item.command = { command: `${taskViewId}.focus`, title: 'Show Tasks' };
  }

  /** Shows what there is to show before the first snapshot. */
  showState(state: HostState): void {
    switch (state.kind) {
      case 'no-folder':
        this.#item.hide();
        return;
      case 'starting':
        this.#set('$(loading~spin) Podium', 'Podium is opening its tasks');
        break;
      case 'failed':
        this.#set('$(error) Podium', `Podium could not open its tasks: ${state.error.message}`);
        break;
      case 'ready':
        this.#set('$(checklist) Podium', 'Podium');
        break;
    }
    this.#item.show();
  }

  show(snapshot: Snapshot): void {
    const { text, spoken, alarming, tooltip } = statusBarText(snapshot);
    // The item is replaced on every assignment: leave it alone while it says the same.
    if (text !== this.#item.text || spoken !== this.#item.accessibilityInformation?.label)
      this.#set(text, spoken);
    this.#item.tooltip = withMetricsLink(tooltipOf(tooltip));
    this.#item.backgroundColor = alarming ? new ThemeColor('statusBarItem.warningBackground') : undefined;
  }

  [Symbol.dispose](): void {
    this.#item.dispose();
  }

  #set(text: string, spoken: string): void {
    this.#item.text = text;
    this.#item.tooltip = tooltipOf([{ text: spoken }]);
    this.#item.accessibilityInformation = { label: spoken };
  }
}

/** What stands before is escaped, and no other command can be called from here. */
function withMetricsLink(tooltip: MarkdownString): MarkdownString {
  tooltip.isTrusted = { enabledCommands: [metricsCommand] };
  return tooltip.appendMarkdown(`\n\n[Show Metrics](command:${metricsCommand})`);
}
