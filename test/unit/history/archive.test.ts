import assert from 'node:assert/strict';
import { pastOf } from '../../../src/core/history/pastTask.ts';
import type { TaskId } from '../../../src/core/model.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { archiveDirectory, archiveOf, idsOf, listed, never, putAll } from '../../support/archiveHarness.ts';
import type { TestArchive } from '../../support/archiveHarness.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import {
  allTasks,
  claim,
  draft,
  FakeProcesses,
  home,
  ids,
  openHarness,
  putHome,
  runOne,
  task,
} from '../../support/storeHarness.ts';
import { violationsOf } from '../../support/storeInvariants.ts';

const day = 24 * 60 * 60 * 1_000;

describe('The archive', () => {
  let files: SimulatedFiles;
  let clock: FakeClock;
  let store: EmbeddedStore;
  let archive: TestArchive;

  beforeEach(async () => {
    files = new SimulatedFiles();
    clock = new FakeClock();
    files.now = () => clock.wallClock();
    await open();
    await putHome(store);
  });

  async function open(): Promise<void> {
    store = await openHarness({ files, clock });
    archive = archiveOf(store, files, clock);
  }

  /** Adds and completes tasks, a second apart. */
  async function finish(...names: string[]): Promise<void> {
    for (const name of names) {
      await store.addTasks([draft(name, { description: `about ${name}` })]);
      await clock.advance(1_000);
      await runOne(store);
    }
  }

  async function fail(): Promise<void> {
    const [claimed] = await claim(store);
    assert.ok(claimed !== undefined);
    const error = { code: 'exit', message: 'It failed.' };
    await store.settle(
      { taskId: claimed.task.id, claim: claimed.task.claim },
      { event: 'fail', error, result: null },
    );
  }

  async function live(): Promise<readonly TaskId[]> {
    return idsOf(await allTasks(store));
  }

  async function past(): Promise<readonly TaskId[]> {
    return idsOf(await listed(archive.reader.tasks(never)));
  }

  it('takes the oldest finished tasks beyond those that are kept, with everything they are', async () => {
    await finish('a', 'b', 'c', 'd', 'e');
    const before = pastOf(await task(store, 'b'), home);
    assert.equal(await putAll(archive, 2), 3);
    assert.deepEqual(await live(), ['d', 'e']);
    assert.deepEqual(await past(), ['c', 'b', 'a']);
    assert.deepEqual((await listed(archive.reader.tasks(never)))[1], before);
    assert.equal(await archive.reader.count(), 3);
    assert.equal(await putAll(archive, 2), 0);
    assert.deepEqual(await violationsOf(store), []);
  });

  it('is found again after a restart, and goes on in a segment of its own', async () => {
    await finish('a', 'b');
    await putAll(archive, 0);
    await store.close();
    await open();
    assert.deepEqual(await past(), ['b', 'a']);
    await finish('c');
    await putAll(archive, 0);
    assert.deepEqual(await past(), ['c', 'b', 'a']);
    assert.equal(await archive.reader.count(), 3);
  });

  it('begins another segment when one is full, and keeps the order', async () => {
    const names = Array.from({ length: 120 }, (_, index) => `t${index}`);
    await finish(...names);
    assert.equal(await putAll(archive, 10), 110);
    assert.ok(files.names.filter((name) => name.startsWith(archiveDirectory)).length > 2);
    assert.deepEqual(await past(), names.slice(0, 110).reverse());
    assert.equal(await archive.reader.count(), 110);
  });

  it('never takes what is not finished, nor what an unfinished task waits for', async () => {
    await finish('done');
    await store.addTasks([draft('waits', { needs: ids('done') }), draft('other', { needs: ids('waits') })]);
    assert.equal(await putAll(archive, 0), 0);
    await runOne(store);
    assert.equal(await putAll(archive, 0), 1);
    assert.deepEqual(await past(), ['done']);
    assert.deepEqual(await live(), ['waits', 'other']);
    assert.deepEqual(await violationsOf(store), []);
  });

  it('leaves a tree alone until all of it is finished', async () => {
    await store.addTasks([draft('parent')]);
    await store.addTasks([draft('child', { parentId: 'parent' as TaskId, createdBy: 'agent' })]);
    await runOne(store);
    assert.equal(await putAll(archive, 0), 0);
    await runOne(store);
    assert.equal(await putAll(archive, 0), 2);
    assert.deepEqual(await past(), ['parent', 'child']);
  });

  it('keeps what a failed task needed, which may run again', async () => {
    await store.addTasks([draft('first')]);
    await fail();
    await store.addTasks([draft('second', { needs: ids('first') })]);
    await store.transition('second' as TaskId, 'cancel');
    assert.equal((await store.surplus(home, 0))?.tasks.length, 1);
    await archive.writer.put(home, 0);
    assert.deepEqual(await live(), ['first']);
  });

  it('takes a tree that is larger than a portion from its leaves', async () => {
    await store.addTasks([draft('root')]);
    const children = Array.from({ length: 120 }, (_, index) => `c${index}`);
    await store.addTasks(
      children.map((name) => draft(name, { parentId: 'root' as TaskId, createdBy: 'agent' })),
    );
    for (let left = 121; left > 0; left -= 1) await runOne(store);
    const first = await archive.writer.put(home, 0);
    assert.equal(first, 50);
    assert.ok((await live()).includes('root' as TaskId));
    assert.equal(first + (await putAll(archive, 0)), 121);
    assert.deepEqual(await violationsOf(store), []);
  });

  it('takes nothing when a task was asked for again while its line was written', async () => {
    await store.addTasks([draft('a')]);
    await fail();
    files.onSync = async (name) => {
      if (!name.startsWith('finished.')) return;
      files.onSync = () => undefined;
      await store.transition('a' as TaskId, 'rerun');
    };
    assert.equal(await archive.writer.put(home, 0), 0);
    assert.equal((await task(store, 'a')).status, 'pending');
    assert.deepEqual(await past(), []);
    await runOne(store);
    await store.deleteTasks(ids('a'));
    await finish('b');
    await putAll(archive, 0);
    assert.deepEqual(await past(), ['b']);
  });

  it('leaves every task where it was when the disk is full, and goes on when it is not', async () => {
    await finish('a', 'b');
    await putAll(archive, 1);
    await finish('c');
    files.syncError = 'EIO';
    await assert.rejects(archive.writer.put(home, 0));
    files.syncError = undefined;
    assert.deepEqual([await live(), await past()], [['b', 'c'], ['a']]);
    await putAll(archive, 0);
    assert.deepEqual([await live(), await past()], [[], ['c', 'b', 'a']]);
  });

  it('leaves out lines that say nothing, and says so once', async () => {
    await finish('a', 'b');
    await putAll(archive, 0);
    await store.close();
    await open();
    await archive.writer.forget(1);
    const name = files.names.find((file) => file.startsWith(archiveDirectory)) ?? '';
    assert.match(name, /\.2\.jsonl$/); // two tasks
    const bytes = files.get(name);
    bytes[1] = 0x7b;
    files.put(name, bytes);
    assert.deepEqual(await past(), ['b']);
    assert.deepEqual(await past(), ['b']);
    assert.equal(archive.log.lines.length, 1);
  });

  it('forgets a segment as a whole, when nothing of it is younger', async () => {
    await finish('a');
    await putAll(archive, 0);
    await clock.advance(2 * day);
    await finish('b');
    await putAll(archive, 0);
    await clock.advance(9 * day);
    await archive.writer.forget(10);
    assert.deepEqual(await past(), ['b']);
    await clock.advance(2 * day);
    await archive.writer.forget(10);
    assert.deepEqual(await past(), []);
    assert.equal(await archive.reader.count(), 0);
  });

  it('is written only by the owner, and read by every window', async () => {
    const processes = new FakeProcesses();
    await store.close();
    store = await openHarness({ files, clock, probe: processes.spawn() });
    archive = archiveOf(store, files, clock);
    await finish('a', 'b');
    await putAll(archive, 1);
    const reader = await openHarness({ files, clock, probe: processes.spawn() });
    const beside = archiveOf(reader, files, clock);
    assert.equal(reader.role.kind, 'reader');
    assert.deepEqual(idsOf(await listed(beside.history.all(never))), ['b', 'a']);
    await assert.rejects(beside.writer.put(home, 0), { code: 'read-only' });
    // It has not heard yet what the owner does, and shows every task once all the same.
    await putAll(archive, 0);
    assert.deepEqual(idsOf(await listed(beside.history.all(never))), ['b', 'a']);
    await reader.poll();
    assert.deepEqual(idsOf(await listed(beside.history.all(never))), ['b', 'a']);
  });

  it('shows a task that is put away during the search once', async () => {
    await finish('a', 'b', 'c');
    const found: string[] = [];
    for await (const { task: one } of archive.history.search('', never)) {
      found.push(one.id);
      if (found.length === 1) await putAll(archive, 0);
    }
    assert.deepEqual([...found].sort(), ['a', 'b', 'c']);
  });
});
