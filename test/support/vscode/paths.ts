import { existsSync } from 'node:fs';
import path from 'node:path';

/** Root of the repository. */
export const repository: string = path.resolve(import.meta.dirname, '../../..');

/** Everything that is fetched or unpacked once and kept between runs; ignored by git. */
export const cacheFolder: string = path.join(repository, '.vscode-test');

/** Screenshots and logs of test runs: the folder CI keeps. */
export const resultsFolder: string = path.join(repository, 'test-results');

/** The packaged extension, as `npm run package` leaves it. */
export const packagedExtension: string = path.join(repository, 'podium.vsix');

/**
 * The Node that runs this file. It is also the one for the editor's server, which needs 24: npm puts the
 * `node` of our devDependencies first on the PATH of every script.
 */
export const node: string = process.execPath;

/**
 * The environment for a program that is not part of this npm run: without the variables `npm run` adds,
 * which would make a nested npm believe that it works on this repository.
 */
export function cleanEnvironment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const keep = /^npm_config_(registry|cache|userconfig|globalconfig|proxy|https_proxy|noproxy|cafile)$/i;
  const drop = /^(npm_|INIT_CWD$|NODE_OPTIONS$|NODE_V8_COVERAGE$|VSCODE_|ELECTRON_)/i;
  const kept = Object.entries(process.env).filter(([name]) => keep.test(name) || !drop.test(name));
  return { ...Object.fromEntries(kept), ...extra };
}

/**
 * npm's own command line, to be started with {@link node}.
 * @throws Error when no npm is found
 */
export function npmCommand(): { readonly file: string; readonly args: readonly string[] } {
  const running = process.env.npm_execpath;
  if (running && /\.[cm]?js$/.test(running)) return { file: node, args: [running] };
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(folder, process.platform === 'win32' ? 'npm.cmd' : 'npm');
    if (existsSync(file)) return { file, args: [] };
  }
  throw new Error('npm was not found: start this through an npm script, for example `npm start`.');
}
