/** The workload `activation`: loading the main file and the synchronous part of `activate`, in cold processes. */
import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { check, percentile } from './report.ts';
import type { WorkloadReport } from './report.ts';

const repository = fileURLToPath(new URL('../../', import.meta.url));
const runs = 21;

/** Builds the extension as it is shipped and starts it in one process after the other. */
async function activation(): Promise<WorkloadReport> {
  execFileSync(process.execPath, ['esbuild.mjs', '--production'], { cwd: repository });
  const child = fileURLToPath(new URL('activationChild.cjs', import.meta.url));
  const times: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    times.push(Number(execFileSync(process.execPath, [child], { cwd: repository, encoding: 'utf8' })));
  }
  const kilobytes = statSync(`${repository}dist/extension.cjs`).size / 1024;
  return Promise.resolve({
    systems: {
      P: {
        'load and activate, median ms': percentile(times, 50),
        'load and activate, max ms': Math.max(...times),
        'main file KB': kilobytes,
      },
    },
    checks: [
      check('load and synchronous activate, median of 21', percentile(times, 50), '<=', 15, 'ms'),
      check('main file', kilobytes, '<=', 60, 'KB'),
    ],
  });
}

export const workloads: Readonly<Record<string, () => Promise<WorkloadReport>>> = { activation };
