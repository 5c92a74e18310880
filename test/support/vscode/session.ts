import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { EventLog } from './eventLog.ts';
import { cached } from './install.ts';
import { existingPackage, packageDigest } from './package.ts';
import { installExtension, startServer } from './server.ts';
import type { EditorServer, ServerOptions } from './server.ts';
import { Workbench } from './workbench/workbench.ts';

/** What a test wants of its VS Code. */
export interface SessionOptions {
  /** Folder to open; by default a new, empty one. `false`: a window without a folder. */
  readonly folder?: string | false;
  /** Workspace Trust on, so that the folder opens in Restricted Mode; default false. */
  readonly trust?: boolean;
  /** Machine settings, for example `{ 'podium.workers': 2 }`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Added to the environment of the extension host. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Without Podium installed. */
  readonly bare?: boolean;
  /** Folders of other extensions that are installed beside it. */
  readonly others?: readonly string[];
}

interface SessionParts {
  readonly server: EditorServer;
  readonly serverOptions: ServerOptions;
  readonly browser: Browser;
  readonly scratch: string;
  readonly folder: string | undefined;
}

/**
 * A VS Code of its own with the packaged extension in it: server, browser and one window. Disposing it ends
 * all processes and removes its folders.
 */
export class Session implements AsyncDisposable {
  /** The folder that is open, or undefined. */
  readonly folder: string | undefined;
  /** Everything Podium did in this session, across reloads. */
  readonly events: EventLog;
  readonly #browser: Browser;
  readonly #scratch: string;
  readonly #serverOptions: ServerOptions;
  readonly #pastServers: EditorServer[] = [];
  #server: EditorServer;
  #context: BrowserContext | undefined;
  #workbench: Workbench | undefined;

  /** Use {@link openSession}. */
  constructor(parts: SessionParts) {
    this.folder = parts.folder;
    this.events = new EventLog(eventLogIn(parts.scratch));
    this.#browser = parts.browser;
    this.#scratch = parts.scratch;
    this.#serverOptions = parts.serverOptions;
    this.#server = parts.server;
  }

  get server(): EditorServer {
    return this.#server;
  }

  /** Kills the editor without warning, as a crash would; what Podium has started goes on unattended. */
  async crash(): Promise<void> {
    await this.#server.crash();
    await this.closeWindow();
  }

  /** Starts the editor again on the same data, after {@link crash}, and opens the window. */
  async startAgain(): Promise<Workbench> {
    this.#pastServers.push(this.#server);
    // The editor files a folder's storage under the address it is opened at.
    this.#server = await startServer({ ...this.#serverOptions, preferredPort: this.#server.port });
    return this.openWindow();
  }

  /** The window. @throws Error after {@link closeWindow} */
  get workbench(): Workbench {
    if (!this.#workbench) throw new Error('There is no window.');
    return this.#workbench;
  }

  /** Closes the window, if there is one, and opens one on the folder, as a new visitor would see it. */
  async openWindow(folder: string | undefined = this.folder): Promise<Workbench> {
    await this.closeWindow();
    this.#context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 } });
    this.#workbench = new Workbench(await this.#context.newPage());
    await this.#workbench.open(this.server.url(folder));
    return this.#workbench;
  }

  /** Opens a second window next to the first one; it is closed with the session. */
  async secondWindow(folder: string | undefined = this.folder): Promise<Workbench> {
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 } });
    const workbench = new Workbench(await context.newPage());
    await workbench.open(this.server.url(folder));
    return workbench;
  }

  /** Closes the window: its extension host ends. */
  async closeWindow(): Promise<void> {
    this.#workbench = undefined;
    await this.#context?.close();
    this.#context = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
    for (const server of [this.#server, ...this.#pastServers]) await server[Symbol.asyncDispose]();
    await rm(this.#scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

const eventLogIn = (scratch: string): string => path.join(scratch, 'events.jsonl');

/** Gives a data folder the packaged extension: it is installed once per package and copied from then on. */
async function installInto(dataFolder: string): Promise<void> {
  const vsix = await existingPackage();
  const installed = await cached(`podium-${await packageDigest(vsix)}`, (folder) =>
    installExtension(folder, vsix),
  );
  await cp(path.join(installed, 'extensions'), path.join(dataFolder, 'extensions'), { recursive: true });
}

/** Installs an extension from its folder, as it is: copied, and entered in the editor's list. */
async function installBeside(dataFolder: string, folder: string): Promise<void> {
  const { name, publisher, version } = JSON.parse(
    await readFile(path.join(folder, 'package.json'), 'utf8'),
  ) as Readonly<Record<'name' | 'publisher' | 'version', string>>;
  const id = `${publisher}.${name}`;
  const extensions = path.join(dataFolder, 'extensions');
  const target = path.join(extensions, `${id}-${version}`);
  await cp(folder, target, { recursive: true });
  const file = path.join(extensions, 'extensions.json');
  const list = JSON.parse(await readFile(file, 'utf8')) as object[];
  const location = { $mid: 1, path: target, scheme: 'file' };
  list.push({ identifier: { id }, version, location, relativeLocation: path.basename(target) });
  await writeFile(file, JSON.stringify(list));
}

/** Starts a VS Code, with Podium installed from its package, and opens a window. */
export async function openSession(options: SessionOptions = {}): Promise<Session> {
  await using cleanup = new AsyncDisposableStack();
  const scratch = await mkdtemp(path.join(tmpdir(), 'podium-e2e-'));
  cleanup.defer(() => rm(scratch, { recursive: true, force: true, maxRetries: 5 }));
  const dataFolder = path.join(scratch, 'data');
  if (!options.bare) await installInto(dataFolder);
  for (const other of options.others ?? []) await installBeside(dataFolder, other);
  let folder: string | undefined;
  if (options.folder !== false) {
    folder = options.folder ?? path.join(scratch, 'workspace');
    await mkdir(folder, { recursive: true });
  }
  const serverOptions: ServerOptions = {
    dataFolder,
    token: false,
    trust: options.trust ?? false,
    ...(options.settings && { settings: options.settings }),
    environment: { PODIUM_EVENT_LOG: eventLogIn(scratch), ...options.environment },
    reconnectionGrace: 5,
  };
  const server = cleanup.use(await startServer(serverOptions));
  const browser = await launchBrowser();
  cleanup.defer(() => browser.close());
  const session = new Session({ server, serverOptions, browser, scratch, folder });
  await session.openWindow();
  cleanup.move(); // from here on the session owns all of it
  return session;
}
