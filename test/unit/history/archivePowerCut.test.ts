/** The power goes while tasks are put away: each is in the database or in the archive, never in both or in none. */
import assert from 'node:assert/strict';
import type { TaskId } from '../../../src/core/model.ts';
import type { ArchiveStore } from '../../../src/store/archive/archiveWriter.ts';
import type { HistoryStore } from '../../../src/store/archive/storeHistory.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import type { Files } from '../../../src/store/files.ts';
import { archiveDirectory, archiveOf, idsOf, listed, never, putAll } from '../../support/archiveHarness.ts';
import { wrapFiles } from '../../support/cheatingFiles.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { PowerCut, SimulatedFiles } from '../../support/simulatedFiles.ts';
import { draft, home, openHarness, putHome, runOne } from '../../support/storeHarness.ts';
import { messageOf } from '../../../src/core/errors.ts';

type Wrap = (files: SimulatedFiles) => Files;
const honest: Wrap = (files) => files;

type Archived = ArchiveStore & HistoryStore;

/** A store that forgets how much of the archive counts. */
function forgetful(store: EmbeddedStore): Archived {
  return {
    role: store.role,
    note: () => Promise.resolve(undefined),
    putNote: (name, text) => store.putNote(name, text),
    surplus: (id, keep) => store.surplus(id, keep),
    release: (surplus, name, note) => store.release(surplus, name, note),
    task: (id) => store.task(id),
    workspaces: () => store.workspaces(),
    finishedAfter: (id, cursor, limit) => store.finishedAfter(id, cursor, limit),
  };
}

interface World {
  readonly wrap: Wrap;
  readonly seen: (store: EmbeddedStore) => Archived;
}

/** A disk that cheats with the archive alone. */
function cheating(over: (files: SimulatedFiles) => Partial<Files>, lazy: boolean): Wrap {
  return (files) =>
    wrapFiles(files, (file) => (lazy ? { ...file, sync: () => Promise.resolve() } : file), over(files));
}

/** What was asked for before the power went. */
interface Diary {
  added: number;
  readonly finished: TaskId[];
  readonly deleted: Set<TaskId>;
  /** A deletion that nobody acknowledged may have happened or not. */
  deleting: TaskId | undefined;
}

/** Finishes, puts away, deletes and closes, until the power goes. */
async function live(
  files: SimulatedFiles,
  { wrap, seen }: World,
  clock: FakeClock,
  diary: Diary,
): Promise<void> {
  let store: EmbeddedStore | undefined;
  const work = async (): Promise<void> => {
    store = await openHarness({ files, clock });
    await putHome(store);
    const archive = archiveOf(seen(store), wrap(files), clock, 1_500);
    for (let round = 0; ; round += 1) {
      for (let count = 0; count < 4; count += 1) {
        diary.added += 1;
        await store.addTasks([draft(`t${diary.added}`, { description: 'x'.repeat(200 + 37 * count) })]);
        const ran = await runOne(store);
        if (ran !== undefined) diary.finished.push(ran.id);
      }
      await archive.writer.put(home, 3);
      const [latest] = await store.finishedAfter(home, { finishedAt: 8e15, sequence: 9e9 }, 1);
      if (latest === undefined || round % 2 === 0) continue;
      diary.deleting = latest.id;
      await store.deleteTasks([latest.id]);
      diary.deleted.add(latest.id);
      diary.deleting = undefined;
    }
  };
  const working = work();
  try {
    await Promise.race([files.cut, working]);
  } catch (thrown) {
    if (!(thrown instanceof PowerCut)) throw thrown;
  }
  working.catch(() => undefined); // it stopped when the power went
  try {
    await store?.abandon();
  } catch (thrown) {
    if (!(thrown instanceof PowerCut)) throw thrown;
  }
}

/** @returns sentences about what is missing, there twice or back from the dead after three cuts */
async function wrongs(seed: number, world: World): Promise<readonly string[]> {
  const random = seededRandom(seed);
  const clock = new FakeClock();
  const diary: Diary = { added: 0, finished: [], deleted: new Set(), deleting: undefined };
  let files = new SimulatedFiles();
  const unsure = new Set<TaskId>();
  try {
    for (let life = 0; life < 3; life += 1) {
      files.now = () => clock.wallClock();
      files.cutAt = files.operations + 30 + Math.floor(random() * 400);
      await live(files, world, clock, diary);
      if (diary.deleting !== undefined) unsure.add(diary.deleting);
      diary.deleting = undefined;
      files = files.afterPowerCut(random);
      await clock.advance(60_000);
    }
    const store = await openHarness({ files, clock });
    const archive = archiveOf(world.seen(store), files, clock);
    await putAll(archive, 5); // seals what the last owner left
    const there = idsOf(await listed(archive.history.all(never)));
    const raw = idsOf(await listed(archive.reader.tasks(never)));
    const found: string[] = [];
    for (const id of diary.finished) {
      if (!there.includes(id) && !diary.deleted.has(id) && !unsure.has(id)) found.push(`${id} is lost`);
      if (there.includes(id) && diary.deleted.has(id)) found.push(`${id} came back`);
    }
    if (new Set(raw).size < raw.length) found.push('the archive has a task twice');
    if (new Set(there).size < there.length) found.push('a task is shown twice');
    if ((await archive.reader.count()) !== raw.length) found.push('the archive counts wrongly');
    if (archive.log.lines.length > 0) found.push('the archive has a line that cannot be read');
    await store.close();
    return found;
  } catch (thrown) {
    return [messageOf(thrown)];
  }
}

async function brokenSeeds(
  wrap: Wrap,
  seeds = 60,
  seen: World['seen'] = (store) => store,
): Promise<readonly string[]> {
  const broken: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const found = await wrongs(seed, { wrap, seen });
    if (found.length > 0) broken.push(`seed ${seed}: ${found.join('; ')}`);
  }
  return broken;
}

describe('The archive, when the power goes', function () {
  this.timeout(60_000);

  it('loses nothing, shows nothing twice and brings nothing deleted back', async () => {
    assert.deepEqual(await brokenSeeds(honest), []);
  });

  it('has tasks twice, or deleted ones, when it does not know how much of it counts', async () => {
    assert.ok((await brokenSeeds(honest, 30, forgetful)).length > 5);
  });

  it('loses tasks when its lines are not synced before they are deleted', async () => {
    assert.ok(
      (
        await brokenSeeds(
          cheating(() => ({}), true),
          30,
        )
      ).length > 5,
    );
  });

  it('loses tasks when the names of its segments are not synced', async () => {
    const over = (files: SimulatedFiles): Partial<Files> => ({
      syncDirectory: (name) => (name === archiveDirectory ? Promise.resolve() : files.syncDirectory(name)),
    });
    assert.ok((await brokenSeeds(cheating(over, false), 30)).length > 5);
  });
});
