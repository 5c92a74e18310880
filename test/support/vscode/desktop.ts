/**
 * Desktop VS Code: which one to run, whether this machine can get and show it, and how it is started. It comes from
 * its vendor's site, so some machines cannot have it: they are told what is missing before anything else is done.
 */
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { repository } from './paths.ts';

/** What the decisions depend on; tests bring their own. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  /** Absolute path of a program on the PATH. */
  findProgram: (name: string) => string | undefined;
  /** Versions that were downloaded completely, newest first. */
  downloaded(): Promise<readonly string[]>;
  /** Versions the vendor offers, newest first. @throws when its site cannot be reached */
  offered(): Promise<readonly string[]>;
  /** Downloads a version unless that was done before. @returns its executable. @throws when that fails */
  download(version: string): Promise<string>;
}

/** This machine cannot run desktop VS Code; the message says what is missing. */
export class DesktopUnavailable extends Error {
  override readonly name = 'DesktopUnavailable';
}

/** Where desktop VS Code is downloaded from. */
const site = 'update.code.visualstudio.com';

/** The oldest VS Code that `engines.vscode` promises. */
async function minimumVersion(): Promise<string> {
  const manifest = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')) as {
    engines: { vscode: string };
  };
  return manifest.engines.vscode.replace(/^\D*/, '');
}

/**
 * Turns `minimum`, `stable` or a number into a version that can be had.
 * @param say is told when it is not the one that was meant
 * @throws DesktopUnavailable when the vendor cannot be asked, Error when there is no such version
 */
export async function chooseVersion(
  wish: string,
  machine: Machine,
  say: (line: string) => void,
): Promise<string> {
  const named = wish === 'minimum' ? await minimumVersion() : wish;
  if (named !== 'stable' && !/^\d+\.\d+\.\d+$/.test(named)) {
    throw new Error(`"${wish}" is no version of VS Code: write minimum, stable or a number such as 1.101.0.`);
  }
  const downloaded = await machine.downloaded();
  if (downloaded.includes(named)) return named;
  let offered: readonly string[];
  try {
    offered = await machine.offered();
  } catch (error) {
    const [newest] = downloaded;
    if (named === 'stable' && newest !== undefined) {
      say(`${site} cannot be reached (${reason(error)}): VS Code ${newest}, downloaded earlier, is taken.`);
      return newest;
    }
    throw new DesktopUnavailable(
      `Desktop VS Code is downloaded from ${site}, which cannot be reached from here (${reason(error)}). ` +
        'If you are behind a proxy, name it with: npm config set https-proxy http://host:port',
      { cause: error },
    );
  }
  const version = named === 'stable' ? offered[0] : named;
  if (version !== undefined && offered.includes(version)) return version;
  throw new Error(
    `There is no VS Code ${named}: ${site} offers ${offered.slice(0, 3).join(', ')} and older.`,
  );
}

/** How windows are shown. */
export type Display =
  | { readonly kind: 'own' }
  /** Nobody sees them: good for tests only. */
  | { readonly kind: 'virtual'; readonly program: string };

/** @throws DesktopUnavailable when there is no display at all */
export function findDisplay({ platform, environment, findProgram }: Machine): Display {
  if (platform !== 'linux' || hasDisplay(platform, environment)) return { kind: 'own' };
  const program = findProgram('xvfb-run');
  if (program !== undefined) return { kind: 'virtual', program };
  throw new DesktopUnavailable(
    'Desktop VS Code needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set, and xvfb-run, which would make ' +
      'one, is not installed (on Debian and Ubuntu: sudo apt-get install xvfb).',
  );
}

/**
 * An executable that shows its windows on a display.
 * @param folder for a script, if one is needed
 */
export async function shown(executable: string, display: Display, folder: string): Promise<string> {
  if (display.kind === 'own') return executable;
  const file = path.join(folder, 'code');
  await writeFile(file, `#!/bin/sh\nexec "${display.program}" -a "${executable}" "$@"\n`);
  await chmod(file, 0o700);
  return file;
}

/** Whether somebody could see a window. */
export function hasDisplay(
  platform: NodeJS.Platform = process.platform,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  if (platform === 'win32' || platform === 'darwin') return !environment.SSH_CONNECTION;
  return Boolean(environment.DISPLAY ?? environment.WAYLAND_DISPLAY);
}

/**
 * Downloads a version.
 * @returns its executable
 * @throws DesktopUnavailable when that fails
 */
export async function obtain(version: string, machine: Machine): Promise<string> {
  try {
    return await machine.download(version);
  } catch (error) {
    throw new DesktopUnavailable(`VS Code ${version} could not be downloaded: ${reason(error)}`, {
      cause: error,
    });
  }
}

/** A VS Code of our own: nothing of the user's is read or changed. */
export interface Profile {
  readonly userData: string;
  readonly extensions: string;
}

/** The folders of a profile below a data folder. */
export function profileIn(dataFolder: string): Profile {
  return { userData: path.join(dataFolder, 'user-data'), extensions: path.join(dataFolder, 'extensions') };
}

/** @param asRoot VS Code refuses to start as root otherwise */
function profileArguments({ userData, extensions }: Profile, asRoot: boolean): readonly string[] {
  return [
    `--user-data-dir=${userData}`,
    `--extensions-dir=${extensions}`,
    ...(asRoot ? ['--no-sandbox'] : []),
  ];
}

/** Arguments that open a folder in a window of its own. */
export function windowArguments(folder: string, profile: Profile, asRoot: boolean): readonly string[] {
  return [
    folder,
    '--new-window',
    ...profileArguments(profile, asRoot),
    '--disable-updates',
    '--skip-welcome',
    '--skip-release-notes',
    '--disable-telemetry',
  ];
}

/** Arguments of the command line `code` that install a package in place of an older one. */
export function installArguments(vsix: string, profile: Profile, asRoot: boolean): readonly string[] {
  return [...profileArguments(profile, asRoot), '--install-extension', vsix, '--force'];
}

/** Why something failed, in one line; what libraries throw need not be an Error. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // A name with several addresses fails with one error for each and no message of its own.
  const [first] = error instanceof AggregateError ? (error.errors as readonly unknown[]) : [];
  const text = error.message === '' && first !== undefined ? reason(first) : error.message;
  return text.split('\n')[0] ?? '';
}
