import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from '../../../esbuild.mjs';
import { node, packagedExtension, repository } from './paths.ts';

/**
 * Builds and packages the extension, as `npm run package` does.
 * @returns absolute path of the .vsix
 * @throws Error with the packager's output when it refuses
 */
export async function packageExtension(signal?: AbortSignal): Promise<string> {
  await build({ production: true });
  const vsce = path.join(repository, 'node_modules', '@vscode', 'vsce', 'vsce');
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  args.push('--out', packagedExtension);
  await promisify(execFile)(node, [vsce, ...args], { cwd: repository, ...(signal && { signal }) });
  return packagedExtension;
}

/** What a package is made of. */
const sources = [
  'src',
  'media',
  'package.json',
  'esbuild.mjs',
  '.vscodeignore',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

/** When the newest of the sources was changed, in wall-clock ms. */
async function lastChange(): Promise<number> {
  const files = await Promise.all(
    sources.map(async (source) => {
      const file = path.join(repository, source);
      const below = await readdir(file, { recursive: true }).catch(() => []); // not a folder
      return [file, ...below.map((name) => path.join(file, name))];
    }),
  );
  const times = files.flat().map(async (file) => (await stat(file).catch(() => undefined))?.mtimeMs ?? 0);
  return Math.max(...(await Promise.all(times)));
}

/**
 * The packaged extension, made anew if there is none or its sources have changed since. `PODIUM_VSIX` names
 * another one to be taken as it is.
 * @returns absolute path of the .vsix
 */
export async function existingPackage(): Promise<string> {
  if (process.env.PODIUM_VSIX) return path.resolve(process.env.PODIUM_VSIX);
  const found = await stat(packagedExtension).catch(() => undefined);
  return found && found.mtimeMs > (await lastChange()) ? packagedExtension : packageExtension();
}

/** Digest of a package's bytes, short enough for a folder's name. */
export async function packageDigest(vsix: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(vsix))
    .digest('hex')
    .slice(0, 16);
}
