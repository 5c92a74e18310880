/** A store in use when the power goes: what was acknowledged must be there afterwards, and nothing that never was. */
import { messageOf } from '../../src/core/errors.ts';
import type { TaskId } from '../../src/core/model.ts';
import type { EmbeddedStore } from '../../src/store/embeddedStore.ts';
import type { Files } from '../../src/store/files.ts';
import type { StoreSeams } from '../../src/store/storeOptions.ts';
import { FakeClock } from './fakeClock.ts';
import { seededRandom } from './seededChance.ts';
import { PowerCut, SimulatedFiles } from './simulatedFiles.ts';
import { allTasks, claim, completion, draft, openHarness, putHome } from './storeHarness.ts';
import { violationsOf } from './storeInvariants.ts';

export interface PowerCutOptions {
  readonly seed: number;
  /** What stands between the store and the disk: how a mutant cheats. */
  readonly wrap?: (files: SimulatedFiles) => Files;
  readonly seams?: StoreSeams;
}

/** What was done, in the order it was asked for, and whether it was acknowledged. */
interface Diary {
  readonly added: { readonly id: TaskId; acknowledged: boolean }[];
  readonly claimed: Map<TaskId, number>;
  readonly completed: Set<TaskId>;
}

interface Stage {
  store?: EmbeddedStore;
  over: boolean;
}

/** Small, so that segments and snapshots change often. */
const sizes: StoreSeams = { segmentBytes: 4_096, snapshotRecords: 12 };
/** A cut falls anywhere in the life of a store: opening, working, taking snapshots. */
const longestLife = 500;
const cuts = 2;
/** A sync takes its time, while others go on. */
const slowestSync = 20;

/**
 * Cuts the power twice during work, at points by chance.
 * @returns sentences about what was lost or came from nowhere; empty when all is well
 */
export async function cutPower({
  seed,
  wrap = (files) => files,
  seams,
}: PowerCutOptions): Promise<readonly string[]> {
  const random = seededRandom(seed);
  const clock = new FakeClock();
  const diary: Diary = { added: [], claimed: new Map(), completed: new Set() };
  let files = new SimulatedFiles();
  const open = async (on: Files): Promise<EmbeddedStore> =>
    await openHarness({ files: on, clock, seams: { ...sizes, ...seams } });
  try {
    for (let life = 0; life < cuts; life += 1) {
      files.cutAt = files.operations + 1 + Math.floor(random() * longestLife);
      files.onSync = () => turns(Math.floor(random() * slowestSync));
      const stage: Stage = { over: false };
      try {
        await Promise.race([files.cut, work(() => open(wrap(files)), stage, diary, random)]);
      } finally {
        stage.over = true;
        files.powerOff();
        await giveUp(stage.store);
      }
      files = files.afterPowerCut(random);
      files.now = () => clock.wallClock();
      // A machine takes longer than this to come back.
      await clock.advance(60_000);
    }
    const store = await open(files);
    const found = await lossesOf(store, diary);
    await store.close();
    return found;
  } catch (thrown) {
    return [`seed ${seed}: ${messageOf(thrown)}`];
  }
}

/** Adds, claims and completes until the power goes. */
async function work(
  open: () => Promise<EmbeddedStore>,
  stage: Stage,
  diary: Diary,
  random: () => number,
): Promise<void> {
  const store = await open();
  stage.store = store;
  await putHome(store);
  const adder = async (): Promise<void> => {
    while (!stage.over) {
      const entry = { id: `t${diary.added.length}` as TaskId, acknowledged: false };
      const before = diary.added.filter(() => random() < 0.1).map(({ id }) => id);
      const known = before
        .slice(-2)
        .filter((id) => diary.added.some((one) => one.id === id && one.acknowledged));
      diary.added.push(entry);
      const description = 'x'.repeat(Math.floor(random() * 900));
      const [answer] = await store.addTasks([draft(entry.id, { needs: known, description })]);
      if (answer?.kind !== 'added')
        throw new Error(`${entry.id} was not added: ${answer?.kind ?? 'no answer'}`);
      entry.acknowledged = true;
    }
  };
  const worker = async (): Promise<void> => {
    while (!stage.over) {
      for (const { task } of await claim(store, 2)) {
        diary.claimed.set(task.id, task.claim);
        const done = await store.settle({ taskId: task.id, claim: task.claim }, completion);
        if (done) diary.completed.add(task.id);
      }
      if (random() < 0.1) await store.snapshot();
    }
  };
  await Promise.race([adder(), adder(), worker()]);
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await Promise.resolve();
}

/** The host is gone, and with it the memory. */
async function giveUp(store: EmbeddedStore | undefined): Promise<void> {
  try {
    await store?.abandon();
  } catch (thrown) {
    if (!(thrown instanceof PowerCut)) throw thrown;
  }
}

async function lossesOf(store: EmbeddedStore, diary: Diary): Promise<readonly string[]> {
  const losses = [...(await violationsOf(store)), ...store.notices];
  const tasks = new Map((await allTasks(store)).map((task) => [task.id, task]));
  for (const { id, acknowledged } of diary.added) {
    if (acknowledged && !tasks.has(id)) losses.push(`${id} was acknowledged and is lost`);
  }
  const asked = new Set(diary.added.map(({ id }) => id));
  for (const id of tasks.keys()) if (!asked.has(id)) losses.push(`${id} came from nowhere`);
  for (const [id, claimed] of diary.claimed) {
    const { claim: number = 0 } = tasks.get(id) ?? {};
    if (number < claimed) losses.push(`claim ${claimed} of ${id} was acknowledged and is lost`);
  }
  for (const id of diary.completed) {
    if (tasks.get(id)?.status !== 'completed') losses.push(`the end of ${id} was acknowledged and is lost`);
  }
  return losses;
}
