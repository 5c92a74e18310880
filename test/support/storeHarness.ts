/** A store on simulated files, and the little a test of it needs. */
import { plainDraft } from './taskDraft.ts';
import { DispatchOrder } from '../../src/core/dispatchOrder.ts';
import { fusePolicies } from '../../src/core/fuses/fuseBox.ts';
import { noFuses } from './noFuses.ts';
import type { ProcessIdentity, Task, TaskId, WorkspaceId } from '../../src/core/model.ts';
import type { Claim, DispatchPolicy, Settlement, Store, TaskDraft } from '../../src/core/ports.ts';
import { scoreOf } from '../../src/core/priority/score.ts';
import { openStore } from '../../src/store/embeddedStore.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import type { Files } from '../../src/store/files.ts';
import type { ProcessProbe } from '../../src/store/ownerLock.ts';
import { openSqlEngine } from '../../src/store/sqlModule.ts';
import type { StoreOptions, StoreSeams } from '../../src/store/storeOptions.ts';
import { FakeClock } from './fakeClock.ts';
import { RecordingLog } from './recordingLog.ts';

export const directory = '/store';
export const home = 'home' as WorkspaceId;
export const signal = new AbortController().signal;

/** Compiled once: tests open thousands of stores. */
export const engine = await openSqlEngine();

/** The processes of one simulated machine. */
export class FakeProcesses {
  readonly #alive = new Set<number>();
  #last = 0;

  /** A new process, as it sees itself and the others. */
  spawn(bootId = 'boot'): ProcessProbe & { readonly pid: number } {
    const pid = (this.#last += 1);
    this.#alive.add(pid);
    const self: ProcessIdentity = { pid, startedAt: `start ${pid}`, bootId };
    return {
      pid,
      self: () => self,
      isAlive: (other) => this.#alive.has(other.pid) && other.bootId === bootId,
    };
  }

  kill(pid: number): void {
    this.#alive.delete(pid);
  }
}

export interface HarnessOptions extends Partial<Omit<StoreOptions, 'files'>> {
  readonly files: Files;
  readonly seams?: StoreSeams;
}

/** Opens a store; without a probe, whoever held it before counts as gone. */
export async function openHarness(options: HarnessOptions): Promise<EmbeddedStore> {
  const { seams, ...rest } = options;
  return await openStore(
    {
      directory,
      clock: new FakeClock(),
      policies: { ...fusePolicies(() => noFuses), score: scoreOf },
      log: new RecordingLog(),
      probe: { ...new FakeProcesses().spawn(), isAlive: () => false },
      host: 'here',
      ...rest,
    },
    { engine, segmentBytes: 16_384, ...seams },
  );
}

export async function putHome(store: Store, id: WorkspaceId = home): Promise<void> {
  await store.putWorkspace({ id, uri: `file:///${id}`, name: id });
}

export function draft(id: string, over: Partial<TaskDraft> = {}): TaskDraft {
  return plainDraft(id, home, new FakeClock().wallClock(), over);
}

export function ids(...names: string[]): TaskId[] {
  return names as TaskId[];
}

/** Everything is open and trusted. */
export function freePolicy(): DispatchPolicy {
  return new DispatchOrder({ trusted: () => true, isOpen: () => true });
}

export async function claim(store: Store, limit = 1, policy = freePolicy()): Promise<readonly Claim[]> {
  return await store.claimNext(policy, limit, signal);
}

export const completion: Settlement = { event: 'complete', result: 'done', tokens: 3, costMicros: 5 };

/** Claims one task and completes it. */
export async function runOne(store: Store): Promise<Task | undefined> {
  const [claimed] = await claim(store);
  if (claimed === undefined) return undefined;
  await store.settle({ taskId: claimed.task.id, claim: claimed.task.claim }, completion);
  return claimed.task;
}

/** Every task, in order of creation. */
export async function allTasks(store: Store): Promise<readonly Task[]> {
  const { workspaces } = await store.picture(1_000_000, 1_000_000);
  const tasks = workspaces.flatMap((one) => [...one.tasks, ...one.finished]);
  return [...tasks].sort((a, b) => a.sequence - b.sequence);
}

export async function task(store: Store, id: string): Promise<Task> {
  const found = await store.task(id as TaskId);
  if (found === undefined) throw new Error(`There is no task ${id}.`);
  return found;
}
