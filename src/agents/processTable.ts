/**
 * What the operating system knows of its processes: Linux through /proc, macOS through `ps`, Windows through CIM.
 * A start time is text in the system's own notation; two processes with equal pid and start time are one.
 */
import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** Process group; 0 where the system has none. */
  readonly group: number;
  /** Session; 0 where it is not known. */
  readonly session: number;
  readonly startedAt: string;
  /** It has ended and waits for its parent to notice. */
  readonly zombie: boolean;
}

const run = promisify(execFile);
const maxBuffer = 64 * 1024 * 1024;
/** The start times of `ps` depend on language and time zone: both are fixed, so that texts can be compared. */
const psEnvironment = { ...process.env, LC_ALL: 'C', TZ: 'UTC0' };
const psColumns = 'pid=,ppid=,pgid=,stat=,lstart=';
/** Milliseconds after which a tool of the system counts as stuck. */
const toolTimeout = 15_000;

/** Every process of the machine that can be seen. */
export async function processTable(): Promise<readonly ProcessInfo[]> {
  if (process.platform === 'linux') return await linuxTable();
  if (process.platform === 'win32') return await windowsTable();
  const options = { env: psEnvironment, maxBuffer, timeout: toolTimeout };
  const { stdout } = await run('ps', ['-A', '-o', psColumns], options);
  return parsePs(stdout);
}

/** One process, or undefined when there is none with this pid. Blocks: about 0.1 ms on Linux, 10 ms on macOS. */
export function processInfo(pid: number): ProcessInfo | undefined {
  if (process.platform === 'linux') return linuxInfo(pid);
  try {
    if (process.platform === 'win32') return parseCim(powershell(cimQuery(`-Filter "ProcessId=${pid}"`)))[0];
    const options = { env: psEnvironment, encoding: 'utf8', timeout: toolTimeout } as const;
    return parsePs(execFileSync('ps', ['-p', String(pid), '-o', psColumns], options))[0];
  } catch {
    return undefined; // `ps` ends with 1 when there is no such process
  }
}

/**
 * Pids of processes that were started with `name=value` in their environment. Exact on Linux, as far as `ps` shows
 * environments on macOS, none on Windows.
 */
export async function markedProcesses(name: string, value: string): Promise<readonly number[]> {
  const entry = `${name}=${value}`;
  if (process.platform === 'win32') return [];
  if (process.platform === 'linux') {
    const found = await Promise.all(
      (await linuxPids()).map(async (pid) => {
        const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
        return environment.split('\0').includes(entry) ? [pid] : [];
      }),
    );
    return found.flat();
  }
  const options = { env: psEnvironment, maxBuffer, timeout: toolTimeout };
  const { stdout } = await run('ps', ['-A', '-E', '-ww', '-o', 'pid=,command='], options);
  return stdout
    .split('\n')
    .filter((line) => `${line} `.includes(` ${entry} `))
    .map((line) => Number.parseInt(line, 10));
}

/** Changes on every boot of the machine. Blocks. */
export function readBootId(): string {
  if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  if (process.platform === 'win32') {
    return powershell('(Get-CimInstance Win32_OperatingSystem).LastBootUpTime.ToFileTimeUtc()').trim();
  }
  return execFileSync('sysctl', ['-n', 'kern.bootsessionuuid'], {
    encoding: 'utf8',
    timeout: toolTimeout,
  }).trim();
}

async function linuxPids(): Promise<readonly number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

async function linuxTable(): Promise<readonly ProcessInfo[]> {
  const infos = await Promise.all(
    (await linuxPids()).map(async (pid) => {
      const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
      return stat === undefined ? undefined : parseStat(pid, stat);
    }),
  );
  return infos.filter((info) => info !== undefined);
}

function linuxInfo(pid: number): ProcessInfo | undefined {
  try {
    return parseStat(pid, readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return undefined; // there is no such process
  }
}

/** See proc_pid_stat(5). The name (field 2) may contain anything; after the last ")" comes field 3. */
export function parseStat(pid: number, stat: string): ProcessInfo {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state = '', parent, group, session] = fields;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    session: Number(session),
    startedAt: fields[19] ?? '',
    zombie: state === 'Z' || state === 'X',
  };
}

/** Lines of `ps -o pid=,ppid=,pgid=,stat=,lstart=`. */
export function parsePs(output: string): readonly ProcessInfo[] {
  return output.split('\n').flatMap((line) => {
    const [, pid, parent, group, state = '', started = ''] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*\S)\s*$/.exec(line) ?? [];
    if (pid === undefined) return [];
    return {
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: 0,
      startedAt: started,
      zombie: state.startsWith('Z'),
    };
  });
}

async function windowsTable(): Promise<readonly ProcessInfo[]> {
  const options = { maxBuffer, timeout: toolTimeout, windowsHide: true };
  const { stdout } = await run('powershell.exe', powershellArguments(cimQuery('')), options);
  return parseCim(stdout);
}

function powershell(command: string): string {
  const options = { encoding: 'utf8', timeout: toolTimeout, windowsHide: true } as const;
  return execFileSync('powershell.exe', powershellArguments(command), options);
}

function powershellArguments(command: string): readonly string[] {
  return ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', command];
}

function cimQuery(filter: string): string {
  return (
    `Get-CimInstance Win32_Process ${filter} | Where-Object CreationDate | ForEach-Object ` +
    '{ "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.ToFileTimeUtc())" }'
  );
}

/** Lines of pid, parent, start time in units of 100 ns. */
export function parseCim(output: string): readonly ProcessInfo[] {
  return output.split(/\r?\n/).flatMap((line) => {
    const [, pid, parent, startedAt = ''] = /^\s*(\d+) (\d+) (\d+)\s*$/.exec(line) ?? [];
    if (pid === undefined) return [];
    return { pid: Number(pid), parent: Number(parent), group: 0, session: 0, startedAt, zombie: false };
  });
}
