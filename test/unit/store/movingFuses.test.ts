/** What fuses know of a folder goes where its tasks go. */
import assert from 'node:assert/strict';
import { fusePolicies } from '../../../src/core/fuses/fuseBox.ts';
import type { FuseSettings } from '../../../src/core/fuses/fuseSettings.ts';
import type { TaskId } from '../../../src/core/model.ts';
import { scoreOf } from '../../../src/core/priority/score.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { dumpText, parseDump } from '../../../src/store/moving/workspaceDump.ts';
import type { WorkspaceDump } from '../../../src/store/moving/workspaceDump.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { noFuses } from '../../support/noFuses.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { claim, draft, home, openHarness, putHome, task } from '../../support/storeHarness.ts';

const minute = 60_000;
const fuses: FuseSettings = {
  ...noFuses,
  antiLoop: 5,
  antiLoopWindow: 5 * minute,
  failures: 2,
  dailyTokens: 100,
};

let clock: FakeClock;
let from: EmbeddedStore;
let to: EmbeddedStore;
let told: string[];

async function open(): Promise<EmbeddedStore> {
  const policies = { ...fusePolicies(() => fuses), score: scoreOf };
  return await openHarness({ files: new SimulatedFiles(), clock, policies });
}

/** A tree whose root has been completed, and `count` others of it. */
async function plant(count: number): Promise<void> {
  await from.addTasks([draft('root')]);
  for (let index = 0; index < count; index += 1)
    await from.addTasks([
      draft(`t${index}`, { parentId: 'root' as TaskId, createdBy: 'agent', likeness: 'x' }),
    ]);
  await from.runNow('root' as TaskId);
  await claim(from);
  await from.settle({ taskId: 'root' as TaskId, claim: 1 }, { event: 'complete', result: '', duration: 7 });
}

async function end(store: EmbeddedStore, event: 'complete' | 'fail', tokens = 0): Promise<void> {
  const [claimed] = await claim(store);
  assert.ok(claimed !== undefined);
  const ref = { taskId: claimed.task.id, claim: claimed.task.claim };
  const error = { code: 'exit', message: '' };
  await store.settle(ref, event === 'fail' ? { event, error, result: null } : { event, result: '', tokens });
}

async function move(): Promise<WorkspaceDump> {
  const exported = await from.exportWorkspace(home);
  assert.ok(exported !== undefined);
  const dump = parseDump(dumpText(exported));
  assert.ok(dump !== undefined);
  assert.deepEqual(dump, exported, 'nothing is lost in the file');
  await from.forgetTasks(
    home,
    dump.tasks.map(({ id }) => id),
    'moved',
    '',
  );
  await to.importWorkspace(dump, 'arrived');
  return dump;
}

async function pauseOf(store: EmbeddedStore): Promise<string | undefined> {
  return (await store.workspaces()).find(({ id }) => id === home)?.pause?.by;
}

beforeEach(async () => {
  clock = new FakeClock();
  told = [];
  [from, to] = [await open(), await open()];
  to.onTrip(({ fuse }) => told.push(fuse));
  await putHome(from);
});
afterEach(async () => {
  await from.close();
  await to.close();
});

describe('The fuses of a folder that moves to another store', () => {
  it('keep its pause, which ends there as it would have here, and nobody is told twice', async () => {
    await plant(12);
    for (let index = 0; index < 5; index += 1) await end(from, 'complete');
    assert.deepEqual(await claim(from), []);
    const [trip] = await from.trips();
    await move();
    assert.deepEqual([await from.trips(), await pauseOf(from)], [[], undefined]);
    assert.deepEqual([await pauseOf(to), told], ['fuse', []]);
    const [arrived] = await to.trips();
    assert.deepEqual(
      [arrived?.fuse, arrived?.at, arrived?.resumesAt],
      ['anti-loop', trip?.at, trip?.resumesAt],
    );
    assert.deepEqual(await claim(to), []);
    await clock.advance(5 * minute);
    assert.equal((await claim(to)).length, 1);
    assert.deepEqual([await to.trips(), await pauseOf(to)], [[], undefined]);
  });

  it('go on counting starts where they were', async () => {
    await plant(12);
    for (let index = 0; index < 4; index += 1) await end(from, 'complete');
    await move();
    assert.equal((await claim(to)).length, 1, 'the fifth');
    assert.deepEqual(await claim(to), []);
    assert.deepEqual(told, ['anti-loop']);
  });

  it('hold a tree until a person answers', async () => {
    await plant(6);
    for (let index = 0; index < 2; index += 1) await end(from, 'fail');
    await move();
    const [trip] = await to.trips();
    assert.deepEqual([trip?.fuse, trip?.title, trip?.rootId], ['failures', 'Task root', 'root']);
    assert.equal((await to.reconcile([home]))[0]?.counts.held, 4);
    assert.deepEqual(await claim(to), []);
    await to.answerTrips([trip?.id ?? 0]);
    assert.equal((await claim(to)).length, 1);
  });

  it('remember the answers, and what the day has cost', async () => {
    await plant(6);
    await end(from, 'complete', 100);
    assert.deepEqual(
      (await from.trips()).map(({ fuse }) => fuse),
      ['daily-tokens'],
    );
    await from.answerTrips((await from.trips()).map(({ id }) => id));
    await move();
    await end(to, 'complete', 99);
    assert.deepEqual(told, [], 'the answer gave a hundred more, and 99 of them are used');
    await end(to, 'complete', 1);
    assert.deepEqual(told, ['daily-tokens']);
  });

  it('count what was used before', async () => {
    await plant(2);
    const { tasks } = await move();
    assert.deepEqual(
      tasks.map(({ use }) => use?.time),
      [7, 0, 0],
    );
    const [answer] = await to.addTasks([
      draft('late', { parentId: 'root' as TaskId, createdBy: 'agent', likeness: 'x' }),
    ]);
    assert.equal(answer?.kind, 'added');
    assert.equal((await task(to, 'late')).contextData.similar_to, 't0');
  });

  it('leave nothing behind that counts when they come back', async () => {
    await plant(12);
    for (let index = 0; index < 4; index += 1) await end(from, 'complete');
    await move();
    [from, to] = [to, from];
    await from.putNote('moved', null);
    await move();
    assert.equal((await claim(to)).length, 1);
    assert.deepEqual(await claim(to), [], 'four and one, and not eight');
  });

  it("are a person's pause when an older Podium has written the file", async () => {
    await plant(12);
    for (let index = 0; index < 5; index += 1) await end(from, 'complete');
    await claim(from);
    const { fuses: _fuses, tasks, workspace } = (await from.exportWorkspace(home)) ?? assert.fail();
    const old = tasks.map(({ use: _use, ...rest }) => rest);
    const dump = parseDump(dumpText({ workspace, tasks: old }));
    assert.ok(dump !== undefined);
    await to.importWorkspace(dump, 'arrived');
    assert.equal(await pauseOf(to), 'user');
    await to.setPause([home], null);
    assert.equal((await claim(to)).length, 1);
  });
});

describe('The file in which fuses move', () => {
  it('is taken as a whole or not at all', async () => {
    await plant(12);
    for (let index = 0; index < 5; index += 1) await end(from, 'complete', 20);
    await claim(from);
    await from.answerTrips((await from.trips()).slice(0, 1).map(({ id }) => id));
    const text = dumpText((await from.exportWorkspace(home)) ?? assert.fail());
    assert.ok(parseDump(text) !== undefined);
    for (const [right, wrong] of [
      ['"fuse":"daily-tokens"', '"fuse":"of another house"'],
      ['"by":"user"', '"by":"chance"'],
      ['"starts":[', '"starts":["soon",'],
      ['"spend":[', '"spend":[{},'],
      ['"holds":true', '"holds":"yes"'],
      ['"deferrals":0', '"deferrals":"none"'],
      ['"trips":[', '"trips":["",'],
    ] as const) {
      assert.ok(text.includes(right), right);
      assert.equal(parseDump(text.replace(right, wrong)), undefined, wrong);
    }
  });
});
