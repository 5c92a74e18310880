/**
 * The composition root of the editor's side: reads folders, trust and settings from VS Code, opens the orchestra on
 * the window's storage folder and gives screens and commands what they need.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { EventEmitter, lm, window, workspace } from 'vscode';
import type { ExtensionContext, Uri, WorkspaceFolder } from 'vscode';
import type { Control } from './core/control.ts';
import { PodiumError, messageOf } from './core/errors.ts';
import type { WorkspaceId } from './core/model.ts';
import type { Log, LogLevel } from './core/ports.ts';
import { parseEndpoint } from './models/endpoint.ts';
import { OpenAiModel } from './models/openaiModel.ts';
import type { Offer } from './elsewhere.ts';
import type { Folder, Orchestra } from './orchestra.ts';
import { baseStorageDirectory } from './store/directory.ts';
import { systemClock } from './system/systemClock.ts';
import { EditorModel } from './ui/models/editorModel.ts';
import { HouseModels } from './ui/models/houseModels.ts';
import { whenReady } from './ui/readiness.ts';
import { registerUi } from './ui/registerUi.ts';
import { Settings } from './ui/settings/settings.ts';
import type { PodiumSettings } from './ui/settings/settingsModel.ts';
import type { FolderOffer, HostState, House, ModelDesk, UiHost } from './ui/uiHost.ts';

/** What `extensions.getExtension('podium.podium')?.activate()` gives to other extensions. */
export interface PodiumApi {
  /**
   * The verbs of this window's tasks, once they are open: those that the commands use, with the same checks.
   * @throws PodiumError why they are not open, `unknown-workspace` without a folder
   */
  whenReady(): Promise<Control>;
}

class Podium implements UiHost, PodiumApi {
  readonly clock = systemClock;
  readonly log: Log;
  readonly #context: ExtensionContext;
  readonly #channel = window.createOutputChannel('Podium', { log: true });
  readonly #changed = new EventEmitter<void>();
  readonly #settings: Settings;
  readonly #house: HouseModels;
  /** A person has just asked for a call to a model. */
  #acting = false;
  #state: HostState = { kind: 'starting' };
  #orchestra: Orchestra | undefined;
  #opening: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(context: ExtensionContext) {
    this.#context = context;
    this.log = { write: (level, message, fields) => this.#write(level, message, fields) };
    this.#settings = new Settings(this.log);
    this.#house = new HouseModels({
      makers: {
        parseEndpoint,
        endpointModel: (options) => new OpenAiModel(options),
        listModels: async (options, signal) =>
          await (await import('./models/openaiClient.ts')).listModels(options, signal),
        editorModel: (choice) =>
          new EditorModel(choice, context.languageModelAccessInformation, () => this.#acting),
      },
      settings: () => this.#settings.current.model,
      onDidChangeSettings: this.#settings.onDidChange,
      onDidChangeEditorModels: lm.onDidChangeChatModels,
      secrets: context.secrets,
      memory: context.globalState,
      log: this.log,
    });
    context.subscriptions.push(
      this.#channel,
      this.#changed,
      { dispose: () => this.#settings[Symbol.dispose]() },
      { dispose: () => this.#house[Symbol.dispose]() },
      this.#house.onDidChange(() => this.#modelsChanged()),
      this.#settings.onDidChange((settings) => this.#apply(settings)),
      workspace.onDidGrantWorkspaceTrust(() => this.#orchestra?.desk.conditionsChanged()),
      workspace.onDidChangeWorkspaceFolders(() => this.#foldersChanged()),
    );
  }

  get models(): ModelDesk {
    return {
      house: this.#house,
      settings: this.#settings.current.model,
      parseEndpoint,
      acting: async (work) => {
        this.#acting = true;
        try {
          return await work();
        } finally {
          this.#acting = false;
        }
      },
      changed: () => this.#modelsChanged(),
    };
  }

  get state(): HostState {
    return this.#state;
  }

  get onDidChangeState(): UiHost['onDidChangeState'] {
    return this.#changed.event;
  }

  showOutput(): void {
    this.#channel.show();
  }

  /** Opens the store, or opens it again after it failed; never rejects. */
  reopen(): void {
    this.#opening = this.#opening.then(() => this.#open());
  }

  async whenReady(): Promise<Control> {
    const house = await whenReady(this);
    if (house !== undefined) return house.control;
    throw new PodiumError('unknown-workspace', 'Podium keeps the tasks of a folder. Open one first.');
  }

  /** Ends what runs, tidily, and closes the store. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#opening;
    await this.#orchestra?.close();
  }

  async #open(): Promise<void> {
    if (this.#stopped || this.#state.kind === 'ready') return;
    const folders = this.#folders();
    const offered = this.#context.storageUri;
    if (folders.length === 0 || offered === undefined) {
      this.#become({ kind: 'no-folder' });
      return;
    }
    this.#become({ kind: 'starting' });
    try {
      const { openOrchestra } = await import('./orchestra.ts');
      const orchestra = await openOrchestra({
        storage: baseStorageDirectory(offered.fsPath, existsSync),
        supervisor: this.#context.asAbsolutePath(path.join('dist', 'supervisor.cjs')),
        settings: this.#settings.current,
        trusted: () => workspace.isTrusted,
        log: this.log,
        onProblems: (problems) => this.#settings.report('agents', problems),
        eventLog: process.env.PODIUM_EVENT_LOG,
        models: this.#house,
        registry: path.join(this.#context.globalStorageUri.fsPath, 'folders'),
      });
      this.#orchestra = orchestra;
      this.#warn(orchestra.store.notices);
      await orchestra.open(folders);
      this.#become({ kind: 'ready', house: this.#houseOf(orchestra) });
    } catch (thrown) {
      this.log.write('error', `The tasks could not be opened: ${messageOf(thrown)}`);
      const error =
        thrown instanceof PodiumError
          ? thrown
          : new PodiumError('store-unavailable', messageOf(thrown), { cause: thrown });
      this.#become({ kind: 'failed', error });
    }
  }

  #houseOf(orchestra: Orchestra): House {
    const { desk, places } = orchestra;
    const runDirectoryOf: House['runDirectoryOf'] = (task) =>
      task.claim === 0 ? undefined : places.runDirectory({ taskId: task.id, claim: task.claim });
    const inRun = (task: Parameters<House['logFileOf']>[0], name: string): string | undefined => {
      const directory = runDirectoryOf(task);
      return directory === undefined ? undefined : path.join(directory, name);
    };
    return {
      control: desk,
      history: orchestra.history,
      folderOf: (id) => openFolders().find((folder) => folder.id === id)?.resource,
      workspaceOf: (resource) => {
        const folder = workspace.getWorkspaceFolder(resource);
        return folder === undefined ? undefined : workspaceIdOf(folder);
      },
      runDirectoryOf,
      logFileOf: (task) => inRun(task, 'output.log'),
      resultFileOf: (task) => inRun(task, 'output.log'),
      dismissRecovery: () => desk.dismissRecovery(),
      elsewhere: this.#elsewhere(orchestra),
      meanings: orchestra.meanings,
      parseCommandLine: orchestra.parseCommandLine,
      formatCommandLine: orchestra.formatCommandLine,
      samples: {
        runaway: async () => await orchestra.startRunaway(),
        read: (id) => orchestra.sampleTasks(id),
        create: async (id) => {
          if (!workspace.isTrusted) {
            throw new PodiumError(
              'untrusted',
              'The folder is in Restricted Mode. Trust it to run programs in it.',
            );
          }
          await orchestra.copySample(this.#context.asAbsolutePath(path.join('media', 'sample')), id);
          return await orchestra.sampleTasks(id);
        },
      },
    };
  }

  #elsewhere({ elsewhere, offers }: Orchestra): House['elsewhere'] {
    const named = (found: readonly Offer[]): readonly FolderOffer[] =>
      found.flatMap((offer) => {
        const folder = openFolders().find(({ id }) => id === offer.workspaceId);
        return folder === undefined ? [] : [{ ...offer, name: folder.name }];
      });
    const changed = new EventEmitter<void>();
    this.#context.subscriptions.push(changed);
    offers.addEventListener('change', () => changed.fire());
    return {
      get offers() {
        return named(elsewhere.offers);
      },
      onDidChange: changed.event,
      all: async () => named(await elsewhere.look('never')),
      bring: (offer) => elsewhere.bring(offer),
      never: (id) => elsewhere.never(id),
    };
  }

  #become(state: HostState): void {
    this.#state = state;
    this.#changed.fire();
  }

  #apply(settings: PodiumSettings): void {
    this.#orchestra?.apply(settings).catch((thrown: unknown) => {
      this.log.write('error', `The settings could not be applied: ${messageOf(thrown)}`);
    });
  }

  #modelsChanged(): void {
    this.#orchestra?.modelsChanged().catch((thrown: unknown) => {
      this.log.write('error', `The models could not be changed: ${messageOf(thrown)}`);
    });
  }

  /** The open folders, each with how it shares with the others. */
  #folders(): readonly Folder[] {
    return openFolders().map((folder) => ({
      ...folder,
      sharing: () => this.#settings.sharingOf(folder.resource),
    }));
  }

  #foldersChanged(): void {
    if (this.#orchestra === undefined) {
      this.reopen();
      return;
    }
    this.#orchestra.open(this.#folders()).catch((thrown: unknown) => {
      this.log.write('error', `The folders could not be opened: ${messageOf(thrown)}`);
    });
  }

  /** How the store was found, when that is worth a word: damage that was put aside. */
  #warn(notices: readonly string[]): void {
    const showLog = 'Show Podium Log';
    for (const notice of notices) {
      window.showWarningMessage(notice, showLog).then(
        (chosen) => {
          if (chosen === showLog) this.showOutput();
        },
        (thrown: unknown) => this.log.write('error', `A message could not be shown: ${messageOf(thrown)}`),
      );
    }
  }

  #write(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void {
    const line = fields === undefined ? message : `${message} ${JSON.stringify(fields)}`;
    this.#channel[level](line);
  }
}

/** Folders on this machine's disk; Podium runs programs, so others are of no use to it. */
function openFolders(): readonly (Folder & { readonly resource: Uri })[] {
  return (workspace.workspaceFolders ?? [])
    .filter((folder) => folder.uri.scheme === 'file')
    .map((folder) => ({
      id: workspaceIdOf(folder),
      uri: folder.uri.toString(),
      name: folder.name,
      path: folder.uri.fsPath,
      resource: folder.uri,
    }));
}

/** The same folder has the same id in every window and after every restart. */
function workspaceIdOf(folder: WorkspaceFolder): WorkspaceId {
  return createHash('sha256').update(folder.uri.toString()).digest('hex').slice(0, 16) as WorkspaceId;
}

/**
 * Starts Podium in this window. Screens and commands exist on return; the store opens afterwards.
 * @returns what ends it, and the desk behind the screens
 */
export function startPodium(context: ExtensionContext): Pick<Podium, 'stop' | 'whenReady'> {
  const podium = new Podium(context);
  registerUi(context, podium);
  podium.reopen();
  return podium;
}
