import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One process; `started` tells it from a later one that was given the same pid. */
export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  /** Start time in the system's own notation, comparable for equality only. */
  readonly started: string;
  readonly zombie: boolean;
}

async function linuxProcesses(): Promise<ProcessInfo[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const read = pids.map(async (pid): Promise<ProcessInfo | undefined> => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    if (stat === undefined) return undefined; // ended while we were reading
    // The name (field 2) may contain spaces and parentheses; what follows the last ")" starts at field 3.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return {
      pid: Number(pid),
      parent: Number(fields[1]),
      started: fields[19] ?? '',
      zombie: fields[0] === 'Z' || fields[0] === 'X',
    };
  });
  return (await Promise.all(read)).filter((process) => process !== undefined);
}

async function unixProcesses(): Promise<ProcessInfo[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,state=,lstart=']);
  return stdout
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, state = '', started = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      started: started.trim(),
      zombie: state.startsWith('Z'),
    }));
}

async function windowsProcesses(): Promise<ProcessInfo[]> {
  const query =
    'Get-CimInstance Win32_Process | ForEach-Object { "$($_.ProcessId) $($_.ParentProcessId) $($_.CreationDate.Ticks)" }';
  const { stdout } = await run('powershell.exe', ['-NoProfile', '-Command', query]);
  return stdout
    .split(/\r?\n/)
    .map((line) => line.trim().split(' '))
    .filter((fields) => fields.length === 3)
    .map(([pid, parent, started = '']) => ({
      pid: Number(pid),
      parent: Number(parent),
      started,
      zombie: false,
    }));
}

/** Every process of this machine that can be seen. */
export function processes(): Promise<ProcessInfo[]> {
  if (process.platform === 'linux') return linuxProcesses();
  return process.platform === 'win32' ? windowsProcesses() : unixProcesses();
}

/**
 * Linux only: processes whose environment at start contained `NAME=value`. Finds what has left the tree,
 * such as a program whose parent ended before it.
 */
async function marked(marker: string, all: readonly ProcessInfo[]): Promise<ProcessInfo[]> {
  if (process.platform !== 'linux') return [];
  const found = all.map(async (info) => {
    const environment = await readFile(`/proc/${info.pid}/environ`, 'utf8').catch(() => '');
    return environment.split('\0').includes(marker) ? info : undefined;
  });
  return (await Promise.all(found)).filter((info) => info !== undefined);
}

/**
 * The process `root`, everything below it, and whatever carries `marker` in its environment; zombies are
 * left out, they have ended.
 */
export async function processTree(root: number, marker?: string): Promise<ProcessInfo[]> {
  const all = await processes();
  const members = new Map<number, ProcessInfo>();
  const grow = (pid: number): void => {
    for (const info of all) {
      if (members.has(info.pid) || (info.pid !== pid && info.parent !== pid)) continue;
      members.set(info.pid, info);
      if (info.pid !== pid) grow(info.pid);
    }
  };
  if (root > 1) grow(root); // 0 and 1 are the system: all processes are below them
  if (marker) for (const info of await marked(marker, all)) members.set(info.pid, info);
  return [...members.values()].filter((info) => !info.zombie && info.pid !== process.pid);
}

/**
 * The command line of a process, arguments joined by spaces.
 * @returns undefined when the process has ended
 */
export async function commandLine(pid: number): Promise<string | undefined> {
  try {
    if (process.platform === 'linux') {
      return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
    }
    const [file, ...args] =
      process.platform === 'win32'
        ? [
            'powershell.exe',
            '-NoProfile',
            '-Command',
            `(Get-CimInstance Win32_Process -Filter ProcessId=${pid}).CommandLine`,
          ]
        : ['ps', '-o', 'args=', '-p', String(pid)];
    return (await run(file, args)).stdout.trim();
  } catch {
    return undefined;
  }
}

/** Sends a signal; that the process has ended already is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // ESRCH: it has ended already
  }
}

/** Those whose parent is not among them: nobody is left who would close them in order. */
function heads(members: readonly ProcessInfo[]): ProcessInfo[] {
  const pids = new Set(members.map(({ pid }) => pid));
  return members.filter(({ parent }) => !pids.has(parent));
}

/** Parents before their children, so that no parent sees a child die and draws conclusions. */
function parentsFirst(members: readonly ProcessInfo[]): ProcessInfo[] {
  const first = heads(members);
  const rest = members.filter((info) => !first.includes(info));
  return rest.length === 0 || first.length === 0 ? [...members] : [...first, ...parentsFirst(rest)];
}

/**
 * Ends a process and everything it started, by pid. A polite signal goes to the root, then to each process
 * that the end of its parent has left alone; when the grace is over, a hard one to whoever is still there.
 * @param grace how long to wait for a polite end, in ms
 * @param marker environment entry `NAME=value` by which processes that left the tree are found (Linux)
 */
export async function endProcessTree(root: number, grace = 5_000, marker?: string): Promise<void> {
  const key = ({ pid, started }: ProcessInfo): string => `${pid}@${started}`;
  const members = new Set<string>();
  const alive = async (): Promise<ProcessInfo[]> => {
    for (const info of await processTree(root, marker)) members.add(key(info));
    return (await processes()).filter((info) => members.has(key(info)) && !info.zombie);
  };
  const asked = new Set<string>();
  const deadline = performance.now() + grace;
  let left = await alive();
  while (left.length > 0 && performance.now() < deadline) {
    for (const info of heads(left)) {
      if (asked.has(key(info))) continue;
      asked.add(key(info));
      signal(info.pid, 'SIGTERM');
    }
    await delay(50);
    left = await alive();
  }
  // Three rounds: a process that is being ended may just have started another.
  for (let round = 0; left.length > 0 && round < 3; round++) {
    for (const { pid } of parentsFirst(left)) signal(pid, 'SIGKILL');
    await delay(100);
    left = await alive();
  }
}
