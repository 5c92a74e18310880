/**
 * W-CRASH: a process that hosts the real orchestra with real commands is killed at random moments, again and again on
 * the same folder. Afterwards everything acknowledged is there and ended once, every claim has had its side effect at
 * most once, no two runs of a task were ever alive together, and no process is left.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../support/seededChance.ts';
import { check } from './report.ts';
import type { WorkloadReport } from './report.ts';

/** What a series of kills has shown. */
export interface CrashFindings {
  readonly kills: number;
  readonly acknowledged: number;
  /** Acknowledged tasks that are gone. */
  readonly lost: number;
  /** Tasks without exactly one terminal row. */
  readonly unfinished: number;
  /** Claims whose command started more than once. */
  readonly repeated: number;
  /** Runs that began while another run of their task was alive. */
  readonly overlaps: number;
  /** Tasks that ended as completed without their command having ended. */
  readonly hollow: number;
  /** Processes of the commands that are alive at the end. */
  readonly orphans: number;
  readonly claims: number;
}

/** A line that a host says. */
interface Report {
  readonly acknowledged?: string;
  readonly task?: string;
  readonly status?: string;
  readonly closed?: boolean;
}

/** Milliseconds the last host has to finish everything; far more than it needs. */
const lastPatience = 180_000;
const host = fileURLToPath(new URL('crashHost.ts', import.meta.url));

/**
 * Kills a host `kills` times.
 * @param seed of the moments
 */
export async function crashAgainAndAgain(kills: number, seed: number): Promise<CrashFindings> {
  const random = seededRandom(seed);
  const scratch = await mkdtemp(path.join(tmpdir(), 'podium-crash-'));
  const storage = path.join(scratch, 'storage');
  const folder = path.join(scratch, 'folder');
  await mkdir(folder);
  try {
    const acknowledged = new Set<string>();
    for (let kill = 0; kill < kills; kill += 1) {
      const child = start(storage, folder, 3);
      const { promise: working, resolve: works } = Promise.withResolvers<undefined>();
      const listening = listen(child, (line) => {
        if (line.acknowledged === undefined) return;
        acknowledged.add(line.acknowledged);
        works(undefined);
      });
      // Every other one at any moment, also of its start; the rest while it works, however slow the machine is.
      const moment = random() * 1_000;
      if (kill % 2 === 0) await delay(250 + moment);
      else await Promise.race([working.then(() => delay(moment)), listening]);
      child.kill('SIGKILL');
      await listening;
    }
    const ended = new Map<string, string[]>();
    const last = { closed: false };
    const finisher = start(storage, folder, 0);
    const patience = setTimeout(() => finisher.kill('SIGKILL'), lastPatience);
    await listen(finisher, (line) => {
      if (line.task !== undefined) ended.set(line.task, [...(ended.get(line.task) ?? []), line.status ?? '']);
      if (line.closed === true) last.closed = true;
    });
    clearTimeout(patience);
    if (!last.closed) throw new Error('The last host did not come to its end.');
    return { kills, ...judge(folder, acknowledged, ended) };
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

function start(storage: string, folder: string, add: number): ChildProcess {
  return spawn(process.execPath, [host, storage, folder, String(add)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

async function listen(child: ChildProcess, hear: (line: Report) => unknown): Promise<void> {
  const exited = once(child, 'exit');
  if (child.stdout !== null) {
    for await (const line of createInterface({ input: child.stdout })) {
      if (line.startsWith('{') && line.endsWith('}')) hear(JSON.parse(line) as Report);
    }
  }
  await exited;
}

/** Compares what was acknowledged and how it ended with the traces of the commands. */
export function judge(
  folder: string,
  acknowledged: ReadonlySet<string>,
  ended: ReadonlyMap<string, readonly string[]>,
): Omit<CrashFindings, 'kills'> {
  const effects = path.join(folder, 'effects.log');
  const lines = existsSync(effects) ? readFileSync(effects, 'utf8').split('\n') : [];
  const starts = lines
    .filter((line) => line.startsWith('start '))
    .map((line) => line.split(' ').slice(1, 3).join(' '));
  const ends = new Set(lines.filter((line) => line.startsWith('end ')).map((line) => line.split(' ')[1]));
  const terminal = new Set(['completed', 'failed', 'cancelled']);
  const completed = [...ended].filter(([, statuses]) => statuses[0] === 'completed').map(([task]) => task);
  return {
    acknowledged: acknowledged.size,
    lost: [...acknowledged].filter((task) => !ended.has(task)).length,
    unfinished: [...ended.values()].filter(
      (statuses) => statuses.length !== 1 || !terminal.has(statuses[0] ?? ''),
    ).length,
    repeated: starts.length - new Set(starts).size,
    overlaps: lines.filter((line) => line.startsWith('overlap ')).length,
    hollow: completed.filter((task) => !ends.has(task)).length,
    orphans: readdirSync(folder)
      .filter((name) => name.startsWith('alive-'))
      .filter((name) => isAlive(Number(readFileSync(path.join(folder, name), 'utf8')))).length,
    claims: starts.length,
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function crash(): Promise<WorkloadReport> {
  const found = await crashAgainAndAgain(200, 1);
  return {
    systems: { P: { ...found } },
    checks: [
      check('acknowledged tasks lost', found.lost, '<=', 0, 'tasks'),
      check('tasks without exactly one terminal row', found.unfinished, '<=', 0, 'tasks'),
      check('claims run more than once', found.repeated, '<=', 0, 'claims'),
      check('runs beside another of their task', found.overlaps, '<=', 0, 'runs'),
      check('completed without having ended', found.hollow, '<=', 0, 'tasks'),
      check('orphan processes', found.orphans, '<=', 0, 'processes'),
      check('claims made', found.claims, '>=', 200, 'claims'),
    ],
  };
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { 'W-CRASH': crash };
