/** The page of the metrics begins here: it says that it is there, and shows what it is sent. */
import { locale } from './page/speakable.ts';
import { parsePageState, parsePanelMessage } from '../shared/metricsMessages.ts';
import type { PageMessage } from '../shared/metricsMessages.ts';
import { MetricsPage } from './page/metricsPage.ts';
import { formatsOf } from './present/formats.ts';

/** What the editor gives a page. */
declare function acquireVsCodeApi(): {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
};

const editor = acquireVsCodeApi();
const send = (message: PageMessage): void => editor.postMessage(message);

const root = document.querySelector<HTMLElement>('#metrics');
if (root === null) throw new Error('The page has no place for the metrics.');

const state = parsePageState(editor.getState());
const page = new MetricsPage(root, {
  formats: formatsOf(locale),
  state,
  onRange: (range) => send({ type: 'range', range }),
  onState: (changed) => editor.setState(changed),
});
// Also at the first time: the editor restores only pages that have a state.
editor.setState(state);

// The editor is the only one who can send: it is the parent, and its messages come through its own frame.
window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  const message = parsePanelMessage(data);
  if (message !== undefined) page.show(message);
});

// The editor tells of another theme by the classes of the body.
new MutationObserver(() => page.redraw()).observe(document.body, {
  attributes: true,
  attributeFilter: ['class', 'data-vscode-theme-id', 'data-vscode-theme-kind'],
});

send({ type: 'ready', range: state.range });
