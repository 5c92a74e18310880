/**
 * W-TAKEOVER: two windows on one storage take the tasks from each other at random moments, while commands with side
 * effects run; in every third takeover the loser is stopped in its tracks before it, and goes on some time after it.
 * Afterwards everything acknowledged is there and ended once, every claim has had its side effect at most once, and no
 * two runs of a task were ever alive together. Measured: how long after its next write began the loser shows that it
 * only reads.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../support/seededChance.ts';
import { judge } from './crash.ts';
import type { CrashFindings } from './crash.ts';
import { check, percentile } from './report.ts';
import type { WorkloadReport } from './report.ts';

export interface TakeoverFindings extends Omit<CrashFindings, 'kills'> {
  readonly takeovers: number;
  /** Of these the loser stood still at the time. */
  readonly stopped: number;
  /** Takeovers that were asked for and did not happen. */
  readonly refused: number;
  /** For each takeover: milliseconds from the beginning of the loser's next write until its snapshot says `reader`. */
  readonly stepDowns: readonly number[];
}

interface Said {
  readonly role?: string;
  readonly acknowledged?: string;
  readonly refused?: string;
  /** The word that was refused. */
  readonly by?: string;
  readonly shows?: string;
  readonly after?: number;
  readonly took?: string;
  readonly failed?: string;
  readonly task?: string;
  readonly status?: string;
  readonly finished?: boolean;
}

const host = fileURLToPath(new URL('takeoverHost.ts', import.meta.url));
/** Milliseconds for anything a host is asked; far more than it needs. */
const patience = 60_000;
/** Commands that run while the tasks change hands. */
const commands = 10;

/** A window in a process of its own. */
class Host {
  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #heard: Said[] = [];
  #listeners: (() => void)[] = [];
  #next = 0;

  constructor(storage: string, folder: string) {
    this.#child = spawn(process.execPath, [host, storage, folder], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#exited = once(this.#child, 'exit');
    void this.#listen();
  }

  tell(word: string): void {
    this.#child.stdin?.write(`${word}\n`);
  }

  /** The next thing said that `wanted` is after. */
  async hear(wanted: (said: Said) => boolean): Promise<Said> {
    const deadline = performance.now() + patience;
    for (;;) {
      const said = this.#heard[this.#next];
      if (said !== undefined) {
        this.#next += 1;
        if (wanted(said)) return said;
      } else if (performance.now() > deadline) {
        throw new Error(
          `Not within ${patience} ms; the last words were ${JSON.stringify(this.#heard.slice(-5))}`,
        );
      } else {
        await Promise.race([new Promise<void>((resolve) => this.#listeners.push(resolve)), delay(1_000)]);
      }
    }
  }

  get heard(): readonly Said[] {
    return this.#heard;
  }

  stop(): void {
    this.#child.kill('SIGSTOP');
  }

  goOn(): void {
    this.#child.kill('SIGCONT');
  }

  /** Lets it close in order. */
  async close(): Promise<void> {
    this.#child.stdin?.end();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), patience);
    await this.#exited;
    clearTimeout(timer);
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #listen(): Promise<void> {
    if (this.#child.stdout === null) return;
    for await (const line of createInterface({ input: this.#child.stdout })) {
      if (!line.startsWith('{') || !line.endsWith('}')) continue;
      this.#heard.push(JSON.parse(line) as Said);
      for (const wake of this.#listeners.splice(0)) wake();
    }
  }
}

/**
 * Two hosts take the tasks from each other `takeovers` times.
 * @param seed of the moments
 */
export async function takeOverAgainAndAgain(takeovers: number, seed: number): Promise<TakeoverFindings> {
  const random = seededRandom(seed);
  const scratch = await mkdtemp(path.join(tmpdir(), 'podium-takeover-'));
  const [storage, folder] = [path.join(scratch, 'storage'), path.join(scratch, 'folder')];
  await mkdir(folder);
  const hosts: Host[] = [];
  try {
    let owner = new Host(storage, folder);
    hosts.push(owner);
    await owner.hear(({ role }) => role === 'owner');
    let other = new Host(storage, folder);
    hosts.push(other);
    await other.hear(({ role }) => role === 'reader');
    const stepDowns: number[] = [];
    let [stopped, refused] = [0, 0];
    for (let takeover = 0; takeover < takeovers; takeover += 1) {
      for (let add = takeover === 0 ? commands : 3; add > 0; add -= 1) owner.tell('add');
      await delay(random() * 500);
      const stops = takeover % 3 === 2;
      if (stops) owner.stop();
      other.tell('take');
      const took = await other.hear(({ took: role, failed }) => role !== undefined || failed !== undefined);
      if (took.took !== 'owner') refused += 1;
      if (stops) {
        stopped += 1;
        await delay(random() * 300);
        owner.goOn();
      }
      // A write that was under way when it was stopped says nothing of how quick it is.
      owner.tell('probe');
      const learned = await owner.hear(
        ({ refused: code, by }) => code === 'read-only' && (!stops || by === 'probe'),
      );
      if (learned.shows !== 'reader') throw new Error(`The loser shows ${learned.shows ?? 'nothing'}.`);
      stepDowns.push(learned.after ?? Infinity);
      [owner, other] = [other, owner];
    }
    owner.tell('finish');
    await owner.hear(({ finished }) => finished === true);
    const ended = new Map<string, string[]>();
    for (const { task, status } of owner.heard) {
      if (task !== undefined) ended.set(task, [...(ended.get(task) ?? []), status ?? '']);
    }
    for (const one of hosts) await one.close();
    const acknowledged = new Set(
      hosts.flatMap(({ heard }) => heard.flatMap((said) => said.acknowledged ?? [])),
    );
    return { takeovers, stopped, refused, stepDowns, ...judge(folder, acknowledged, ended) };
  } finally {
    for (const one of hosts) one.kill();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function takeover(): Promise<WorkloadReport> {
  const { stepDowns, ...found } = await takeOverAgainAndAgain(50, 1);
  const [p50, most] = [percentile(stepDowns, 50), Math.max(...stepDowns)];
  return {
    systems: { P: { ...found, 'step down p50 ms': p50, 'step down max ms': most } },
    checks: [
      check('takeovers that did not happen', found.refused, '<=', 0, 'takeovers'),
      check('acknowledged tasks lost', found.lost, '<=', 0, 'tasks'),
      check('tasks without exactly one terminal row', found.unfinished, '<=', 0, 'tasks'),
      check('claims run more than once', found.repeated, '<=', 0, 'claims'),
      check('runs beside another of their task', found.overlaps, '<=', 0, 'runs'),
      check('completed without having ended', found.hollow, '<=', 0, 'tasks'),
      check('orphan processes', found.orphans, '<=', 0, 'processes'),
      check('claims made', found.claims, '>=', 50, 'claims'),
      check('loser shows read-only after its next write', most, '<=', 1_000, 'ms'),
    ],
  };
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { 'W-TAKEOVER': takeover };
