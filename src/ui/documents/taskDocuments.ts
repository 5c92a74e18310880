/** Logs and results as read-only documents; a log follows its file while the task runs. */
import { EventEmitter, TextEditorRevealType, Uri, window, workspace } from 'vscode';
import type { Event, TextDocumentChangeEvent, TextDocumentContentProvider, TextEditor } from 'vscode';
import { messageOf, PodiumError } from '../../core/errors.ts';
import type { PastTask } from '../../core/history/pastTask.ts';
import type { Task, TaskId } from '../../core/model.ts';
import { started } from '../readiness.ts';
import type { UiHost } from '../uiHost.ts';
import { documentName } from './documentText.ts';
import type { DocumentKind, PageName } from './pageText.ts';

export const documentScheme = 'podium';

/** Ends of the names of their tabs. */
const suffixes = { log: '.log', result: '.result.txt', why: '.why.txt', tree: '.tree.txt' } as const;
const kinds: readonly DocumentKind[] = ['log', 'result', 'history', 'why', 'tree', 'meanings'];

/** Time between two looks at a growing log. */
const followInterval = 500;
/** The same for an explanation. */
const explainInterval = 2_000;

export interface DocumentPlace {
  /** The focus stays where it is. */
  readonly keepFocus: boolean;
  /** The next document takes the place of this one. */
  readonly preview: boolean;
}

/** An open document, and what it was made from. */
interface Page extends PageName {
  readonly uri: Uri;
  /** Changes whenever the text would. */
  version: string;
  timer: Disposable | undefined;
}

export class TaskDocuments implements TextDocumentContentProvider, Disposable {
  readonly #host: UiHost;
  readonly #changed = new EventEmitter<Uri>();
  readonly #pages = new Map<string, Page>();
  readonly #resources: { dispose(): unknown }[];
  /** Editors that showed the end of their log before it grew. */
  readonly #atEnd = new WeakSet<TextEditor>();

  constructor(host: UiHost) {
    this.#host = host;
    this.#resources = [
      this.#changed,
      workspace.registerTextDocumentContentProvider(documentScheme, this),
      workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      workspace.onDidChangeTextDocument((event) => this.#keepAtEnd(event)),
    ];
  }

  get onDidChange(): Event<Uri> {
    return this.#changed.event;
  }

  /** Shows everything that is known of a finished task, wherever it is kept. */
  async openPast(task: PastTask): Promise<void> {
    const path = `/${documentName(task.title, '.task.txt')}`;
    const uri = Uri.from({ scheme: documentScheme, path, query: `history=${task.id}` });
    await window.showTextDocument(await workspace.openTextDocument(uri), { preview: true });
  }

  /** Shows what was learned of words. */
  async openMeanings(): Promise<void> {
    this.meaningsChanged();
    await window.showTextDocument(await workspace.openTextDocument(meaningsUri()), { preview: true });
  }

  /** An open list of what was learned is written anew. */
  meaningsChanged(): void {
    this.#changed.fire(meaningsUri());
  }

  async open(kind: keyof typeof suffixes, task: Task, { keepFocus, preview }: DocumentPlace): Promise<void> {
    const path = `/${documentName(task.title, suffixes[kind])}`;
    const uri = Uri.from({ scheme: documentScheme, path, query: `${kind}=${task.id}` });
    // One that is open already shows what is there now, not what was there when it was opened.
    if (this.#pages.has(uri.toString())) this.#changed.fire(uri);
    const document = await workspace.openTextDocument(uri);
    const editor = await window.showTextDocument(document, { preview, preserveFocus: keepFocus });
    if (kind === 'log' && task.status === 'running') revealEnd(editor);
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    await started(this.#host);
    const { state } = this.#host;
    const page = this.#pageOf(uri);
    if (page === undefined) return 'This is no document of Podium.';
    if (state.kind !== 'ready') return 'The tasks are not open.';
    const { pageText } = await import('./explanations.ts');
    const { text, version } = await pageText(page, state.house, this.#host);
    page.version = version;
    // What is past does not change, and what was learned is told of.
    if (page.kind !== 'history' && page.kind !== 'meanings') this.#follow(page);
    return text;
  }

  [Symbol.dispose](): void {
    for (const { uri } of [...this.#pages.values()]) this.#forget(uri);
    for (const resource of this.#resources) resource.dispose();
  }

  #pageOf(uri: Uri): Page | undefined {
    const key = uri.toString();
    const known = this.#pages.get(key);
    if (known !== undefined) return known;
    const [name, id] = uri.query.split('=', 2);
    const kind = kinds.find((one) => one === name);
    if (kind === undefined || id === undefined) return undefined;
    const page: Page = { uri, kind, taskId: id as TaskId, version: '', timer: undefined };
    this.#pages.set(key, page);
    return page;
  }

  #forget(uri: Uri): void {
    const page = this.#pages.get(uri.toString());
    page?.timer?.[Symbol.dispose]();
    this.#pages.delete(uri.toString());
  }

  /** Looks again after a while, as long as the document is open. */
  #follow(page: Page): void {
    page.timer?.[Symbol.dispose]();
    if (!this.#pages.has(page.uri.toString())) return;
    const explains = page.kind === 'why' || page.kind === 'tree';
    const interval = explains ? explainInterval : followInterval;
    page.timer = this.#host.clock.setTimer(interval, () => void this.#look(page));
  }

  async #look(page: Page): Promise<void> {
    try {
      const { state } = this.#host;
      // Only what is on the screen is worth reading.
      if (state.kind === 'ready' && editorsOf(page.uri).length > 0) {
        const { pageVersion } = await import('./explanations.ts');
        const version = await pageVersion(page, state.house, this.#host);
        if (version !== undefined && version !== page.version) {
          for (const editor of editorsOf(page.uri)) if (showsEnd(editor)) this.#atEnd.add(editor);
          this.#changed.fire(page.uri); // asks for the text, which follows again
          return;
        }
      }
    } catch (thrown) {
      if (!(thrown instanceof PodiumError && thrown.code === 'closed')) {
        this.#host.log.write('warn', `A log could not be followed: ${messageOf(thrown)}`, {
          task: page.taskId,
        });
      }
    }
    this.#follow(page);
  }

  #keepAtEnd({ document }: TextDocumentChangeEvent): void {
    if (document.uri.scheme !== documentScheme) return;
    for (const editor of editorsOf(document.uri)) if (this.#atEnd.delete(editor)) revealEnd(editor);
  }
}

function meaningsUri(): Uri {
  return Uri.from({ scheme: documentScheme, path: '/Learned Meanings.txt', query: 'meanings=all' });
}

function editorsOf(uri: Uri): readonly TextEditor[] {
  const key = uri.toString();
  return window.visibleTextEditors.filter(({ document }) => document.uri.toString() === key);
}

function showsEnd({ visibleRanges, document }: TextEditor): boolean {
  const last = visibleRanges.at(-1)?.end.line ?? 0;
  return last >= document.lineCount - 2;
}

function revealEnd(editor: TextEditor): void {
  const { range } = editor.document.lineAt(editor.document.lineCount - 1);
  editor.revealRange(range, TextEditorRevealType.Default);
}
