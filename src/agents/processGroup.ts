/**
 * Ends everything a run has started: the group and session of its leader, what descends from them, and, by the mark
 * in their environment, what left both. Nothing is ever found by name, and a pid is signalled only after its start
 * time was compared with the recorded one.
 */
import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { ProcessIdentity } from '../core/model.ts';
import { currentBootId } from './processIdentity.ts';
import { markedProcesses, processTable } from './processTable.ts';
import type { ProcessInfo } from './processTable.ts';

/** What to look for. */
export interface RunProcesses {
  /** The leader of the run's process group, dead or alive; null when it was never known. */
  readonly leader: ProcessIdentity | null;
  /** Environment entry that all processes of the run inherit; null for none. */
  readonly mark: { readonly name: string; readonly value: string } | null;
}

/** Milliseconds between the polite signal and the hard one. */
export const defaultGrace = 2_500;
/** Looking at every process costs some milliseconds: often at first, when most programs end, then less and less. */
const pollInterval = 25;
const slowestPoll = 1_000;

/** The processes of a run that are alive now. */
export async function membersOf(run: RunProcesses): Promise<readonly ProcessInfo[]> {
  const found = await look(run);
  // One that was started while its parent ended can be missed by one look, not by two.
  return found.length > 0 ? found : await look(run);
}

async function look(run: RunProcesses): Promise<readonly ProcessInfo[]> {
  const marked = run.mark === null ? [] : await markedProcesses(run.mark.name, run.mark.value);
  return selectMembers(await processTable(), run.leader, new Set(marked)).filter((info) => !info.zombie);
}

/**
 * Picks the members of a run from a table. Pure.
 * @param leader null, or of an earlier boot: only `marked` and what descends from it
 */
export function selectMembers(
  table: readonly ProcessInfo[],
  leader: ProcessIdentity | null,
  marked: ReadonlySet<number>,
): readonly ProcessInfo[] {
  const members = new Set<number>(table.filter(({ pid }) => marked.has(pid)).map(({ pid }) => pid));
  if (leader !== null && leader.bootId === currentBootId() && !isReused(table, leader)) {
    for (const info of table) {
      if (info.pid === leader.pid || info.group === leader.pid || info.session === leader.pid)
        members.add(info.pid);
      // Where there are no groups, a child still names its dead parent; an older process cannot be its child.
      else if (info.group === 0 && info.parent === leader.pid && !isOlder(info, leader))
        members.add(info.pid);
    }
  }
  members.delete(process.pid);
  for (let grew = true; grew;) {
    grew = false;
    for (const info of table) {
      if (members.has(info.pid) || !members.has(info.parent) || info.pid === process.pid) continue;
      members.add(info.pid);
      grew = true;
    }
  }
  return table.filter(({ pid }) => members.has(pid));
}

/** While a group has members the system does not give away its number; another process under it means it is gone. */
function isReused(table: readonly ProcessInfo[], leader: ProcessIdentity): boolean {
  const now = table.find(({ pid }) => pid === leader.pid);
  return now !== undefined && now.startedAt !== leader.startedAt;
}

function isOlder(info: ProcessInfo, leader: ProcessIdentity): boolean {
  return Number(info.startedAt) < Number(leader.startedAt);
}

/**
 * Asks every process of a run to end, makes those end that have not after `grace` milliseconds, and resolves when
 * none is alive. It does not give up: a process that cannot be ended keeps it waiting.
 * @returns how many processes it found alive at first
 */
export async function endProcesses(run: RunProcesses, grace: number = defaultGrace): Promise<number> {
  const deadline = performance.now() + grace;
  const asked = new Set<string>();
  const first = await membersOf(run);
  let forced = false;
  let pause = pollInterval;
  for (let left = first; left.length > 0; left = await membersOf(run)) {
    const over = performance.now() >= deadline;
    if (over && !forced) pause = pollInterval;
    forced = over;
    if (process.platform === 'win32') await taskkill(left);
    else if (forced) signalAll(left, run.leader, 'SIGKILL');
    else {
      const fresh = left.filter((info) => !asked.has(keyOf(info)));
      for (const info of fresh) asked.add(keyOf(info));
      signalAll(fresh, run.leader, 'SIGTERM');
    }
    await delay(pause);
    pause = Math.min(forced ? slowestPoll : slowestPoll / 4, pause * 1.5);
  }
  return first.length;
}

const keyOf = ({ pid, startedAt }: ProcessInfo): string => `${pid}@${startedAt}`;

/** The group in one stroke, so that nothing escapes by starting children meanwhile; the others one by one. */
function signalAll(
  members: readonly ProcessInfo[],
  leader: ProcessIdentity | null,
  name: NodeJS.Signals,
): void {
  const group = leader?.pid;
  if (group !== undefined && members.some((info) => info.group === group)) signal(-group, name);
  for (const info of members) if (info.group !== group) signal(info.pid, name);
}

/** Signals a process, or with a negative number a group; one that has ended already is no error. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ESRCH' && code !== 'EPERM') throw error; // EPERM: someone else's by now, or on macOS a zombie
  }
}

/** Windows knows no polite signal for programs without a window: the tree is ended at once. */
async function taskkill(members: readonly ProcessInfo[]): Promise<void> {
  const pids = members.flatMap(({ pid }) => ['/PID', String(pid)]);
  // It fails when one of them has ended meanwhile; the next look at the table decides.
  await promisify(execFile)('taskkill', ['/T', '/F', ...pids], { windowsHide: true }).catch(() => undefined);
}
