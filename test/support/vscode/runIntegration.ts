/**
 * `npm run test:integration`: the suite of `test/integration` inside a real VS Code.
 *
 *     node test/support/vscode/runIntegration.ts                  in the server build (no download)
 *     node test/support/vscode/runIntegration.ts --desktop 1.101.0   in desktop VS Code (`minimum`, `stable`, a version)
 *     … --grep TEXT                                               only specs whose title contains TEXT
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { build, buildIntegrationTests } from '../../../esbuild.mjs';
import { cleanEnvironment, node, repository } from './paths.ts';

/** The oldest VS Code that `engines.vscode` promises. */
async function minimumVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')) as {
    engines: { vscode: string };
  };
  return manifest.engines.vscode.replace(/^\D*/, '');
}

/** Windows starts no script by its first line: give it a command file that does. */
async function executable(folder: string): Promise<string> {
  const script = path.join(import.meta.dirname, 'codeTestExecutable.ts');
  if (process.platform !== 'win32') return script;
  const file = path.join(folder, 'code.cmd');
  await writeFile(file, `@"${node}" "${script}" %*\r\n`);
  return file;
}

const { values } = parseArgs({ options: { desktop: { type: 'string' }, grep: { type: 'string' } } });
const scratch = await mkdtemp(path.join(tmpdir(), 'podium-integration-'));
try {
  const folder = path.join(scratch, 'workspace');
  await mkdir(folder);
  await build();
  const version = values.desktop === 'minimum' ? await minimumVersion() : values.desktop;
  // What `npm run` added to the environment must not reach the extension host: it is a user's window.
  process.env = cleanEnvironment();
  await runTests({
    ...(version === undefined ? { vscodeExecutablePath: await executable(scratch) } : { version }),
    extensionDevelopmentPath: repository,
    extensionTestsPath: await buildIntegrationTests(),
    launchArgs: [folder, `--user-data-dir=${path.join(scratch, 'data')}`, '--disable-extensions'],
    extensionTestsEnv: {
      PATH: [path.dirname(node), process.env.PATH].join(path.delimiter),
      PODIUM_EVENT_LOG: path.join(scratch, 'events.jsonl'),
      PODIUM_TEST_GREP: values.grep,
    },
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
}
