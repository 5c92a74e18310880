/**
 * The workload `W-FAIR`: one workspace with 5,000 tasks and 49 with 10, all at once, fuses on. In virtual time on the
 * real core and store. `P!` is Podium that lets rank alone decide: a mutant.
 */
import type { Milliseconds, WorkspaceId } from '../../../src/core/model.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { completed, pass } from '../../support/scriptedAgent.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { openTestDesk } from '../../support/testDesk.ts';
import { normal } from '../draws.ts';
import { check } from '../report.ts';
import type { WorkloadReport, Workloads } from '../report.ts';
import { withoutTurns } from './withoutTurns.ts';

const [big, small, smallFolders, workers] = [5_000, 10, 49, 10];

interface Run {
  readonly folder: number;
  readonly from: Milliseconds;
  readonly to: Milliseconds;
}

async function run(): Promise<readonly Run[]> {
  const clock = new FakeClock();
  const random = seededRandom(1);
  const runs: Run[] = [];
  let began = 0;
  const ids = Array.from({ length: smallFolders + 1 }, (_, folder) => `w${folder}` as WorkspaceId);
  const house = await openTestDesk({
    clock,
    workers,
    workspaces: ids,
    script: async ({ workspaceId }, _run, signal) => {
      const from = clock.monotonic() - began;
      await pass(clock, Math.round(1_000 * Math.exp(-0.08 + 0.5 * normal(random, 1))), signal);
      runs.push({ folder: ids.indexOf(workspaceId), from, to: clock.monotonic() - began });
      return completed;
    },
  });
  await using _house = house;
  await house.desk.pause('all', 'until all have come');
  for (const [folder, workspaceId] of ids.entries()) {
    const count = folder === 0 ? big : small;
    const requests = Array.from({ length: count }, (_, place) =>
      house.request(`Task ${folder}.${place}`, { workspaceId }),
    );
    for (let from = 0; from < count; from += 500) await house.desk.addBatch(requests.slice(from, from + 500));
  }
  began = clock.monotonic();
  await house.desk.resume('all');
  while (runs.length < big + small * smallFolders && clock.monotonic() - began < 3_600_000)
    await clock.advance(10_000);
  return runs;
}

/** Jain, Chiu and Hawe (1984): 1 when all have the same, 1/n when one has all. */
function jain(amounts: readonly number[]): number {
  const sum = amounts.reduce((total, one) => total + one, 0);
  return sum ** 2 / (amounts.length * amounts.reduce((total, one) => total + one ** 2, 0));
}

function figures(runs: readonly Run[]): Record<string, number> {
  const folders = Array.from({ length: smallFolders + 1 }, (_, folder) =>
    runs.filter((one) => one.folder === folder),
  );
  const lastOf = (own: readonly Run[]): number => Math.max(...own.map(({ from }) => from));
  // Until the first of them has nothing left to start.
  const backlogged = Math.min(...folders.map(lastOf));
  const had = folders.map((own) =>
    own.reduce((sum, { from, to }) => sum + Math.max(0, Math.min(to, backlogged) - from), 0),
  );
  const ends = folders.slice(1).map((own) => Math.max(...own.map(({ to }) => to)));
  const firsts = folders.slice(1).map((own) => Math.min(...own.map(({ from }) => from)));
  // All get the same until the small ones are done: the work of fifty equal backlogs, on ten workers.
  const work = folders
    .slice(1)
    .flat()
    .reduce((sum, { from, to }) => sum + to - from, 0);
  const fluid = (work * (smallFolders + 1)) / smallFolders / workers;
  return {
    'tasks done': runs.length,
    'Jain index while all have work': jain(had),
    'last first start of a small folder s': Math.max(...firsts) / 1_000,
    'last end of a small folder s': Math.max(...ends) / 1_000,
    'last end over the fluid time': Math.max(...ends) / fluid,
  };
}

async function fair(): Promise<WorkloadReport> {
  const podium = figures(await run());
  const mutant = figures(await withoutTurns(run));
  const of = (row: Record<string, number>, metric: string): number => row[metric] ?? NaN;
  const index = 'Jain index while all have work';
  return {
    systems: { P: podium, 'P! rank alone': mutant },
    checks: [
      check('tasks done', of(podium, 'tasks done'), '>=', big + small * smallFolders, 'tasks'),
      check('Jain index', of(podium, index), '>=', 0.9, ''),
      check(
        'first start of each small folder',
        of(podium, 'last first start of a small folder s'),
        '<=',
        6,
        's',
      ),
      check('end of the small ones over fluid', of(podium, 'last end over the fluid time'), '<=', 1.1, 'x'),
      check('Jain index of the mutant', of(mutant, index), '<=', 0.5, ''),
    ],
  };
}

export const workloads: Workloads = { 'W-FAIR': fair };
