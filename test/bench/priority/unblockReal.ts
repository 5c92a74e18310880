/** The same on the real clock and a real disk, with agents that take some milliseconds and no model at all. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Desk } from '../../../src/core/desk.ts';
import { fusePolicies } from '../../../src/core/fuses/fuseBox.ts';
import { Meter } from '../../../src/core/metrics/meter.ts';
import type { Milliseconds, TaskId, WorkspaceId } from '../../../src/core/model.ts';
import type { Places } from '../../../src/core/ports.ts';
import { scoreOf } from '../../../src/core/priority/score.ts';
import { defaultRetryPolicy } from '../../../src/core/workers/retryPolicy.ts';
import { openStore } from '../../../src/store/embeddedStore.ts';
import { nodeFiles } from '../../../src/store/nodeFiles.ts';
import { systemChance } from '../../../src/system/systemChance.ts';
import { systemClock } from '../../../src/system/systemClock.ts';
import { systemMemory } from '../../../src/system/systemMemory.ts';
import { RecordingLog } from '../../support/recordingLog.ts';
import { agentsOf, completed, ScriptedAgent } from '../../support/scriptedAgent.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { settings } from './house.ts';

export interface RealUnblocking {
  /** From the end of the run that freed a worker for it until its own run began, by trial. */
  readonly waits: readonly Milliseconds[];
  /** Most tasks that started before one by rank. */
  readonly before: number;
  /** Trials in which the oldest had its turn first. */
  readonly oldest: number;
}

const home = 'home' as WorkspaceId;
const trials = 120;
const backlog = 4_000;
/** Each run; short, so that ten workers are freed one soon after the other. */
const run: Milliseconds = 60;

const places: Places = {
  folderOf: () => '/home',
  runDirectory: () => tmpdir(),
  makeRunDirectory: () => Promise.resolve(tmpdir()),
};

/** Tasks of low level that gain dependents while tasks of high level wait. */
export async function realUnblocking(gained: number): Promise<RealUnblocking> {
  const directory = await mkdtemp(path.join(tmpdir(), 'podium-bench-'));
  const clock = systemClock;
  const log = new RecordingLog();
  const store = await openStore({
    directory,
    files: nodeFiles,
    clock,
    policies: { ...fusePolicies(), score: scoreOf },
    log,
  });
  const starts: { id: TaskId; at: Milliseconds }[] = [];
  const ends: Milliseconds[] = [];
  const agent = new ScriptedAgent(clock, async ({ id }) => {
    starts.push({ id, at: performance.now() });
    await setTimeout(run + (starts.length % 7));
    ends.push(performance.now());
    return completed;
  });
  const desk = new Desk({
    store,
    takeOver: () => Promise.resolve(),
    agents: agentsOf(agent),
    places,
    clock,
    chance: systemChance,
    log,
    meter: new Meter({ clock, memory: systemMemory }),
    trusted: () => true,
    workers: settings.workers,
    retry: () => defaultRetryPolicy,
  });
  await desk.start([{ id: home, uri: 'file:///home', name: 'home' }]);
  const request = { workspaceId: home, agentId: agent.description.id } as const;
  const added = await desk.addBatch(
    Array.from({ length: backlog + trials }, (_, index) => ({
      ...request,
      key: String(index),
      title: `Task ${String(index)}`,
      priority: index < backlog ? 'high' : 'low',
    })),
  );
  const random = seededRandom(17_000);
  const waits: Milliseconds[] = [];
  let [before, oldest] = [0, 0];
  for (const id of added.slice(backlog)) {
    // At another place of the turns each time.
    await setTimeout(60 + 100 * random());
    for (let index = 0; index < gained; index += 1)
      await desk.addTask({ ...request, title: `Waits ${String(index)}`, priority: 'low', needs: [id] });
    const from = starts.length;
    while (!starts.some((start) => start.id === id)) await setTimeout(1);
    const place = starts.findIndex((start) => start.id === id) - from;
    // Started before the last of its dependents was acknowledged: nothing to measure.
    if (place < 0) continue;
    const ahead = await Promise.all(starts.slice(from, from + place).map((one) => desk.decision(one.id)));
    const turns = ahead.filter((decision) => decision?.reason === 'oldest').length;
    if (turns > 0) oldest += 1;
    before = Math.max(before, place - turns);
    // The first ten starts need no end of a run, each further one the next.
    waits.push((starts[from + place]?.at ?? NaN) - (ends[from + place - settings.workers] ?? NaN));
  }
  await desk.stop();
  await store.close();
  await rm(directory, { recursive: true, force: true });
  return { waits, before, oldest };
}
