import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultHistory } from '../../src/core/history/history.ts';
import { PodiumError } from '../../src/core/errors.ts';
import type { PodiumEvent } from '../../src/core/events.ts';
import type { FuseId } from '../../src/core/fuses/trip.ts';
import type { AgentId, WorkspaceId } from '../../src/core/model.ts';
import { defaultRefinement } from '../../src/core/priority/refinerPorts.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import { openOrchestra } from '../../src/orchestra.ts';
import type { Orchestra } from '../../src/orchestra.ts';
import { RecordingLog } from '../support/recordingLog.ts';
import { until } from '../support/until.ts';

const workspaceId = 'workspace' as WorkspaceId;

/**
 * Asks for as many sub-tasks as it is told to, which do the same, waits for the answers, and keeps them. Titles are its
 * own and the next ones by turns; without any each sub-task has a name of its own.
 */
const breeder = `
import { appendFileSync, readFileSync } from 'node:fs';
const [, script, count, keep, next = '', own = ''] = process.argv;
for (let index = 0; index < Number(count); index += 1) {
  const argv = ['\${node}', script, count, keep, ...(next === '' ? [] : [own, next])];
  const line = { title: next === '' ? \`part \${index} of \${process.pid}\` : next, argv };
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

interface Shape {
  readonly name: string;
  /** Sub-tasks each run asks for. */
  readonly count: number;
  /** Title of the root, and of the sub-tasks by turns. */
  readonly titles?: readonly [string, string];
  /** Fuses that must blow. */
  readonly blows: readonly FuseId[];
  /** Tasks that come to be; as many as the anti-loop fuse lets when absent. */
  readonly tasks?: number;
}

const shapes: readonly Shape[] = [
  { name: '1 at a time', count: 1, blows: ['depth'], tasks: 6 },
  { name: '3 at a time', count: 3, blows: ['tree-tasks', 'anti-loop'] },
  { name: '5 at a time', count: 5, blows: ['tree-tasks', 'anti-loop'] },
  { name: '10 at a time', count: 10, blows: ['children', 'anti-loop'] },
  {
    name: 'ping-pong',
    count: 1,
    titles: ['Review the draft', 'Rework the chapter'],
    blows: ['depth'],
    tasks: 6,
  },
  {
    name: 'one and the same, called urgent',
    count: 3,
    titles: ['URGENT fix deliverable', 'URGENT fix deliverable'],
    blows: ['re-entry'],
    tasks: 1 + 3 + 9,
  },
];

interface Answer {
  readonly ok: boolean;
  readonly message?: string;
}

describe('real programs that ask for more of themselves without an end', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'podium-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));

  async function open(): Promise<Orchestra> {
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
    await orchestra.open([{ id: workspaceId, uri: 'file:///folder', name: 'folder', path: folder }]);
    return orchestra;
  }

  /** Lets what repeats something above it run, which waits for so long that a test has no time for it. */
  async function hurry({ desk }: Orchestra): Promise<void> {
    for (const { id, notBefore, createdAt, title } of await desk.unfinished(workspaceId)) {
      if (notBefore === null) continue;
      assert.ok(notBefore - createdAt >= 5_000, `${title} waits ${notBefore - createdAt} ms`);
      await desk.runNow(id).catch((thrown: unknown) => {
        if (!(thrown instanceof PodiumError && thrown.code === 'illegal-transition')) throw thrown;
      });
    }
  }

  for (const { name, count, titles, blows, tasks: expected } of shapes)
    it(`are stopped with ${name}, each refusal is a sentence, and nobody is left behind`, async function () {
      this.timeout(120_000);
      const script = path.join(folder, 'breeder.mjs');
      const keep = path.join(folder, 'answers.jsonl');
      await writeFile(script, breeder);
      const orchestra = await open();
      const events: PodiumEvent[] = [];
      orchestra.desk.subscribe((event) => events.push(event));
      const [own, next] = titles ?? ['Storm'];
      const id = await orchestra.desk.addTask({
        workspaceId,
        title: own,
        agentId: 'check' as AgentId,
        argv: ['${node}', script, String(count), keep, ...(next === undefined ? [] : [next, own])],
      });
      const fuses = (): readonly FuseId[] =>
        events.flatMap((event) => (event.type === 'tripped' ? [event.trip.fuse] : []));
      await until(async () => {
        if (titles !== undefined) await hurry(orchestra);
        const { totals } = await orchestra.desk.snapshot();
        return blows.every((fuse) => fuses().includes(fuse)) && totals.running === 0;
      }, 100_000);
      const tasks = 1 + (await orchestra.desk.descendants([id])).length;
      const started = events.filter(({ type }) => type === 'started').length;
      if (expected === undefined) {
        assert.ok(tasks <= 50, `${tasks} tasks`);
        assert.equal(started, 21, 'the root, and twenty that agents made');
      } else assert.deepEqual([tasks, started], [expected, expected]);
      assert.equal(new Set(fuses()).size, fuses().length, fuses().join(', '));
      const answers = (await readFile(keep, 'utf8'))
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Answer);
      const refused = answers.filter(({ ok }) => !ok);
      assert.equal(answers.filter(({ ok }) => ok).length, tasks - 1);
      assert.ok(
        refused.length > 0 && refused.every(({ message = '' }) => /: (finish|put|do|wait)/.test(message)),
        JSON.stringify(refused[0]),
      );
      const left = await orchestra.desk.fuses.cancelTree(id);
      assert.equal(left > 0, expected === undefined);
      const { totals } = await orchestra.desk.snapshot();
      assert.deepEqual([totals.ready, totals.scheduled, totals.running], [0, 0, 0]);
      await orchestra.close();
    });
});
