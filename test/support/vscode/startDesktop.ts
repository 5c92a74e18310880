import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { resolveCliPathFromVSCodeExecutablePath } from '@vscode/test-electron';
import {
  chooseVersion,
  DesktopUnavailable,
  hasDisplay,
  installArguments,
  obtain,
  profileIn,
  windowArguments,
} from './desktop.ts';
import type { Machine } from './desktop.ts';
import { thisMachine } from './desktopMachine.ts';
import { EventLog } from './eventLog.ts';
import { EventPrinter } from './eventPrinter.ts';
import { existingPackage, packageExtension } from './package.ts';
import { cleanEnvironment } from './paths.ts';
import { writeUserSettings } from './settings.ts';

export interface DesktopStart {
  readonly folder: string;
  /** Keeps settings, extensions and tasks of this VS Code, apart from the user's own. */
  readonly dataFolder: string;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** This one when absent. */
  readonly machine?: Machine;
}

/**
 * Opens a folder in desktop VS Code with Podium installed from its package, and returns when its window is closed.
 * @throws DesktopUnavailable when this machine cannot download or show it
 */
export async function startDesktop(start: DesktopStart): Promise<void> {
  const { folder, dataFolder, say, signal, machine = thisMachine(say) } = start;
  if (!hasDisplay(machine.platform, machine.environment)) {
    const missing = machine.platform === 'linux' ? ': neither DISPLAY nor WAYLAND_DISPLAY is set' : '';
    throw new DesktopUnavailable(
      `There is no display to see desktop VS Code on${missing}. ` +
        'Without --desktop the sample tasks run in an invisible window.',
    );
  }
  const version = await chooseVersion('stable', machine, say);
  signal.throwIfAborted();
  const executable = await unlessAborted(obtain(version, machine), signal);
  say(`Packaging Podium for desktop VS Code ${version} …`);
  const vsix = process.env.PODIUM_VSIX ? await existingPackage() : await packageExtension(signal);
  signal.throwIfAborted();

  const profile = profileIn(dataFolder);
  const asRoot = process.getuid?.() === 0;
  await mkdir(dataFolder, { recursive: true });
  await writeUserSettings(profile.userData);
  await runCli(executable, installArguments(vsix, profile, asRoot));
  signal.throwIfAborted();

  // Named after us: another `npm start` may be running on the same data.
  const log = new EventLog(path.join(dataFolder, `events-${process.pid}.jsonl`));
  const removeLog = (): Promise<void> => rm(log.file, { force: true });
  await removeLog();
  await using _log = { [Symbol.asyncDispose]: removeLog };
  say(`\nPodium is running on ${folder}\nClose the window or press Ctrl+C to end.\n`);
  const closed = new AbortController();
  const printing = new EventPrinter(log).follow(AbortSignal.any([signal, closed.signal]));
  try {
    await untilClosed(executable, windowArguments(folder, profile, asRoot), log.file, signal);
  } finally {
    closed.abort();
    await printing;
  }
}

/** A download cannot be stopped half-way, but nobody has to wait for it. */
async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = once(signal, 'abort').then(() => signal.throwIfAborted());
  const result = await Promise.race([work, aborted]);
  return result as T; // the other one only ever throws
}

/** Runs the command line `code` that belongs to an executable. @throws Error with what it printed */
async function runCli(executable: string, args: readonly string[]): Promise<void> {
  const cli = resolveCliPathFromVSCodeExecutablePath(executable);
  // Windows starts a .cmd only through a shell, which wants quotes around what has spaces.
  const shell = process.platform === 'win32';
  const quote = (text: string): string => (shell ? `"${text}"` : text);
  await promisify(execFile)(quote(cli), args.map(quote), { env: cleanEnvironment(), shell });
}

/** @throws Error when VS Code ends as it should not, with the last line it has printed */
async function untilClosed(
  executable: string,
  args: readonly string[],
  eventLog: string,
  signal: AbortSignal,
): Promise<void> {
  const env = cleanEnvironment({ PODIUM_EVENT_LOG: eventLog });
  const child = spawn(executable, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed = `${printed}${chunk.toString()}`.slice(-4_000)));
  const end = (): void => void child.kill('SIGINT');
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    signal.throwIfAborted();
    if (code === 0) return;
    const line = printed.trim().split('\n').at(-1) ?? '';
    throw new Error(`Desktop VS Code ended at once (${code ?? 'killed'}): ${line}`);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
