/**
 * The program that stands between the editor and one program of a task, so that a run ends properly even when the
 * editor does not: it claims the run, starts the program, keeps its output, ends whatever it leaves behind, and writes
 * down how it ended. It outlives its host by as long as that takes. `node supervisor.cjs`, see supervisorProtocol.ts.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { OutputLog } from './outputLog.ts';
import { endProcesses } from './processGroup.ts';
import { identityOf, isAlive, ownIdentity } from './processIdentity.ts';
import type { ProcessIdentity } from '../core/model.ts';
import { claimRun, exitFile, outboxFile, outputFile, runMark, startedFile, writeRecord } from './runFiles.ts';
import type { ExitRecord, RunEnd } from './runFiles.ts';
import { LineSplitter } from './supervisorProtocol.ts';
import type { SupervisorConfig, SupervisorEvent } from './supervisorProtocol.ts';

type StopReason = Extract<RunEnd, 'cancelled' | 'host-gone' | 'terminated'>;
type Ending = Pick<ExitRecord, 'end' | 'code' | 'signal' | 'error'>;

/** How long, in ms, a program may go on without a host: what is nearly done is worth adopting. */
const hostPatience = 1_000;
/** How long to wait, in ms, for output that is still on its way when every known process has ended. */
const drainPatience = 1_000;

/** Resolves when the host has it, or can have nothing any more. */
async function tell(event: SupervisorEvent): Promise<void> {
  await new Promise<void>((resolve) => {
    process.stdout.write(`${JSON.stringify(event)}\n`, () => resolve());
  });
}

/** One run from its claim to its exit record. */
class Supervisor {
  readonly #config: SupervisorConfig;
  readonly #output: OutputLog;
  readonly #log: number;
  readonly #startedAt = Date.now();
  #leader: ProcessIdentity | null = null;
  #stopped: StopReason | null = null;
  #sweep: Promise<unknown> | null = null;

  constructor(config: SupervisorConfig) {
    this.#config = config;
    this.#log = openSync(path.join(config.runDirectory, outputFile), 'a', 0o600);
    this.#output = new OutputLog(this.#log, config.outputLimit);
  }

  /** Ends the program and everything it started; the first reason counts. */
  stop(reason: StopReason): void {
    if (this.#stopped !== null) return;
    this.#stopped = reason;
    if (this.#leader !== null) void this.#endAll();
  }

  async run(): Promise<void> {
    const { runDirectory } = this.#config;
    const supervisor = ownIdentity();
    // From here to the record of the program's identity nothing is awaited: no signal can come between.
    if (!claimRun(runDirectory, { kind: 'claimed', supervisor, program: null })) {
      await tell({ event: 'refused' });
      return;
    }
    const child = this.#spawn();
    const ended = child instanceof Error ? notStarted(child) : endOf(child);
    const drained = child instanceof Error ? undefined : this.#collect(child);
    if (!(child instanceof Error) && child.pid !== undefined) {
      const program = identityOf(child.pid) ?? { ...supervisor, pid: child.pid, startedAt: '' };
      this.#leader = program;
      writeRecord(runDirectory, startedFile, { kind: 'claimed', supervisor, program });
      await tell({ event: 'started', program });
    }
    const ending = await ended;
    const stopped = this.#stopped;
    await this.#endAll();
    await Promise.race([drained, delay(drainPatience)]);
    const { problem, ...output } = this.#output.finish();
    closeSync(this.#log);
    const record: ExitRecord = {
      ...ending,
      end: ending.end === 'exited' && stopped !== null ? stopped : ending.end,
      startedAt: this.#startedAt,
      endedAt: Date.now(),
      ...output,
      ...(problem !== null && { tail: `${output.tail}\n[Podium: the log is not complete: ${problem}]` }),
    };
    this.#write(record);
    await tell({ event: 'ended', record });
  }

  /** @returns an error where the system refuses at once, e.g. because the arguments are too long */
  #spawn(): ChildProcess | Error {
    const { file, args, cwd, env, prompt, verbatim } = this.#config;
    try {
      const child = spawn(file, args, {
        cwd,
        env,
        stdio: [prompt === null ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        detached: process.platform !== 'win32', // a group of its own; on Windows it would open a window
        windowsHide: true,
        windowsVerbatimArguments: verbatim,
      });
      // A program need not read what it is told.
      child.stdin?.on('error', () => undefined);
      child.stdin?.end(prompt);
      return child;
    } catch (thrown) {
      return thrown as Error;
    }
  }

  /** Resolves when no one can print any more. */
  async #collect(child: ChildProcess): Promise<void> {
    const streams = (['stdout', 'stderr'] as const).map(async (name) => {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      child[name]?.on('data', (chunk: Buffer) => this.#output.write(name, chunk));
      child[name]?.on('error', () => undefined);
      child[name]?.on('close', () => resolve(undefined));
      await promise;
    });
    await Promise.all(streams);
  }

  /** The last resort of a supervisor that cannot go on. */
  abandon(): void {
    if (this.#leader === null || process.platform === 'win32' || !isAlive(this.#leader)) return;
    process.kill(-this.#leader.pid, 'SIGKILL');
  }

  /** Once for all: ends the group, and what has left it. */
  async #endAll(): Promise<void> {
    const { runDirectory, grace } = this.#config;
    const mark = { name: runMark, value: runDirectory };
    this.#sweep ??= endProcesses({ leader: this.#leader, mark }, grace);
    await this.#sweep;
  }

  /** A disk that takes no record is no reason not to tell the host. */
  #write(record: ExitRecord): void {
    const { runDirectory } = this.#config;
    try {
      // What the program asked for must not be lost by a power cut that the record survives.
      const outbox = openSync(path.join(runDirectory, outboxFile), 'a', 0o600);
      fsyncSync(outbox);
      closeSync(outbox);
      writeRecord(runDirectory, exitFile, record);
    } catch {
      // The host hears of the end anyway; without a host the run counts as interrupted.
    }
  }
}

/** Resolves with how the program ended, or why it did not start; never rejects. */
async function endOf(child: ChildProcess): Promise<Ending> {
  return await new Promise((resolve) => {
    child.once('exit', (code, signal) => resolve({ end: 'exited', code, signal, error: null }));
    child.once('error', (thrown: NodeJS.ErrnoException) => {
      if (child.pid !== undefined) return; // a signal that could not be sent
      resolve(notStarted(thrown));
    });
  });
}

function notStarted(thrown: NodeJS.ErrnoException): Ending {
  const error = { code: thrown.code ?? '', message: thrown.message };
  return { end: 'not-started', code: null, signal: null, error };
}

/** Follows the host's stream until the run is over. */
function main(): void {
  let supervisor: Supervisor | undefined;
  const stop = (reason: StopReason): void => {
    if (supervisor === undefined) process.exit(0);
    supervisor.stop(reason);
  };
  const fail = (thrown: unknown): void => {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    supervisor?.abandon();
    const code = thrown instanceof Error ? ((thrown as NodeJS.ErrnoException).code ?? '') : '';
    void tell({ event: 'broken', message, code }).then(() => process.exit(70)); // EX_SOFTWARE
  };
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(name, () => stop('terminated'));
  process.on('uncaughtException', fail);
  process.stdout.on('error', () => undefined); // the host is gone, which its other stream tells as well

  const lines = new LineSplitter();
  process.stdin.setEncoding('utf8');
  process.stdin.on('error', () => undefined);
  process.stdin.on('close', () => {
    if (supervisor === undefined) process.exit(0);
    setTimeout(() => stop('host-gone'), hostPatience);
  });
  process.stdin.on('data', (text: string) => {
    for (const line of lines.push(text)) {
      if (supervisor === undefined) {
        supervisor = new Supervisor(JSON.parse(line) as SupervisorConfig);
        supervisor.run().then(() => process.exit(0), fail);
      } else {
        supervisor.stop('cancelled'); // the one thing a host can ask for
      }
    }
  });
}

main();
