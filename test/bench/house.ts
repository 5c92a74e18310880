/** The real core on the real store on a real disk, with agents that finish at once: what several workloads measure. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Desk } from '../../src/core/desk.ts';
import { fusePolicies } from '../../src/core/fuses/fuseBox.ts';
import { Meter } from '../../src/core/metrics/meter.ts';
import type { WorkspaceId } from '../../src/core/model.ts';
import type { Places, Store } from '../../src/core/ports.ts';
import { scoreOf } from '../../src/core/priority/score.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import { openStore } from '../../src/store/embeddedStore.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import { nodeFiles } from '../../src/store/nodeFiles.ts';
import { systemChance } from '../../src/system/systemChance.ts';
import { systemClock } from '../../src/system/systemClock.ts';
import { systemMemory } from '../../src/system/systemMemory.ts';
import { RecordingLog } from '../support/recordingLog.ts';
import { agentsOf, completed, ScriptedAgent } from '../support/scriptedAgent.ts';

/** Synchronous milliseconds by the name of the stretch. */
export type Stretches = Map<string, number[]>;

const places: Places = {
  folderOf: () => tmpdir(),
  runDirectory: () => tmpdir(),
  makeRunDirectory: () => Promise.resolve(tmpdir()),
};

/**
 * The CPU time of this thread, in milliseconds: what Podium's own code costs, whatever else the machine does. Nothing
 * it does synchronously waits for a disk.
 */
export function threadTime(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** A meter that also keeps every stretch under its name; by the thread's own CPU. */
export class NotingMeter extends Meter {
  readonly #stretches: Stretches;

  constructor(stretches: Stretches) {
    super({ clock: { ...systemClock, monotonic: threadTime }, memory: systemMemory });
    this.#stretches = stretches;
  }

  override held(name: string, took: number): void {
    super.held(name, took);
    note(this.#stretches, name, took);
  }
}

export async function openBenchStore(directory: string, meter: Meter): Promise<EmbeddedStore> {
  return await openStore({
    directory,
    files: nodeFiles,
    clock: { ...systemClock, monotonic: threadTime },
    policies: { ...fusePolicies(), score: scoreOf },
    log: new RecordingLog(),
    watch: meter,
  });
}

export async function withStore<Result>(
  meter: Meter,
  use: (store: EmbeddedStore) => Promise<Result>,
): Promise<Result> {
  const directory = await mkdtemp(path.join(tmpdir(), 'podium-bench-'));
  const store = await openBenchStore(directory, meter);
  try {
    return await use(store);
  } finally {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  }
}

function note(stretches: Stretches, name: string, milliseconds: number): void {
  const all = stretches.get(name);
  if (all === undefined) stretches.set(name, [milliseconds]);
  else all.push(milliseconds);
}

export function deskOn(store: Store, workers: number, meter: Meter): { desk: Desk; agent: ScriptedAgent } {
  const agent = new ScriptedAgent(systemClock, () => Promise.resolve(completed));
  const desk = new Desk({
    store,
    takeOver: () => Promise.resolve(),
    agents: agentsOf(agent),
    places,
    clock: systemClock,
    chance: systemChance,
    log: new RecordingLog(),
    meter,
    trusted: () => true,
    workers,
    retry: () => defaultRetryPolicy,
  });
  return { desk, agent };
}

const description = 'x'.repeat(400);
const workspaceOf = (number: number): WorkspaceId => `workspace-${number}` as WorkspaceId;

/** Tasks added at once: a large plan of a person. */
const batch = 100;

export async function addTasks(
  desk: Desk,
  agent: ScriptedAgent,
  count: number,
  workspaces: number,
): Promise<void> {
  for (let from = 0; from < count; from += batch) {
    await desk.addBatch(
      Array.from({ length: Math.min(batch, count - from) }, (_, index) => ({
        key: String(from + index),
        workspaceId: workspaceOf((from + index) % workspaces),
        title: `A task with a title of some sixty characters, number ${from + index}`,
        description,
        agentId: agent.description.id,
      })),
    );
  }
}

export function workspacesOf(count: number): { id: WorkspaceId; uri: string; name: string }[] {
  return Array.from({ length: count }, (_, number) => ({
    id: workspaceOf(number),
    uri: `file:///workspace-${number}`,
    name: `workspace ${number}`,
  }));
}
