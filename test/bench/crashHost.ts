/**
 * The victim of W-CRASH: a process that hosts the real orchestra, adds commands, and says on its standard output what was
 * acknowledged. `node crashHost.ts <storage> <folder> <add>`; it runs until it is killed, or, with `add` 0, until
 * nothing is left to do.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentId, WorkspaceId } from '../../src/core/model.ts';
import { defaultHistory } from '../../src/core/history/history.ts';
import { defaultRefinement } from '../../src/core/priority/refinerPorts.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import { openOrchestra } from '../../src/orchestra.ts';

const [storage = '', folder = '', add = '0'] = process.argv.slice(2);
const workspaceId = 'workspace' as WorkspaceId;
const say = (line: unknown): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);

mkdirSync(storage, { recursive: true });
const orchestra = await openOrchestra({
  storage,
  supervisor: fileURLToPath(new URL('../../src/agents/supervisor.ts', import.meta.url)),
  settings: {
    workers: 10,
    retry: defaultRetryPolicy,
    agents: {},
    defaultTimeout: 60_000,
    outputLimit: 1_000_000,
    history: defaultHistory,
    model: defaultRefinement,
  },
  trusted: () => true,
  log: {
    write: (level, message, fields) => {
      if (level === 'error') say({ log: message, fields });
    },
  },
});
const script = fileURLToPath(new URL('crashCommand.mjs', import.meta.url));
await orchestra.open([
  { id: workspaceId, uri: `file://${folder}`, name: path.basename(folder), path: folder },
]);
say({ open: orchestra.store.role.kind });
// One that was killed while it was opening the store leaves it to the next only after a while.
while (orchestra.store.role.kind !== 'owner') await moment();
for (let number = 0; number < Number(add); number += 1) {
  // Half of them may be run again without asking, half may not.
  const agentId = (number % 2 === 0 ? 'check' : 'command') as AgentId;
  const id = await orchestra.desk.addTask({
    workspaceId,
    title: `command ${number}`,
    agentId,
    argv: ['${node}', script, folder],
  });
  say({ acknowledged: id });
}
if (Number(add) === 0) {
  for (;;) {
    await settled();
    const snapshot = await orchestra.desk.snapshot();
    const views = snapshot.workspaces.flatMap((one) => one.tasks);
    const asking = views.filter((view) => view.task.status === 'needs_input');
    if (asking.length === 0) break;
    for (const { task } of asking) await orchestra.desk.retry(task.id);
  }
  const { workspaces } = await orchestra.store.picture(1e6, 1e6);
  for (const task of workspaces.flatMap((one) => [...one.tasks, ...one.finished])) {
    say({ task: task.id, status: task.status, claim: task.claim });
  }
  await orchestra.close();
  say({ closed: true });
}

/** Waits until nothing runs and nothing can start. */
async function settled(): Promise<void> {
  for (;;) {
    const { totals } = await orchestra.desk.snapshot();
    if (totals.ready + totals.scheduled + totals.running === 0) return;
    await moment();
  }
}

async function moment(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
}
