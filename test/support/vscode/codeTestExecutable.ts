#!/usr/bin/env node
/**
 * Takes the arguments of desktop VS Code that matter for tests and does the same in the server build with a
 * headless browser. `@vscode/test-electron` accepts it as `vscodeExecutablePath`.
 *
 *     codeTestExecutable.ts [folder] --extensionDevelopmentPath=DIR --extensionTestsPath=FILE [--user-data-dir=DIR]
 *
 * Prints what the tests print and ends with their exit code; `PODIUM_VERBOSE=1` adds the workbench's own log.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { outputMark } from '../outputMark.ts';
import { launchBrowser } from './browser.ts';
import { startServer } from './server.ts';
import type { Payload } from './server.ts';

interface Arguments {
  readonly folder: string | undefined;
  readonly options: ReadonlyMap<string, string>;
}

function parse(args: readonly string[]): Arguments {
  const options = new Map<string, string>();
  let folder: string | undefined;
  for (const arg of args) {
    const match = /^--([^=]+)=?(.*)$/.exec(arg);
    if (match) options.set(match[1] ?? '', match[2] ?? '');
    else folder = path.resolve(arg);
  }
  return { folder, options };
}

/** A suite that prints nothing for so long, in ms, does not run: mocha's own time-outs are shorter. */
const longestSilence = 180_000;

async function run({ folder, options }: Arguments, signal: AbortSignal): Promise<number> {
  const given = options.get('user-data-dir');
  const dataFolder = given ?? (await mkdtemp(path.join(tmpdir(), 'podium-integration-')));
  const payloadNames = ['extensionDevelopmentPath', 'extensionTestsPath'];
  try {
    await using server = await startServer({
      dataFolder,
      token: false,
      trust: !options.has('disable-workspace-trust'),
      testDriver: true,
    });
    const browser = await launchBrowser();
    await using _closing = { [Symbol.asyncDispose]: () => browser.close() };
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    signal.addEventListener('abort', () => resolve(130), { once: true });
    const silent = new Error(
      `The tests printed nothing for ${longestSilence / 1000} s, see ${server.logFile}`,
    );
    const silence = setTimeout(() => reject(silent), longestSilence);
    using _silence = { [Symbol.dispose]: () => clearTimeout(silence) };
    page.on('crash', () => reject(new Error('The page crashed.')));
    void server.ended.then(() => reject(new Error(`The server ended, see ${server.logFile}`)));
    await page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
    await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => {
      const text = format(...args);
      if (text.startsWith(outputMark)) {
        silence.refresh();
        process.stdout.write(`${text.slice(outputMark.length)}\n`);
      } else if (process.env.PODIUM_VERBOSE) {
        process.stdout.write(`${text}\n`);
      }
    });
    const payload: Payload = payloadNames.flatMap((name) => {
      const file = options.get(name);
      return file === undefined ? [] : [[name, server.remoteUri(path.resolve(file))] as const];
    });
    await page.goto(server.url(folder, payload));
    return await promise;
  } finally {
    if (given === undefined) await rm(dataFolder, { recursive: true, force: true });
  }
}

const interrupted = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupted.abort());
try {
  process.exitCode = await run(parse(process.argv.slice(2)), interrupted.signal);
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
