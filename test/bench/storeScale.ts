/**
 * One store at one size, in a process of its own: `node storeScale.ts <folder> <pending> <part>` prints what it
 * measured as JSON. Times in milliseconds, memory in megabytes.
 */
import { setImmediate as turn } from 'node:timers/promises';
import { fusePolicies } from '../../src/core/fuses/fuseBox.ts';
import { scoreOf } from '../../src/core/priority/score.ts';
import { insertTasks } from '../../src/store/admission.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import { Ledger } from '../../src/store/ledger.ts';
import type { Files } from '../../src/store/files.ts';
import { nodeFiles } from '../../src/store/nodeFiles.ts';
import { checksum } from '../../src/store/record.ts';
import { recover } from '../../src/store/recovery.ts';
import { openSqlEngine } from '../../src/store/sqlModule.ts';
import { median, percentile } from './report.ts';
import { draft, drafts, newPolicy, openAt, workspaceId } from './storeSystems.ts';

const [folder = '', size = '1000', part = 'fill'] = process.argv.slice(2);
const pending = Number(size);
/** Picks before the code is compiled for good. */
const warmUp = 1_000;
const pickRounds = 5;
const signal = new AbortController().signal;

/** Fills the store through its front door, a portion at a time, and leaves a snapshot. */
async function fill(): Promise<void> {
  const store = await openAt(folder);
  await store.putWorkspace({ id: workspaceId, uri: 'file:///bench', name: 'bench' });
  for (let left = pending; left > 0; left -= 500) await store.addTasks(drafts(Math.min(500, left)));
  const began = performance.now();
  await store.snapshot();
  const snapshot = performance.now() - began;
  await store.close();
  say({ snapshot });
}

/** Opens what `fill` left, and works on it while the longest hold of the thread is watched. */
async function use(): Promise<void> {
  const before = performance.now();
  const store = await openAt(folder, watchedFiles);
  const coldStart = performance.now() - before;
  const stall = await watched(() => work(store));
  const snapshotStall = await watched(() => store.snapshot());
  const resident = process.resourceUsage().maxRSS / 1024;
  await store.close();
  say({
    coldStart,
    stall: Math.max(stall, snapshotStall),
    'stall of work': stall,
    'stall of a snapshot': snapshotStall,
    resident,
  });
}

/** Adds a tail of 10,000 commits behind the snapshot, leaves without closing, and times the recovery. */
async function tail(): Promise<void> {
  const store = await openAt(folder);
  for (let left = 9_900; left > 0; left -= 100)
    await Promise.all(Array.from({ length: 100 }, () => store.addTasks([draft()])));
  await store.abandon();
  const began = performance.now();
  await (await openAt(folder)).close();
  say({ recovery: performance.now() - began });
}

/** A user's half minute: adds, passes, ends of runs, looks at the tree. */
async function work(store: EmbeddedStore): Promise<void> {
  const policy = newPolicy();
  for (let round = 0; round < 40; round += 1) {
    await store.addTasks([draft()]);
    const claims = await store.claimNext(policy, 10, signal);
    await Promise.all(
      claims.map(({ task: { id: taskId, claim } }) =>
        store.settle({ taskId, claim }, { event: 'complete', result: 'done', tokens: 0, costMicros: 0 }),
      ),
    );
    await store.reconcile([workspaceId]);
    if (round % 4 === 0) await store.picture(200, 200);
  }
}

/** Milliseconds this thread has worked, and those it has waited in synchronous file calls. */
function held(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000 + blocked;
}

let blocked = 0;

/** The machine's files, with a watch on what holds the thread. */
const watchedFiles: Files = {
  ...nodeFiles,
  exists: timed((name: string) => nodeFiles.exists(name)),
  create: async (name) => {
    const file = await nodeFiles.create(name);
    return {
      write: (bytes, position) => file.write(bytes, position),
      writeNow: timed((bytes: Uint8Array, position: number) => file.writeNow(bytes, position)),
      read: (position, length) => file.read(position, length),
      sync: () => file.sync(),
      syncNow: () => file.syncNow(),
      truncate: (to) => file.truncate(to),
      close: () => file.close(),
      closeNow: () => file.closeNow(),
    };
  },
};

function timed<P extends unknown[], R>(call: (...parameters: P) => R): (...parameters: P) => R {
  return (...parameters) => {
    const began = performance.now();
    try {
      return call(...parameters);
    } finally {
      blocked += performance.now() - began;
    }
  };
}

/**
 * Longest time the thread was held between two turns of the event loop while `work` runs. Between two turns the clock
 * also counts what other programs of the machine took away; so the smaller counts of the clock, and of the thread's
 * own work with its synchronous file calls.
 */
async function watched(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  const watch = { over: false };
  const watching = (async (): Promise<void> => {
    for (let last = performance.now(), own = held(); !watch.over;) {
      await turn();
      const now = performance.now();
      const ownNow = held();
      longest = Math.max(longest, Math.min(now - last, ownNow - own));
      last = now;
      own = ownNow;
    }
  })();
  await turn();
  await work();
  watch.over = true;
  await watching;
  return longest;
}

/** The pick alone: the head of a lane that something has touched, and the choice. */
async function pick(): Promise<void> {
  const options = { files: nodeFiles, directory: folder, checksum, overrides: new Map<never, string>() };
  const { database } = await recover({ ...options, engine: await openSqlEngine() });
  const ledger = new Ledger(database, { ...fusePolicies(), score: scoreOf });
  const policy = newPolicy();
  const round = (picks: number): number[] => {
    const times: number[] = [];
    for (let at = 0; at < picks; at += 1) {
      ledger.transact(() => insertTasks(ledger, [draft()], Date.now()));
      const began = performance.now();
      policy.choose([...ledger.heads.ready().values()]);
      times.push(performance.now() - began);
    }
    return times;
  };
  round(warmUp);
  const rounds = Array.from({ length: pickRounds }, () => round(1_000));
  say({
    'pick p50': median(rounds.map((times) => percentile(times, 50))),
    'pick p99': median(rounds.map((times) => percentile(times, 99))),
  });
  database.close();
}

function say(measured: Record<string, number>): void {
  process.stdout.write(`${JSON.stringify(measured)}\n`);
}

const parts = new Map([
  ['fill', fill],
  ['use', use],
  ['pick', pick],
  ['tail', tail],
]);
await parts.get(part)?.();
