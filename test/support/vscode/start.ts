/**
 * `npm start [folder] [-- --headless | --desktop]`: Podium, packaged as it is shipped, in a real VS Code.
 *
 * With a display the window opens in your browser, or with `--desktop` in desktop VS Code, which is downloaded for it.
 * Without one, or with `--headless`, the sample tasks are run in an invisible window and a table of their results is
 * printed. Ctrl+C ends everything.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs, styleText } from 'node:util';
import { launchBrowser } from './browser.ts';
import { hasDisplay } from './desktop.ts';
import { EventLog } from './eventLog.ts';
import { EventPrinter } from './eventPrinter.ts';
import type { PodiumEvent } from './eventLog.ts';
import { eventually } from './eventually.ts';
import type { Patience } from './eventually.ts';
import { installEditor } from './install.ts';
import { existingPackage, packageExtension } from './package.ts';
import { cacheFolder } from './paths.ts';
import { resultTable, taskResults } from './report.ts';
import { ensureSample } from './sample.ts';
import { installExtension, startServer } from './server.ts';
import type { EditorServer } from './server.ts';
import { Workbench } from './workbench/workbench.ts';

const usage = `npm start [folder] [-- --headless | --desktop]

Opens a folder, or a small sample project, in a real VS Code with Podium installed.

  --headless       do not open a browser: run the sample tasks in an invisible window and print their results
  --desktop        in desktop VS Code instead of your browser; it is downloaded once, with settings of its own
  --data FOLDER    where this VS Code keeps settings and tasks
                   (default: .vscode-test/start, with --desktop .vscode-test/desktop)
  --timeout SEC    how long the sample tasks may take with --headless (default: 300)
`;

const say = (line: string): void => console.log(line);

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

/** Opens an address in the user's browser; that it cannot be opened is no failure, the address is printed. */
function openInBrowser(url: string): void {
  const [file, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  const child = spawn(file, args, { stdio: 'ignore', detached: true });
  child.once('error', () => say('Your browser could not be started: open the address yourself.'));
  child.unref();
}

interface SampleRun {
  readonly server: EditorServer;
  readonly folder: string;
  readonly log: EventLog;
  readonly printer: EventPrinter;
  /** How long the tasks may take, in ms. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** Opens an invisible window, trusts the folder as a user would, runs the sample tasks and prints a table. */
async function runSampleTasks({ server, folder, log, printer, timeout, signal }: SampleRun): Promise<void> {
  const browser = await launchBrowser();
  await using _closing = { [Symbol.asyncDispose]: () => browser.close() };
  // Closing the browser ends every wait for something in the page.
  signal.addEventListener('abort', () => void browser.close(), { once: true });
  signal.throwIfAborted();
  const workbench = new Workbench(await browser.newPage({ viewport: { width: 1280, height: 800 } }));
  try {
    await workbench.open(server.url(folder));
    await workbench.trustFolder();
    say('The folder is trusted, adding the sample tasks.');
    const before = (await log.read()).length;
    await workbench.tasks.open();
    await workbench.runCommand('Podium: Add Sample Tasks');
    await untilAdded(workbench, log, before, signal);
    await untilIdle(log, before, { timeout, signal });
    // The screen follows the events a moment later.
    await eventually(async () => !/\d running/.test((await workbench.statusBar()).join()), { signal });
    await workbench.tasks.until((rows) => rows.every(({ description }) => !/\brunning\b/.test(description)));
    if (await workbench.tasks.row(/^Finished/).isVisible()) await workbench.tasks.expand(/^Finished/);
    const picture = await workbench.screenshot('start');
    await printer.print();
    say(`\n${resultTable(taskResults((await log.read()).slice(before)))}\n`);
    say(`Picture of the window: ${picture}`);
  } catch (error) {
    signal.throwIfAborted();
    const picture = await workbench.screenshot('start-failed').catch(() => undefined);
    if (picture !== undefined) say(`Picture of the window: ${picture}`);
    throw error;
  }
}

const isAdded = ({ event }: PodiumEvent): boolean => event === 'added';

/** Waits until a task was added; lets Podium bring its sample project into a folder that has no sample tasks. */
async function untilAdded(
  workbench: Workbench,
  log: EventLog,
  from: number,
  signal: AbortSignal,
): Promise<void> {
  await eventually(
    async () => {
      if ((await log.read()).slice(from).some(isAdded)) return true;
      const complaint = (await workbench.notifications()).join('\n');
      if (complaint !== '') throw new Error(complaint);
      if (/sample project/i.test(await workbench.dialog())) {
        say('The folder has no sample tasks: Podium copies its sample project into it.');
        await workbench.pressDialog(/^Create/);
      }
      return false;
    },
    { timeout: 30_000, signal },
  );
}

/**
 * Waits until nothing is left to run.
 * @param from index of the first event that counts; a task was added since
 */
async function untilIdle(log: EventLog, from: number, patience: Patience): Promise<void> {
  const added = (await log.read()).findIndex((event, index) => index >= from && isAdded(event));
  await log.until(({ event }) => event === 'idle', added + 1, patience);
}

/** The port of the last time: the browser keeps the window's layout and trust by address. */
async function rememberedPort(file: string): Promise<number | undefined> {
  const port = Number(await readFile(file, 'utf8').catch(() => ''));
  return Number.isInteger(port) && port > 1023 && port < 65_536 ? port : undefined;
}

async function start(args: readonly string[], signal: AbortSignal): Promise<void> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      headless: { type: 'boolean' },
      desktop: { type: 'boolean', default: false },
      data: { type: 'string' },
      timeout: { type: 'string', default: '300' },
      help: { type: 'boolean', short: 'h' },
    },
  });
  if (values.help) {
    say(usage);
    return;
  }
  const given = positionals[0];
  const folder = given === undefined ? await ensureSample() : path.resolve(process.env.INIT_CWD ?? '', given);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory())
    throw new Error(`${folder} is not a folder.`);
  if (values.desktop) {
    if (values.headless)
      throw new Error('Desktop VS Code is to be seen: leave out --headless, or --desktop.');
    const { startDesktop } = await import('./startDesktop.ts');
    const dataFolder = path.resolve(values.data ?? path.join(cacheFolder, 'desktop'));
    await startDesktop({ folder, dataFolder, say, signal });
    return;
  }
  const headless = values.headless ?? !hasDisplay();

  const editor = await installEditor(say, signal);
  say(`Packaging Podium for VS Code ${editor.version} …`);
  const vsix = process.env.PODIUM_VSIX ? await existingPackage() : await packageExtension(signal);
  signal.throwIfAborted();
  const dataFolder = path.resolve(values.data ?? path.join(cacheFolder, 'start'));
  await installExtension(dataFolder, vsix);
  signal.throwIfAborted();

  await mkdir(dataFolder, { recursive: true });
  // Named after us: another `npm start` may be running on the same data.
  const log = new EventLog(path.join(dataFolder, `events-${process.pid}.jsonl`));
  const removeLog = (): Promise<void> => rm(log.file, { force: true });
  await removeLog();
  await using _log = { [Symbol.asyncDispose]: removeLog };
  const portFile = path.join(dataFolder, 'port');
  const preferredPort = await rememberedPort(portFile);
  await using server = await startServer({
    dataFolder,
    environment: { PODIUM_EVENT_LOG: log.file },
    reconnectionGrace: 30,
    ...(preferredPort !== undefined && { preferredPort }),
  });
  if (preferredPort === undefined || preferredPort === server.port) {
    await writeFile(portFile, String(server.port));
  } else {
    // The editor files a folder's storage under the address it is opened at.
    say(`Port ${preferredPort} of the last time is in use, so this window starts without the tasks of then.`);
  }

  say(`\nPodium is running on ${folder}\n`);
  say(`  ${styleText(['bold', 'underline'], server.url(folder))}\n`);
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const printer = new EventPrinter(log);
  const streaming = printer.follow(stop);
  const work = headless
    ? runSampleTasks({ server, folder, log, printer, timeout: Number(values.timeout) * 1000, signal: stop })
    : untilAborted(stop);
  if (headless) {
    if (!values.headless) say('There is no display to open a browser on.');
    say('Running the sample tasks in an invisible window.');
  } else {
    say('Opening your browser. Press Ctrl+C to end.');
    openInBrowser(server.url(folder));
  }
  const died = server.ended.then(() => {
    throw new Error(`VS Code ended by itself, see ${server.logFile}`);
  });
  try {
    await Promise.race([work, died]);
  } finally {
    died.catch(() => undefined); // from here on its end is ours
    over.abort();
    await Promise.allSettled([work, streaming]); // the browser closes before the server
  }
}

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(name, () => {
    if (!interrupt.signal.aborted) say('\nEnding VS Code …');
    interrupt.abort();
  });
}
try {
  await start(process.argv.slice(2), interrupt.signal);
} catch (error) {
  if (interrupt.signal.aborted) {
    process.exit(130); // what shells report for Ctrl+C before the work was done
  }
  console.error(styleText('red', error instanceof Error ? error.message : String(error)));
  process.exit(1); // by now all is cleaned up: a download or a connection that never answers must not keep us
}
