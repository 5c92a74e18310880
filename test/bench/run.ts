/**
 * The scoreboard: `npm run bench`, or `npm run bench -- --only NAME[,NAME] --json FILE`. Prints every system and every
 * check; exits with 1 when a check is not ok or a named workload did not run.
 */
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Check, WorkloadReport, Workloads } from './report.ts';

/** Name of the workload to the module that has it; a module is loaded when its turn comes. */
const modules: Readonly<Record<string, () => Promise<{ readonly workloads: Workloads }>>> = {
  activation: () => import('./activation.ts'),
  loop: () => import('./loop.ts'),
  metrics: () => import('./metrics.ts'),
  panel: () => import('./panel.ts'),
  store: () => import('./store.ts'),
  tree: () => import('./tree.ts'),
  'W-AIOUT': () => import('./priority/aiOut.ts'),
  'W-API': () => import('./arbitration/api.ts'),
  'W-CRASH': () => import('./crash.ts'),
  'W-FAIR': () => import('./arbitration/fair.ts'),
  'W-HTTP': () => import('./arbitration/http.ts'),
  'W-LEGIT': () => import('./fuses/legit.ts'),
  'W-POWER': () => import('./power.ts'),
  'W-PRIO': () => import('./priority/prio.ts'),
  'W-STORM': () => import('./fuses/storm.ts'),
  'W-TAKEOVER': () => import('./takeover.ts'),
  'W-UNBLOCK': () => import('./priority/unblock.ts'),
};

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
const names = values.only?.split(',').map((name) => name.trim()) ?? Object.keys(modules);
const reports: Record<string, WorkloadReport> = {};
let ok = true;

for (const name of names) {
  console.log(`\n${name}`);
  try {
    const workload = (await modules[name]?.())?.workloads[name];
    if (workload === undefined)
      throw new Error(`There is no workload of this name: ${Object.keys(modules).join(', ')}.`);
    const report = await workload();
    reports[name] = report;
    print(report);
    ok &&= report.checks.every((check) => check.ok);
  } catch (thrown) {
    ok = false;
    console.error(
      `  did not run: ${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}`,
    );
  }
}
if (values.json !== undefined)
  await writeFile(values.json, `${JSON.stringify({ workloads: reports }, null, 2)}\n`);
process.exitCode = ok ? 0 : 1;

function print({ systems, checks }: WorkloadReport): void {
  for (const [system, metrics] of Object.entries(systems)) {
    for (const [metric, value] of Object.entries(metrics)) {
      console.log(`  ${system.padEnd(12)} ${metric.padEnd(52)} ${number(value).padStart(14)}`);
    }
  }
  for (const check of checks) console.log(`  ${checkLine(check)}`);
}

function checkLine({ ok: passed, name, value, op, limit, unit }: Check): string {
  return `${passed ? 'ok  ' : 'FAIL'} ${name}: ${number(value)} ${op} ${number(limit)} ${unit}`;
}

function number(value: number): string {
  return value.toLocaleString('en', { maximumSignificantDigits: 5 });
}
