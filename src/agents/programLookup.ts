/**
 * Finds the program a command names, as the operating system would, but with reasons that can be read. Nothing is
 * ever handed to a shell; Windows starts batch files only through cmd.exe, so their arguments are checked.
 */
import { accessSync, constants, statSync } from 'node:fs';
import nodePath from 'node:path';

/** What to start. */
export interface Program {
  /** Absolute. */
  readonly file: string;
  readonly args: readonly string[];
  /** Windows: `args` are quoted already. */
  readonly verbatim: boolean;
}

export type Lookup =
  | { readonly kind: 'found'; readonly program: Program }
  | {
      readonly kind: 'refused';
      readonly code: 'missing-program' | 'not-executable' | 'unsafe-argument';
      readonly message: string;
    };

/** What the lookup sees of the machine. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  /** What a path is; for POSIX a file counts as program when it may be executed. */
  kindOf(path: string): 'program' | 'file' | 'folder' | undefined;
}

export const thisMachine: Machine = {
  platform: process.platform,
  kindOf: (path) => {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return undefined;
    if (facts.isDirectory()) return 'folder';
    try {
      accessSync(path, constants.X_OK);
      return 'program';
    } catch {
      return 'file';
    }
  },
};

/**
 * @param argv program and arguments; the program is a path, relative to `cwd`, or a name to look up in `env.PATH`
 * @param env the program's own environment
 */
export function findProgram(
  argv: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
  machine: Machine = thisMachine,
): Lookup {
  const [name = '', ...args] = argv;
  const path = machine.platform === 'win32' ? nodePath.win32 : nodePath.posix;
  const isPath = name.includes('/') || (machine.platform === 'win32' && /[\\:]/.test(name));
  const folders = isPath ? [cwd] : searchPath(env, machine.platform).split(path.delimiter);
  let inert: string | undefined;
  for (const folder of folders) {
    // An empty or relative entry would make the folder a task works in decide which program runs.
    if (!path.isAbsolute(folder)) continue;
    for (const extension of extensions(name, env, machine.platform)) {
      const file = path.resolve(folder, name + extension);
      const kind = machine.kindOf(file);
      if (kind === 'program') return launch(file, args, env, machine.platform);
      if (kind !== undefined) inert ??= `${file} is ${kind === 'folder' ? 'a folder' : 'not executable'}.`;
    }
  }
  if (inert !== undefined) return { kind: 'refused', code: 'not-executable', message: inert };
  const where = isPath ? `in ${cwd}` : 'on the PATH';
  return {
    kind: 'refused',
    code: 'missing-program',
    message: `The program "${name}" was not found ${where}.`,
  };
}

function searchPath(env: Readonly<Record<string, string>>, platform: NodeJS.Platform): string {
  return variable(env, 'PATH', platform) ?? (platform === 'win32' ? '' : '/usr/local/bin:/usr/bin:/bin');
}

/** Windows does not tell upper from lower case in names of variables. */
function variable(
  env: Readonly<Record<string, string>>,
  name: string,
  platform: NodeJS.Platform,
): string | undefined {
  if (platform !== 'win32') return env[name];
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}

/** Endings to try: none on POSIX; on Windows those of PATHEXT that can be started, or the name's own. */
function extensions(
  name: string,
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): readonly string[] {
  if (platform !== 'win32') return [''];
  const startable = ['.com', '.exe', '.bat', '.cmd'];
  if (startable.includes(nodePath.win32.extname(name).toLowerCase())) return [''];
  const wanted = (variable(env, 'PATHEXT', platform) ?? startable.join(';')).toLowerCase().split(';');
  return wanted.filter((extension) => startable.includes(extension));
}

function launch(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  platform: NodeJS.Platform,
): Lookup {
  if (platform !== 'win32' || !/\.(?:bat|cmd)$/i.test(file))
    return { kind: 'found', program: { file, args, verbatim: false } };
  const unsafe = [file, ...args].find((part) => batchUnsafe.test(part));
  if (unsafe !== undefined) {
    return {
      kind: 'refused',
      code: 'unsafe-argument',
      message:
        `${nodePath.win32.basename(file)} is a batch file, which Windows runs through its shell, and the argument ` +
        `${JSON.stringify(unsafe.slice(0, 80))} has characters that the shell could take as commands. ` +
        'Name the program behind the batch file, for example ${node} and the path of a script.',
    };
  }
  const line = [file, ...args].map(quoteForBatch).join(' ');
  const shell = variable(env, 'COMSPEC', platform) ?? 'C:\\Windows\\System32\\cmd.exe';
  // /d: no AutoRun commands; /v:off: "!" is a character; /s: exactly the outer quotes are taken off.
  const shellArguments = ['/d', '/v:off', '/s', '/c', `"${line}"`];
  return { kind: 'found', program: { file: shell, args: shellArguments, verbatim: true } };
}

/**
 * A batch file sees its arguments as text, so no quoting is safe for these (CVE-2024-27980): they are refused. All
 * others are literal between double quotes.
 */
const batchUnsafe = /["%!^&|<>\r\n]/;

function quoteForBatch(part: string): string {
  return `"${part.replace(/\\+$/, '$&$&')}"`;
}
