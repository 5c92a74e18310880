import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { PodiumError } from '../../../src/core/errors.ts';
import { checksum, encodeRecord } from '../../../src/store/record.ts';
import { schemaVersion } from '../../../src/store/schema.ts';
import { writeSnapshot } from '../../../src/store/snapshots.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import {
  allTasks,
  directory,
  draft,
  engine,
  home,
  openHarness,
  putHome,
  task,
} from '../../support/storeHarness.ts';
import { violationsOf } from '../../support/storeInvariants.ts';

const fixtures = fileURLToPath(new URL('../../fixtures/store/', import.meta.url));
const newer = (thrown: unknown): boolean => thrown instanceof PodiumError && thrown.code === 'store-newer';

function load(version: string): SimulatedFiles {
  const files = new SimulatedFiles();
  for (const name of readdirSync(path.join(fixtures, version)))
    files.put(`${directory}/${name}`, readFileSync(path.join(fixtures, version, name)));
  return files;
}

describe('Stores of older versions', () => {
  const versions = readdirSync(fixtures).filter((name) => /^v\d+$/.test(name));

  it('are all there to be tried', () => {
    assert.deepEqual(
      versions.sort(),
      Array.from({ length: schemaVersion }, (_, index) => `v${index + 1}`),
    );
  });

  for (const version of versions) {
    it(`are opened with everything in them: ${version}`, async () => {
      const store = await openHarness({ files: load(version), clock: new FakeClock() });
      assert.deepEqual(await violationsOf(store), []);
      assert.deepEqual(store.notices, []);
      assert.deepEqual(
        (await allTasks(store)).map(({ id, status }) => [id, status]),
        [
          ['done', 'completed'],
          ['running', 'completed'],
          ['ready', 'pending'],
          ['blocked', 'pending'],
          ['child', 'pending'],
          ['failed', 'failed'],
        ],
      );
      const [workspace] = await store.workspaces();
      assert.equal(workspace?.goal, 'release the parser');
      assert.equal(workspace.pause?.reason, 'lunch');
      assert.deepEqual((await task(store, 'done')).input, { argv: ['echo', 'ä'] });
      assert.notEqual((await task(store, 'blocked')).pin, null);
      assert.equal((await task(store, 'child')).parentId, 'ready');
      await store.addTasks([draft('new', { workspaceId: home })]);
    });
  }
});

describe('A store of a newer version', () => {
  it('is refused and not touched when its snapshot is newer', async () => {
    const files = new SimulatedFiles();
    const sql = engine(null);
    sql.run(`CREATE TABLE t (a); PRAGMA user_version = ${schemaVersion + 1}`);
    const header = { schema: schemaVersion + 1, generation: 1, sequence: 7 };
    await writeSnapshot({ files, directory, checksum }, header, sql.export(), () => Promise.resolve());
    const before = files.names;
    await assert.rejects(openHarness({ files }), newer);
    assert.deepEqual(files.names, before);
  });

  it('is refused and not touched when its journal is newer', async () => {
    const files = new SimulatedFiles();
    const first = await openHarness({ files });
    await putHome(first);
    await first.close();
    const facts = { generation: 2, sequence: 1, durable: 1, schema: schemaVersion + 1 };
    files.put(`${directory}/journal.2.1`, encodeRecord(facts, null, checksum));
    const before = files.names;
    await assert.rejects(openHarness({ files }), newer);
    assert.deepEqual(files.names, before);
  });
});

describe('Instants of a clock that was ahead', () => {
  it('are brought back to now, so that nothing waits for years', async () => {
    const files = new SimulatedFiles();
    const ahead = new FakeClock(Date.UTC(2040, 0, 1));
    const first = await openHarness({ files, clock: ahead });
    await putHome(first);
    await first.addTasks([draft('a', { createdAt: ahead.wallClock() })]);
    const [claimed] = await first.claimNext(
      {
        grantable: () => true,
        take: () => new Map(),
        endPass: () => null,
        mayRun: () => true,
        revert: () => undefined,
        choose: ([lane]) => lane && { lane, candidate: lane.oldest, reason: 'rank', top: [] },
      },
      1,
      new AbortController().signal,
    );
    assert.equal(claimed?.task.id, 'a');
    const error = { code: 'exit', message: '' };
    const until = ahead.wallClock() + 1_000;
    await first.settle({ taskId: claimed.task.id, claim: 1 }, { event: 'retry', error, notBefore: until });
    await first.setPause([home], { at: ahead.wallClock(), by: 'user', reason: '' });
    await first.close();
    const clock = new FakeClock(Date.UTC(2030, 0, 1));
    const store = await openHarness({ files, clock });
    const { createdAt, startedAt } = await task(store, 'a');
    assert.deepEqual([createdAt, startedAt], [clock.wallClock(), clock.wallClock()]);
    assert.equal((await store.workspaces())[0]?.pause?.at, clock.wallClock());
    await store.setPause([home], null);
    assert.equal((await store.reconcile([home]))[0]?.nextAt, 0);
  });
});
