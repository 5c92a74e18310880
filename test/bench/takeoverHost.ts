/**
 * A window of W-TAKEOVER: a process that hosts the real orchestra on a storage that others share. It is told on its
 * standard input what to do, one word a line (`add`, `probe`, `take`, `finish`), and says on its standard output what came of it.
 * `node takeoverHost.ts <storage> <folder>`; it runs until its input ends.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { messageOf, PodiumError } from '../../src/core/errors.ts';
import { defaultHistory } from '../../src/core/history/history.ts';
import { defaultRefinement } from '../../src/core/priority/refinerPorts.ts';
import type { AgentId, WorkspaceId } from '../../src/core/model.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import { openOrchestra } from '../../src/orchestra.ts';

const [storage = '', folder = ''] = process.argv.slice(2);
const workspaceId = 'workspace' as WorkspaceId;
const script = fileURLToPath(new URL('crashCommand.mjs', import.meta.url));
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
await orchestra.open([
  { id: workspaceId, uri: `file://${folder}`, name: path.basename(folder), path: folder },
]);
say({ role: orchestra.store.role.kind });

let added = 0;
for await (const word of createInterface({ input: process.stdin })) {
  try {
    await obey(word);
  } catch (thrown) {
    say({ failed: word, code: thrown instanceof PodiumError ? thrown.code : messageOf(thrown) });
  }
}
await orchestra.close();
process.exit(0);

async function obey(word: string): Promise<void> {
  switch (word) {
    case 'add':
    case 'probe': {
      // Half of them may be run again without asking, half may not.
      const agentId = ((added += 1) % 2 === 0 ? 'check' : 'command') as AgentId;
      const began = performance.now();
      try {
        const argv = ['${node}', script, folder];
        const id = await orchestra.desk.addTask({ workspaceId, title: `command ${added}`, agentId, argv });
        say({ acknowledged: id });
      } catch (thrown) {
        // The loser learns it here: from then on its screens say so.
        while (orchestra.store.role.kind === 'owner') await turn();
        const { role } = await orchestra.desk.snapshot();
        const code = thrown instanceof PodiumError ? thrown.code : messageOf(thrown);
        say({ refused: code, by: word, shows: role.kind, after: performance.now() - began });
      }
      return;
    }
    case 'take':
      await orchestra.desk.takeOver();
      say({ took: orchestra.store.role.kind });
      return;
    case 'finish':
      await finish();
      return;
    default:
      say({ failed: word, code: 'unknown' });
  }
}

/** Lets everything come to its end, the tasks that ask included, and tells how each ended. */
async function finish(): Promise<void> {
  for (;;) {
    const snapshot = await orchestra.desk.snapshot();
    const { ready, scheduled, running } = snapshot.totals;
    const asking = snapshot.workspaces
      .flatMap((one) => one.tasks)
      .filter((view) => view.task.status === 'needs_input');
    if (ready + scheduled + running + snapshot.totals.attention === 0) break;
    for (const { task } of asking) await orchestra.desk.retry(task.id);
    await turn();
  }
  const { workspaces } = await orchestra.store.picture(1e6, 1e6);
  for (const task of workspaces.flatMap((one) => [...one.tasks, ...one.finished])) {
    say({ task: task.id, status: task.status, claim: task.claim });
  }
  say({ finished: true });
}

async function turn(): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
}
