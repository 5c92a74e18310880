/** For every guarantee: the check that holds it, and a store that breaks it on purpose, on which that check fails. */
import assert from 'node:assert/strict';
import type { TaskId } from '../../../src/core/model.ts';
import type { Files } from '../../../src/store/files.ts';
import type { StoreSeams } from '../../../src/store/storeOptions.ts';
import { reads } from '../../../src/store/reads.ts';
import type { Statement } from '../../../src/store/reads.ts';
import { writes } from '../../../src/store/statements.ts';
import { checksum } from '../../../src/store/record.ts';
import type { Checksum } from '../../../src/store/record.ts';
import { cutPower } from '../../support/powerCut.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import {
  allTasks,
  claim,
  completion,
  draft,
  FakeProcesses,
  home,
  ids,
  openHarness,
  putHome,
  runOne,
} from '../../support/storeHarness.ts';
import { violationsOf } from '../../support/storeInvariants.ts';
import { unsynced, wrapFiles } from '../../support/cheatingFiles.ts';
import { outcomeOf, smallLog, withSegment } from '../../support/storeLog.ts';

async function lossesBy(wrap: (files: SimulatedFiles) => Files): Promise<number> {
  let found = 0;
  for (let seed = 1; seed <= 20; seed += 1) if ((await cutPower({ seed, wrap })).length > 0) found += 1;
  return found;
}

/** How many flipped bytes of the small log lead to a state that never was. */
async function falseStates(sum: Checksum): Promise<number> {
  const log = await smallLog(sum);
  let found = 0;
  for (let at = 0; at < log.length; at += 7) {
    const flipped = withSegment(log, (bytes) => {
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    });
    const state = await outcomeOf(flipped, sum).then(
      (outcome) => outcome.state,
      () => 'refused',
    );
    if (!log.states.includes(state)) found += 1;
  }
  return found;
}

/** Whether a write of an owner whose store was taken over is acknowledged. */
async function zombieIsBelieved(wrap: (files: SimulatedFiles) => Files): Promise<boolean> {
  const files = new SimulatedFiles();
  const processes = new FakeProcesses();
  const first = await openHarness({ files: wrap(files), probe: processes.spawn() });
  await putHome(first);
  const second = await openHarness({ files, probe: processes.spawn() });
  await second.takeOver();
  return await first.addTasks([draft('zombie')]).then(
    () => true,
    () => false,
  );
}

/** Whether the report of a claim that is over is taken. */
async function oldClaimSettles(seams: StoreSeams): Promise<boolean> {
  const store = await openHarness({ files: new SimulatedFiles(), seams });
  await putHome(store);
  await store.addTasks([draft('a')]);
  await claim(store);
  const old = { taskId: 'a' as TaskId, claim: 1 };
  await store.settle(old, { event: 'interrupt', notBefore: null });
  await claim(store);
  return await store.settle(old, completion);
}

/** Whether a task is claimed before what it waits for is done. */
async function startsTooEarly(seams: StoreSeams): Promise<boolean> {
  const store = await openHarness({ files: new SimulatedFiles(), seams });
  await putHome(store);
  await store.addTasks([draft('a'), draft('b', { needs: ids('a') })]);
  return (await claim(store, 10)).length > 1;
}

/**
 * What is wrong after tasks were pinned, boosted, scored anew and finished: of `a`, `b`, `task` and, for which it
 * waits, `need`.
 */
async function disorder(statement?: Statement, sql?: string): Promise<readonly string[]> {
  const statements = new Map(statement === undefined || sql === undefined ? [] : [[statement, sql]]);
  assert.ok(statement === undefined || sql !== statement.sql, 'the mutant is the original');
  const store = await openHarness({ files: new SimulatedFiles(), seams: { statements } });
  await putHome(store);
  await store.addTasks([
    draft('a', { priority: 'high' }),
    draft('b', { priority: 'low' }),
    draft('need', { priority: 'low' }),
    draft('task', { needs: ids('need') }),
  ]);
  await store.place(ids('b', 'task'), 'last');
  await store.boost(ids('b'), 100);
  await store.setGoal(home, 'another goal');
  await claim(store, 0);
  const wrong = [...(await violationsOf(store))];
  const ran = [(await runOne(store))?.id, (await runOne(store))?.id];
  if (ran.join() !== 'b,need') wrong.push(`${ran.join()} ran first`);
  return [...wrong, ...(await violationsOf(store))];
}

/** Whether what was rejected after a failed sync is there after a restart. */
async function rejectedComesBack(wrap: (files: SimulatedFiles) => Files): Promise<boolean> {
  const files = new SimulatedFiles();
  const store = await openHarness({ files: wrap(files) });
  await putHome(store);
  let syncs = 0;
  files.onSync = () => {
    syncs += 1;
    files.syncError = syncs === 1 ? 'EIO' : undefined;
    return undefined;
  };
  const added = await store.addTasks([draft('rejected')]).then(
    () => true,
    () => false,
  );
  await store.abandon();
  const left = await allTasks(await openHarness({ files }));
  return !added && left.length > 0;
}

describe('The checks of the store', function () {
  this.timeout(60_000);
  const honest = (files: SimulatedFiles): Files => files;

  it('fail when nothing is synced', async () => {
    assert.equal(await lossesBy(honest), 0);
    assert.equal((await lossesBy(unsynced)) > 10, true);
  });

  it('fail when folders are not synced', async () => {
    const mutant = (files: SimulatedFiles): Files =>
      wrapFiles(files, (file) => file, { syncDirectory: () => Promise.resolve() });
    assert.equal((await lossesBy(mutant)) > 10, true);
  });

  it('fail when it acknowledges before the sync has come back', async () => {
    const mutant = (files: SimulatedFiles): Files =>
      wrapFiles(files, (file) => ({
        ...file,
        sync: () => {
          void file.sync();
          return Promise.resolve();
        },
      }));
    assert.equal((await lossesBy(mutant)) > 0, true);
  });

  it('fail when records have no checksum', async () => {
    assert.equal(await falseStates(checksum), 0);
    assert.equal((await falseStates(() => 0)) > 0, true);
  });

  it('fail when the owner does not look for its successor', async () => {
    const mutant = (files: SimulatedFiles): Files =>
      wrapFiles(files, (file) => file, { exists: (path) => path.endsWith('owner.1') });
    assert.equal(await zombieIsBelieved(honest), false);
    assert.equal(await zombieIsBelieved(mutant), true);
  });

  it('fail when a settlement is not fenced by its claim', async () => {
    const sql = reads.runningClaim.sql.replace('claim = ?', '? IS NOT NULL');
    assert.equal(await oldClaimSettles({}), false);
    assert.equal(await oldClaimSettles({ statements: new Map([[reads.runningClaim, sql]]) }), true);
  });

  it('fail when dependencies do not hold a task back', async () => {
    const sql = writes.insertQueuedTask.sql.replace('?6, ?7, ?8,', '?6, 0 * ?7, 0 * ?8,');
    assert.notEqual(sql, writes.insertQueuedTask.sql);
    assert.equal(await startsTooEarly({}), false);
    assert.equal(await startsTooEarly({ statements: new Map([[writes.insertQueuedTask, sql]]) }), true);
  });

  it('fail when scoring anew drops a pin', async () => {
    assert.deepEqual(await disorder(), []);
    const sql = writes.setScore.sql.replace('SET score', 'SET pin = NULL, score');
    assert.notDeepEqual(await disorder(writes.setScore, sql), []);
  });

  it('fail when scoring anew forgets a boost', async () => {
    const sql = reads.facts.sql.replace("'$.value'), boost", "'$.value'), 0");
    assert.notDeepEqual(await disorder(reads.facts, sql), []);
  });

  it('fail when a finished task keeps its pin', async () => {
    const sql = writes.settleRun.sql.replace('pin = CASE WHEN ?9 IS NULL THEN pin END', 'pin = pin');
    assert.notDeepEqual(await disorder(writes.settleRun, sql), []);
  });

  it('fail when a pin does not pass to what is waited for', async () => {
    const sql = reads.openNeeds.sql.replace('d.task = ?', 'd.task = -(?)');
    assert.notDeepEqual(await disorder(reads.openNeeds, sql), []);
  });

  it('fail when scores go before pins', async () => {
    const sql = reads.bestOfLane.sql.replace('pin IS NULL, pin, score', 'score');
    assert.notDeepEqual(await disorder(reads.bestOfLane, sql), []);
  });

  it('fail when what a failed sync left is neither cut off nor overwritten', async () => {
    const mutant = (files: SimulatedFiles): Files => {
      let failed = false;
      return wrapFiles(files, (file) => ({
        ...file,
        writeNow: (bytes, position) => {
          if (!failed) file.writeNow(bytes, position);
        },
        sync: async () => {
          try {
            await file.sync();
          } catch (thrown) {
            failed = true;
            throw thrown;
          }
        },
      }));
    };
    assert.equal(await rejectedComesBack(honest), false);
    assert.equal(await rejectedComesBack(mutant), true);
  });
});
