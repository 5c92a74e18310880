/** What is done about a run whose host went away: it is fenced if it never started, and ended if it did. */
import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Launch, Milliseconds, ProcessIdentity } from '../core/model.ts';
import { isAlive } from './processIdentity.ts';
import { claimRun, readExit, readStarted } from './runFiles.ts';
import type { ExitRecord, StartedRecord } from './runFiles.ts';
import { endRun } from './supervisorClient.ts';

const pollInterval: Milliseconds = 50;
/** How long a claim may be unreadable: on file systems without hard links it is made, then written. */
const claimPatience: Milliseconds = 1_000;
/** How much longer than the grace a supervisor may take to end its program and say so. */
const supervisorPatience: Milliseconds = 2_000;

/**
 * Makes sure that nothing of a run is alive and never will be. Whoever makes `started.json` first wins, so there is
 * no moment at which a program can start unseen.
 * @returns how the run ended, if its supervisor has written that down
 */
export async function endLeftovers(
  { runDirectory, process: program }: Launch,
  grace: Milliseconds,
): Promise<ExitRecord | undefined> {
  await mkdir(runDirectory, { recursive: true });
  if (claimRun(runDirectory, { kind: 'fenced' })) return undefined;
  const started = await readClaim(runDirectory);
  if (started?.kind === 'fenced') return undefined;
  if (started !== undefined) await endSupervisor(runDirectory, started.supervisor, grace);
  // A run that has its exit record has nothing alive; looking costs little and proves it.
  await endRun(runDirectory, program, grace);
  return readExit(runDirectory);
}

async function readClaim(runDirectory: string): Promise<StartedRecord | undefined> {
  const deadline = performance.now() + claimPatience;
  let started = readStarted(runDirectory);
  while (started === undefined && performance.now() < deadline) {
    await delay(pollInterval);
    started = readStarted(runDirectory);
  }
  return started;
}

/** Asks a living supervisor to end its run, which it does in order and with a record; one that hangs is killed. */
async function endSupervisor(
  runDirectory: string,
  supervisor: ProcessIdentity,
  grace: Milliseconds,
): Promise<void> {
  if (!isAlive(supervisor)) return;
  // On Windows this ends it at once, and its program is ended as a leftover.
  if (readExit(runDirectory) === undefined) send(supervisor, 'SIGTERM');
  const deadline = performance.now() + grace + supervisorPatience;
  while (isAlive(supervisor)) {
    if (performance.now() >= deadline) send(supervisor, 'SIGKILL');
    await delay(pollInterval);
  }
}

function send({ pid }: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown; // ESRCH: it has just ended
  }
}
