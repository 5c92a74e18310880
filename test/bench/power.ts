/** W-POWER: the power goes at 1,000 points by chance; and a store that never syncs, on which the same check must fail. */
import type { Files } from '../../src/store/files.ts';
import { cutPower } from '../support/powerCut.ts';
import { unsynced } from '../support/cheatingFiles.ts';
import type { SimulatedFiles } from '../support/simulatedFiles.ts';
import { check } from './report.ts';
import type { WorkloadReport } from './report.ts';

/** The continuous build does fewer: `PODIUM_POWER_CUTS=200`. */
const points = Number(process.env.PODIUM_POWER_CUTS ?? 1_000);
const mutantPoints = 100;

async function power(): Promise<WorkloadReport> {
  const lost = await failures(points, (files) => files);
  const mutant = await failures(mutantPoints, unsynced);
  return {
    systems: {
      P: { points, 'points with a loss': lost },
      'P without fdatasync': { points: mutantPoints, 'points with a loss': mutant },
    },
    checks: [
      check('points at which something acknowledged was lost', lost, '<=', 0, 'points'),
      check('points tried', points, '>=', 200, 'points'),
      check('losses of the mutant that never syncs', mutant, '>=', 1, 'points'),
    ],
  };
}

async function failures(count: number, wrap: (files: SimulatedFiles) => Files): Promise<number> {
  let failed = 0;
  for (let seed = 1; seed <= count; seed += 1) {
    const losses = await cutPower({ seed, wrap });
    if (losses.length > 0) failed += 1;
  }
  return failed;
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { 'W-POWER': power };
