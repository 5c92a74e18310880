/** The host's side of a supervised run: starts the supervisor, hears how it goes, and steps in when it fails. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import type { ProcessIdentity } from '../core/model.ts';
import type { Clock } from '../core/ports.ts';
import { endProcesses } from './processGroup.ts';
import { parseIdentity } from './processIdentity.ts';
import { parseExit, readExit, readStarted, runMark } from './runFiles.ts';
import type { ExitRecord } from './runFiles.ts';
import { cancelCommand, LineSplitter } from './supervisorProtocol.ts';
import type { SupervisorConfig } from './supervisorProtocol.ts';

export interface SupervisorPorts {
  readonly clock: Clock;
  /** Absolute path of the supervisor program. */
  readonly supervisor: string;
}

/** How a supervised run ended. Nothing of it is alive any more. */
export type SupervisedEnd =
  | { readonly kind: 'ended'; readonly record: ExitRecord }
  /** A recovery has fenced the run: nothing was started. */
  | { readonly kind: 'refused' }
  /** The supervisor went away without a word about the program. */
  | {
      readonly kind: 'lost';
      readonly message: string;
      /** The operating system's code of what ended it, as far as it could still tell; '' otherwise. */
      readonly code: string;
    };

/** How much longer than the grace, in ms, a supervisor may take to end its program before the host does it. */
const supervisorPatience = 5_000;

/**
 * Runs one program under a supervisor.
 * @param onStarted told the program's identity; when it rejects, the program is ended and the rejection passed on
 * @param signal ends the program and everything it started
 */
export async function supervise(
  config: SupervisorConfig,
  ports: SupervisorPorts,
  onStarted: (program: ProcessIdentity) => Promise<void>,
  signal: AbortSignal,
): Promise<SupervisedEnd> {
  const child = startSupervisor(config, ports.supervisor);
  let leash: Disposable | undefined;
  const cancel = (): void => {
    child.stdin?.write(`${JSON.stringify(cancelCommand)}\n`);
    leash ??= ports.clock.setTimer(config.grace + supervisorPatience, () => child.kill('SIGKILL'));
  };
  let recording: Promise<void> | undefined;
  let told: SupervisedEnd | undefined;
  let complaint = { message: '', code: '' };
  const lines = new LineSplitter();
  child.stdout?.setEncoding('utf8');
  child.stdout?.on('data', (text: string) => {
    for (const line of lines.push(text)) {
      const event = parseEvent(line);
      if (event.kind === 'started') {
        recording = onStarted(event.program);
        recording.catch(cancel);
      } else if (event.kind === 'broken') complaint = event;
      else told = event;
    }
  });
  const closed = endOf(child);
  child.stdin?.write(`${JSON.stringify(config)}\n`);
  signal.addEventListener('abort', cancel, { once: true });
  try {
    if (signal.aborted) cancel();
    const problem = await closed;
    const end =
      told ?? (await pickUp(config, [complaint.message, problem].filter(Boolean).join(' '), complaint.code));
    await recording;
    return end;
  } finally {
    signal.removeEventListener('abort', cancel);
    leash?.[Symbol.dispose]();
  }
}

/** It is detached so that it outlives its host by the moment it needs to put the run in order. */
function startSupervisor({ runDirectory }: SupervisorConfig, supervisor: string): ChildProcess {
  // What is meant for the host's own Node, such as a debugger's port, is not meant for this one.
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(process.execPath, [supervisor], {
    cwd: runDirectory,
    env: { ...env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
    detached: true,
    windowsHide: true,
  });
  child.stdin.on('error', () => undefined); // it ended first; how, its last words or its files tell
  return child;
}

/** Resolves when the supervisor has ended and all it said was heard, with what was odd about its end or ''. */
async function endOf(child: ChildProcess): Promise<string> {
  return await new Promise((resolve) => {
    child.once('error', (thrown) => resolve(thrown.message));
    child.once('close', (code, signal) =>
      resolve(code === 0 ? '' : `It ended with ${signal ?? `code ${code}`}.`),
    );
  });
}

type Heard =
  | SupervisedEnd
  | { readonly kind: 'started'; readonly program: ProcessIdentity }
  | { readonly kind: 'broken'; readonly message: string; readonly code: string };

function parseEvent(line: string): Heard {
  const said = parseObject(line);
  if (said?.event === 'refused') return { kind: 'refused' };
  const program = said?.event === 'started' ? parseIdentity(said.program) : undefined;
  if (program !== undefined) return { kind: 'started', program };
  const record = said?.event === 'ended' ? parseExit(said.record) : undefined;
  if (record !== undefined) return { kind: 'ended', record };
  const message = said?.event === 'broken' ? said.message : `It said ${line.slice(0, 200)}.`;
  return { kind: 'broken', message: String(message), code: typeof said?.code === 'string' ? said.code : '' };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A supervisor that said nothing of the end may have written it down; otherwise its program is ended here. */
async function pickUp(
  { runDirectory, grace }: SupervisorConfig,
  message: string,
  code: string,
): Promise<SupervisedEnd> {
  await endRun(runDirectory, null, grace);
  const record = readExit(runDirectory);
  return record === undefined ? { kind: 'lost', message, code } : { kind: 'ended', record };
}

/**
 * Ends the program of a run whose supervisor is dead, and all it started.
 * @param program who it is, when its record does not say
 */
export async function endRun(
  runDirectory: string,
  program: ProcessIdentity | null,
  grace?: number,
): Promise<void> {
  const started = readStarted(runDirectory);
  const leader = (started?.kind === 'claimed' ? started.program : null) ?? program;
  await endProcesses({ leader, mark: { name: runMark, value: runDirectory } }, grace);
}
