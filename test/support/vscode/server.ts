import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { installEditor } from './install.ts';
import { cleanEnvironment, node } from './paths.ts';
import { commandLine, endProcessTree, processTree, signal } from './processTree.ts';
import { writeMachineSettings } from './settings.ts';

/** How a server is to be started. */
export interface ServerOptions {
  /** Where the server keeps settings, extensions and storage; made if it does not exist. */
  readonly dataFolder: string;
  /** A random connection token is needed to get in; default true. Only tests go without. */
  readonly token?: boolean;
  /** Workspace Trust, which asks before a folder's programs run; default true. */
  readonly trust?: boolean;
  /**
   * The page obeys a payload and talks to its driver, as tests inside the extension host need it; default
   * false. VS Code shows no notification toasts then.
   */
  readonly testDriver?: boolean;
  /** Port to use if it is free; otherwise, and by default, the system chooses one. */
  readonly preferredPort?: number;
  /** Added to the environment of the server and so of every extension host. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Machine settings on top of the calm ones. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** How long a lost page is waited for before its extension host ends, in seconds. */
  readonly reconnectionGrace?: number;
  /** File that receives everything the server prints; default `server.log` in the data folder. */
  readonly logFile?: string;
}

/** Pairs that the page hands to the workbench, such as `extensionTestsPath`. */
export type Payload = readonly (readonly [name: string, value: string])[];

/** A running server. Disposing it ends every process it started. */
export interface EditorServer extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
  readonly dataFolder: string;
  readonly logFile: string;
  /** `NAME=value` in the environment of the server and of everything below it. */
  readonly marker: string;
  /** Pids of the extension hosts: one per connected page. */
  extensionHosts(): Promise<number[]>;
  /**
   * Ends the server and its helpers, extension hosts included, without any warning, as a crash would. What
   * Podium has started stays, with nobody to watch it, until the server is disposed.
   */
  crash(): Promise<void>;
  /** Settles when the server has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Address of a window on a folder, or on a `.code-workspace` file, with the token if there is one. */
  url(folder?: string, payload?: Payload): string;
  /** `vscode-remote:` address of a path on this machine, as payloads want it. */
  remoteUri(file: string): string;
}

const readyLine = /Extension host agent listening on (\d+)/;
const startTimeout = 60_000;

async function isFree(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return false;
  } catch {
    return true;
  } finally {
    socket.destroy();
  }
}

/** Resolves with the port once the server listens. @throws Error with its output if it ends or hangs */
async function untilReady(child: ChildProcess, logFile: string): Promise<number> {
  let output = '';
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const fail = (why: string): void => reject(new Error(`VS Code ${why}; see ${logFile}\n${output}`));
  const watch = (chunk: Buffer): void => {
    output += chunk.toString();
    const port = readyLine.exec(output)?.[1];
    if (port !== undefined) resolve(Number(port));
  };
  const onExit = (code: number | null, name: string | null): void => fail(`ended at start (${code ?? name})`);
  const timer = setTimeout(() => fail(`did not start within ${startTimeout / 1000} s`), startTimeout);
  child.stdout?.on('data', watch);
  child.once('exit', onExit);
  child.once('error', reject);
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
    child.stdout?.off('data', watch);
    child.off('exit', onExit);
  }
}

/**
 * Starts the editor's server on the loopback interface.
 * @throws Error with the server's output when it does not come up within a minute
 */
export async function startServer(options: ServerOptions): Promise<EditorServer> {
  const editor = await installEditor();
  const { dataFolder } = options;
  await mkdir(dataFolder, { recursive: true });
  await writeMachineSettings(dataFolder, options.settings);
  const logFile = options.logFile ?? path.join(dataFolder, 'server.log');
  const token = options.token === false ? undefined : randomBytes(20).toString('hex');

  const preferred = options.preferredPort;
  const port = preferred !== undefined && (await isFree(preferred)) ? preferred : 0;
  const args = ['--host', '127.0.0.1', '--port', String(port), '--accept-server-license-terms'];
  args.push('--server-data-dir', dataFolder, '--telemetry-level', 'off');
  args.push('--reconnection-grace-time', String(options.reconnectionGrace ?? 10));
  if (token === undefined) {
    args.push('--without-connection-token');
  } else {
    // In a file: a command line can be read by every user of the machine.
    const file = path.join(dataFolder, 'token');
    await writeFile(file, token, { mode: 0o600 });
    args.push('--connection-token-file', file);
  }
  if (options.trust === false) args.push('--disable-workspace-trust');
  if (options.testDriver) args.push('--enable-smoke-test-driver');

  const launch = randomUUID();
  const marker = `PODIUM_LAUNCH=${launch}`;
  const leash = pathToFileURL(path.join(import.meta.dirname, 'leash.mjs')).href;
  const child = spawn(node, ['--import', leash, editor.serverMain, ...args], {
    // A group of its own, so that Ctrl+C in the terminal reaches us and not the server behind our back.
    detached: process.platform !== 'win32',
    stdio: ['pipe', 'pipe', 'pipe'],
    env: cleanEnvironment({
      ...options.environment,
      PODIUM_LEASH: String(process.pid),
      PODIUM_LAUNCH: launch,
    }),
  });
  const log = createWriteStream(logFile, { flags: 'w' });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      log.end();
      resolve();
    });
    child.once('error', () => resolve());
  });

  const end = async (): Promise<void> => {
    if (child.pid === undefined) return;
    await endProcessTree(child.pid, 5_000, marker);
    await ended;
  };
  /** The processes that run the editor's own code, parents first. */
  const helpers = async (): Promise<{ pid: number; command: string }[]> => {
    const tree = await processTree(child.pid ?? 0, marker);
    const lines = await Promise.all(
      tree.map(async ({ pid }) => ({ pid, command: (await commandLine(pid)) ?? '' })),
    );
    return lines.filter(({ command }) => command.includes(path.dirname(editor.serverMain)));
  };
  let bound: number;
  try {
    bound = await untilReady(child, logFile);
  } catch (error) {
    await end();
    throw error;
  }
  const authority = `127.0.0.1:${bound}`;
  return {
    pid: child.pid ?? 0,
    port: bound,
    dataFolder,
    logFile,
    marker,
    ended,
    url(folder, payload) {
      const url = new URL(`http://${authority}/`);
      if (token !== undefined) url.searchParams.set('tkn', token);
      const kind = folder?.endsWith('.code-workspace') === true ? 'workspace' : 'folder';
      if (folder !== undefined) url.searchParams.set(kind, pathToFileURL(folder).pathname);
      if (payload !== undefined) url.searchParams.set('payload', JSON.stringify(payload));
      return url.href;
    },
    remoteUri: (file) => `vscode-remote://${authority}${pathToFileURL(file).pathname}`,
    async extensionHosts() {
      return (await helpers())
        .filter(({ command }) => command.includes('--type=extensionHost'))
        .map(({ pid }) => pid);
    },
    async crash() {
      for (const { pid } of await helpers()) signal(pid, 'SIGKILL');
      await ended;
    },
    [Symbol.asyncDispose]: end,
  };
}

/**
 * Installs a packaged extension into a server's data folder, replacing an older one.
 * @throws Error with the editor's output when it refuses the package
 */
export async function installExtension(dataFolder: string, vsix: string): Promise<void> {
  const editor = await installEditor();
  await mkdir(dataFolder, { recursive: true });
  const args = [editor.serverMain, '--server-data-dir', dataFolder, '--accept-server-license-terms'];
  const { stdout, stderr } = await promisify(execFile)(
    node,
    [...args, '--telemetry-level', 'off', '--install-extension', vsix, '--force'],
    { env: cleanEnvironment() },
  );
  // The command ends with 0 even when the package was refused.
  if (!/successfully installed/i.test(stdout))
    throw new Error(`${vsix} was not installed:\n${stdout}${stderr}`);
}
