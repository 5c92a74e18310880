import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
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
  const args = ['package', '--no-dependencies', '--allow-missing-repository', '--out', packagedExtension];
  await promisify(execFile)(node, [vsce, ...args], { cwd: repository, ...(signal && { signal }) });
  return packagedExtension;
}

/**
 * The packaged extension, made if there is none. `PODIUM_VSIX` names another one to test.
 * @returns absolute path of the .vsix
 */
export async function existingPackage(): Promise<string> {
  if (process.env.PODIUM_VSIX) return path.resolve(process.env.PODIUM_VSIX);
  const found = await stat(packagedExtension).catch(() => undefined);
  return found ? packagedExtension : packageExtension();
}

/** Digest of a package's bytes, short enough for a folder's name. */
export async function packageDigest(vsix: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(vsix))
    .digest('hex')
    .slice(0, 16);
}
