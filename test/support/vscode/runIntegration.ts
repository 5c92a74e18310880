/**
 * `npm run test:integration`: the suite of `test/integration` inside a real VS Code.
 *
 *     node test/support/vscode/runIntegration.ts                  in the server build (no download)
 *     … --desktop minimum --desktop stable                        in desktop VS Code, or a version: --desktop 1.101.0
 *     … --grep TEXT                                               only specs whose title contains TEXT
 *
 * A machine that cannot run desktop VS Code is told what is missing, and the exit code is 1.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { build, buildIntegrationTests } from '../../../esbuild.mjs';
import { chooseVersion, DesktopUnavailable, findDisplay, obtain, shown } from './desktop.ts';
import { cleanEnvironment, node, repository } from './paths.ts';

const say = (line: string): void => console.log(line);

/** The server build behind the arguments of desktop VS Code. */
async function serverExecutable(folder: string): Promise<string> {
  const script = path.join(import.meta.dirname, 'codeTestExecutable.ts');
  if (process.platform !== 'win32') return script;
  // Windows starts no script by its first line: give it a command file that does.
  const file = path.join(folder, 'code.cmd');
  await writeFile(file, `@"${node}" "${script}" %*\r\n`);
  return file;
}

/** A desktop VS Code to be had, still to be downloaded. */
interface Wanted {
  readonly version: string;
  readonly executable: (folder: string) => Promise<string>;
}

/** Decides first, so that a machine that cannot run any of them is told at once. */
async function wantedVersions(wishes: readonly string[]): Promise<readonly Wanted[]> {
  if (wishes.length === 0) return [];
  // Loaded when it is needed: it reads proxies from the environment at once.
  const { thisMachine } = await import('./desktopMachine.ts');
  const machine = thisMachine(say);
  const display = findDisplay(machine);
  const versions: string[] = [];
  for (const wish of wishes) versions.push(await chooseVersion(wish, machine, say));
  return [...new Set(versions)].map((version) => ({
    version,
    executable: async (folder) => await shown(await obtain(version, machine), display, folder),
  }));
}

async function runSuite(
  executable: (folder: string) => Promise<string>,
  grep: string | undefined,
): Promise<void> {
  const scratch = await mkdtemp(path.join(tmpdir(), 'podium-integration-'));
  try {
    const folder = path.join(scratch, 'workspace');
    await mkdir(folder);
    await runTests({
      vscodeExecutablePath: await executable(scratch),
      extensionDevelopmentPath: repository,
      extensionTestsPath: await buildIntegrationTests(),
      launchArgs: [folder, `--user-data-dir=${path.join(scratch, 'data')}`, '--disable-extensions'],
      extensionTestsEnv: {
        PATH: [path.dirname(node), process.env.PATH].join(path.delimiter),
        PODIUM_EVENT_LOG: path.join(scratch, 'events.jsonl'),
        PODIUM_TEST_GREP: grep,
      },
    });
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

const { values } = parseArgs({
  options: { desktop: { type: 'string', multiple: true, default: [] }, grep: { type: 'string' } },
});
// What `npm run` added to the environment must not reach the extension host: it is a user's window.
process.env = cleanEnvironment();
try {
  const wanted = await wantedVersions(values.desktop);
  await build();
  if (wanted.length === 0) await runSuite(serverExecutable, values.grep);
  for (const { version, executable } of wanted) {
    say(`Desktop VS Code ${version}:`);
    await runSuite(executable, values.grep);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  if (error instanceof DesktopUnavailable) {
    console.error('The same tests run without desktop VS Code: npm run test:integration');
  }
  process.exit(1); // a connection that never answers would keep us
}
