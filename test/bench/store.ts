/** The `store` workload: how fast, how large and how steady the store is, beside what the disk and SQLite can do. */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import PQueue from 'p-queue';
import { check, median } from './report.ts';
import type { WorkloadReport } from './report.ts';
import { diskRound, podiumRound, rate, sqliteRound } from './storeSystems.ts';
import type { Rates } from './storeSystems.ts';

const rounds = 5;
const scale = fileURLToPath(new URL('storeScale.ts', import.meta.url));
/** More than a disk can sync; it is memory that says it is a disk. */
const notADisk = 30_000;

type Round = Readonly<Record<'F' | 'pQueue', number> & Record<'podium' | 'sqlite', Rates>>;

async function store(): Promise<WorkloadReport> {
  const folder = await mkdtemp(path.join(tmpdir(), 'podium-bench-store-'));
  try {
    const found: Round[] = [];
    for (let round = 0; round < rounds; round += 1) found.push(await oneRound(folder, round));
    return reportOf(found, {
      '1k': await measure(folder, 1_000),
      '2k': await measure(folder, 2_000),
      '10k': await measure(folder, 10_000),
      '100k': await measure(folder, 100_000),
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All systems one after the other, so that a change of the machine's mood meets them all. */
async function oneRound(folder: string, round: number): Promise<Round> {
  const here = path.join(folder, `round ${round}`);
  await mkdir(here);
  const before = await diskRound(here);
  const podium = await podiumRound(path.join(here, 'store'));
  const sqlite = await sqliteRound(here);
  const after = await diskRound(here);
  return { F: (before + after) / 2, podium, sqlite, pQueue: await pQueueRound() };
}

/** p-queue alone: tasks started and ended in memory, with nothing kept. */
async function pQueueRound(): Promise<number> {
  const tasks = 20_000;
  const queue = new PQueue({ concurrency: 10 });
  return await rate(tasks, async () => {
    for (let task = 0; task < tasks; task += 1) void queue.add(() => Promise.resolve());
    await queue.onIdle();
  });
}

type Measured = Readonly<Record<string, number>>;

/** Fills a store of this size and measures it, each in a process of its own. */
async function measure(folder: string, pending: number): Promise<Measured> {
  const directory = path.join(folder, `scale ${pending}`);
  await mkdir(directory);
  const run = (part: string): Measured =>
    JSON.parse(
      execFileSync(process.execPath, [scale, directory, String(pending), part], { encoding: 'utf8' }),
    ) as Measured;
  const filled = run('fill');
  const used = Array.from({ length: rounds }, () => run('use'));
  const measured = { ...filled, ...mediansOf(used), ...run('pick'), ...run('tail') };
  await rm(directory, { recursive: true });
  return measured;
}

function mediansOf(rounds: readonly Measured[]): Measured {
  const names = Object.keys(rounds[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((one) => one[name] ?? NaN))]));
}

function reportOf(found: readonly Round[], sizes: Readonly<Record<string, Measured>>): WorkloadReport {
  const of = (pick: (round: Round) => number): number => median(found.map(pick));
  const rates = (system: 'podium' | 'sqlite'): Record<keyof Rates, number> => ({
    oneCaller: of((round) => round[system].oneCaller),
    hundredCallers: of((round) => round[system].hundredCallers),
    bulk: of((round) => round[system].bulk),
    claimAndComplete: of((round) => round[system].claimAndComplete),
  });
  const named = (one: Record<keyof Rates, number>): Measured => ({
    'adds/s, 1 caller': one.oneCaller,
    'adds/s, 100 callers': one.hundredCallers,
    'adds/s, in bulk': one.bulk,
    'claim and complete/s': one.claimAndComplete,
  });
  const scaled = Object.entries(sizes).flatMap(([size, measured]) =>
    Object.entries(measured).map(([name, value]) => [`${name}, ${size}`, value] as const),
  );
  const F = of((round) => round.F);
  const at = (size: string, name: string): number => sizes[size]?.[name] ?? NaN;
  const ratio = (name: keyof Rates): number => of(({ podium, sqlite }) => podium[name] / sqlite[name]);
  return {
    systems: {
      P: { ...named(rates('podium')), ...Object.fromEntries(scaled) },
      'node:sqlite': named(rates('sqlite')),
      'p-queue': { 'tasks/s': of((round) => round.pQueue) },
      F: { 'overwrites/s': F },
    },
    checks: [
      check('the disk is one: F', F, '<=', notADisk, '/s'),
      check(
        'one caller over F',
        of(({ podium, F: disk }) => podium.oneCaller / disk),
        '>=',
        0.4,
        'x',
      ),
      check('100 callers over node:sqlite', ratio('hundredCallers'), '>=', 0.5, 'x'),
      check('bulk over node:sqlite', ratio('bulk'), '>=', 0.5, 'x'),
      check('claim and complete over node:sqlite', ratio('claimAndComplete'), '>=', 0.5, 'x'),
      check('pick p99 at 100k', at('100k', 'pick p99'), '<=', 0.2, 'ms'),
      check('cold start at 100k', at('100k', 'coldStart') / 1000, '<=', 0.5, 's'),
      check('longest stall at 2k', at('2k', 'stall'), '<=', 16, 'ms'),
      check('longest stall at 10k', at('10k', 'stall'), '<=', 30, 'ms'),
      check('longest stall at 100k', at('100k', 'stall'), '<=', 200, 'ms'),
      check('resident memory at 100k', at('100k', 'resident'), '<=', 450, 'MB'),
    ],
  };
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { store };
