import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultHistory } from '../../src/core/history/history.ts';
import type { PodiumEvent } from '../../src/core/events.ts';
import type { AgentId, WorkspaceId } from '../../src/core/model.ts';
import { defaultRefinement } from '../../src/core/priority/refinerPorts.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import { openOrchestra } from '../../src/orchestra.ts';
import { RecordingLog } from '../support/recordingLog.ts';
import { until } from '../support/until.ts';

const workspaceId = 'workspace' as WorkspaceId;

/** Asks for as many sub-tasks like itself as it is told to, waits for the answers, and keeps them. */
const breeder = `
import { appendFileSync, readFileSync } from 'node:fs';
const [, script, count, keep] = process.argv;
const name = String(process.pid);
for (let index = 0; index < Number(count); index += 1) {
  const line = { title: \`part \${index} of \${name}\`, argv: ['\${node}', script, count, keep] };
  appendFileSync(process.env.PODIUM_OUTBOX, JSON.stringify(line) + '\\n');
}
const answers = () => {
  try {
    return readFileSync(process.env.PODIUM_INBOX, 'utf8').split('\\n').filter(Boolean);
  } catch {
    return [];
  }
};
const timer = setInterval(() => {
  if (answers().length < Number(count)) return;
  clearInterval(timer);
  for (const answer of answers()) appendFileSync(keep, answer + '\\n');
}, 20);
`;

describe('real programs that ask for more of themselves without an end', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'podium-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  for (const count of [3, 10])
    it(`are stopped with ${count} at a time, each refusal is a sentence, and nobody is left behind`, async function () {
      this.timeout(120_000);
      const script = path.join(folder, 'breeder.mjs');
      const keep = path.join(folder, 'answers.jsonl');
      await writeFile(script, breeder);
      const orchestra = await openOrchestra({
        storage: path.join(folder, 'storage'),
        supervisor: fileURLToPath(new URL('../../src/agents/supervisor.ts', import.meta.url)),
        settings: {
          workers: 4,
          retry: defaultRetryPolicy,
          agents: {},
          defaultTimeout: 60_000,
          outputLimit: 1_000_000,
          history: defaultHistory,
          model: defaultRefinement,
        },
        trusted: () => true,
        log: new RecordingLog(),
      });
      const events: PodiumEvent[] = [];
      orchestra.desk.subscribe((event) => events.push(event));
      await orchestra.open([{ id: workspaceId, uri: 'file:///folder', name: 'folder', path: folder }]);
      const id = await orchestra.desk.addTask({
        workspaceId,
        title: 'Storm',
        agentId: 'check' as AgentId,
        argv: ['${node}', script, String(count), keep],
      });
      await until(async () => {
        const { totals } = await orchestra.desk.snapshot();
        const held = events.some((event) => event.type === 'tripped' && event.trip.holds);
        return held && totals.running === 0;
      }, 100_000);
      const tasks = 1 + (await orchestra.desk.descendants([id])).length;
      assert.ok(tasks <= 50, `${tasks} tasks`);
      const started = events.filter(({ type }) => type === 'started').length;
      assert.equal(started, 21, 'the root, and twenty that agents made');
      const trips = events.flatMap((event) => (event.type === 'tripped' ? [event.trip.fuse] : []));
      assert.equal(new Set(trips).size, trips.length, trips.join(', '));
      assert.ok(trips.includes(count === 3 ? 'tree-tasks' : 'children'), trips.join(', '));
      const answers = (await readFile(keep, 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { readonly ok: boolean; readonly message?: string });
      const refused = answers.filter(({ ok }) => !ok);
      assert.equal(answers.filter(({ ok }) => ok).length, tasks - 1);
      assert.ok(
        refused.length > 0 && refused.every(({ message = '' }) => /: (finish|put|do|wait)/.test(message)),
      );
      assert.ok((await orchestra.desk.fuses.cancelTree(id)) > 0);
      assert.deepEqual((await orchestra.desk.snapshot()).totals.ready, 0);
      await orchestra.close();
    });
});
