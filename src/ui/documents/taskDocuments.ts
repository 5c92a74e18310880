/** Logs and results as read-only documents; a log follows its file while the task runs. */
import { stat } from 'node:fs/promises';
import { EventEmitter, TextEditorRevealType, Uri, window, workspace } from 'vscode';
import type { Event, TextDocumentChangeEvent, TextDocumentContentProvider, TextEditor } from 'vscode';
import { messageOf, PodiumError } from '../../core/errors.ts';
import type { PastTask } from '../../core/history/pastTask.ts';
import type { Task, TaskId } from '../../core/model.ts';
import { standingText } from '../present/standingText.ts';
import { started } from '../readiness.ts';
import type { House, UiHost } from '../uiHost.ts';
import { documentName } from './documentText.ts';
import type { DocumentFacts } from './documentText.ts';

export const documentScheme = 'podium';

/** Ends of the names of their tabs. */
const suffixes = { log: '.log', result: '.result.txt', why: '.why.txt', tree: '.tree.txt' } as const;
const kinds = ['log', 'result', 'history', 'why', 'tree', 'meanings'] as const;
type DocumentKind = (typeof kinds)[number];

/** More than this of a file is not shown. */
const shownBytes = 1024 * 1024;
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
interface Page {
  readonly uri: Uri;
  readonly kind: DocumentKind;
  readonly taskId: TaskId;
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
    if (page.kind === 'meanings') {
      const { meaningsText } = await import('./explanations.ts');
      return meaningsText(await state.house.meanings.learned());
    }
    // What is past does not change.
    if (page.kind === 'history') return await this.#renderPast(page.taskId, state.house);
    const text =
      page.kind === 'why' || page.kind === 'tree'
        ? await this.#renderWhy(page, state.house)
        : await this.#render(page, state.house);
    this.#follow(page);
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

  async #renderPast(id: TaskId, house: House): Promise<string> {
    const task = await house.history.find(id);
    if (task === undefined) return 'This task does not exist any more.';
    const logFile = house.logFileOf(task);
    const { pastText } = await import('./explanations.ts');
    return pastText({
      task,
      agent: house.control.agents().find((agent) => agent.id === task.agentId),
      commandLine: task.argv === null ? undefined : house.formatCommandLine(task.argv),
      logFile: logFile !== undefined && (await sizeOf(logFile)) >= 0 ? logFile : undefined,
      now: this.#host.clock.wallClock(),
    });
  }

  async #renderWhy(page: Page, house: House): Promise<string> {
    const text = await this.#why(page, house);
    page.version = versionOfWhy(text);
    return text ?? (await this.#renderPast(page.taskId, house));
  }

  async #render(page: Page, house: House): Promise<string> {
    const task = await house.control.task(page.taskId);
    // It may have been put into the archive meanwhile.
    if (task === undefined) return await this.#renderPast(page.taskId, house);
    const file = fileOf(page.kind, task, house);
    page.version = await versionOf(task, file);
    const { logText, readTail, resultText } = await import('./explanations.ts');
    const facts: DocumentFacts = {
      task,
      agent: house.control.agents().find(({ id }) => id === task.agentId),
      commandLine: task.input.argv === undefined ? undefined : house.formatCommandLine(task.input.argv),
      file,
      tail: file === undefined ? undefined : await readTail(file, shownBytes),
      now: this.#host.clock.wallClock(),
    };
    return page.kind === 'log' ? logText(facts) : resultText(facts);
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
        const version = await this.#versionOf(page, state.house);
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

  async #why({ kind, taskId }: Pick<Page, 'kind' | 'taskId'>, house: House): Promise<string | undefined> {
    const { treeDocument, whyDocument } = await import('./explanations.ts');
    const { clock, models } = this.#host;
    const now = clock.wallClock();
    if (kind === 'tree') return await treeDocument(taskId, house, now);
    return await whyDocument(taskId, house, now, standingText(models.house.standing));
  }

  async #versionOf({ kind, taskId }: Page, house: House): Promise<string | undefined> {
    if (kind === 'why' || kind === 'tree') return versionOfWhy(await this.#why({ kind, taskId }, house));
    const task = await house.control.task(taskId);
    return task === undefined ? undefined : await versionOf(task, fileOf(kind, task, house));
  }

  #keepAtEnd({ document }: TextDocumentChangeEvent): void {
    if (document.uri.scheme !== documentScheme) return;
    for (const editor of editorsOf(document.uri)) if (this.#atEnd.delete(editor)) revealEnd(editor);
  }
}

function meaningsUri(): Uri {
  return Uri.from({ scheme: documentScheme, path: '/Learned Meanings.txt', query: 'meanings=all' });
}

function fileOf(kind: DocumentKind, task: Task, house: House): string | undefined {
  return kind === 'log' ? house.logFileOf(task) : house.resultFileOf(task);
}

/** Without ages, which change all the time: they are told anew with whatever else is. */
function versionOfWhy(text: string | undefined): string {
  return (text ?? '').replaceAll(/\d+ (?:s|min|h|d) (?:\d+ (?:s|min|h) )?ago|As of .*/gu, '');
}

async function versionOf(task: Task, file: string | undefined): Promise<string> {
  const size = file === undefined ? 0 : await sizeOf(file);
  return `${task.claim} ${task.status} ${size}`;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return -1;
    throw thrown;
  }
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
