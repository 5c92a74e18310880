import assert from 'node:assert/strict';
import { PodiumError } from '../../../src/core/errors.ts';
import type { TaskId } from '../../../src/core/model.ts';
import type { StoreRole } from '../../../src/core/ports.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { cautiousProbe } from '../../../src/store/storeOptions.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import {
  allTasks,
  claim,
  completion,
  draft,
  FakeProcesses,
  home,
  openHarness,
  putHome,
} from '../../support/storeHarness.ts';

const code = (expected: string) => (thrown: unknown) =>
  thrown instanceof PodiumError && thrown.code === expected;
const names = async (store: EmbeddedStore): Promise<string[]> => (await allTasks(store)).map(({ id }) => id);

describe('The owner of a store', () => {
  let files: SimulatedFiles;
  let processes: FakeProcesses;

  beforeEach(() => {
    files = new SimulatedFiles();
    processes = new FakeProcesses();
  });

  it('is whoever opens it first; the second one reads, and its writes are refused', async () => {
    const first = await openHarness({ files, probe: processes.spawn() });
    await putHome(first);
    await first.addTasks([draft('a')]);
    const second = await openHarness({ files, probe: processes.spawn() });
    assert.deepEqual(first.role, { kind: 'owner', generation: 1 });
    assert.deepEqual(second.role, { kind: 'reader', ownedBy: 'another window (process 1)' });
    assert.deepEqual(await names(second), ['a']);
    await assert.rejects(second.addTasks([draft('b')]), code('read-only'));
  });

  it('is one of two that open at the same moment', async () => {
    const [a, b] = await Promise.all([
      openHarness({ files, probe: processes.spawn() }),
      openHarness({ files, probe: processes.spawn() }),
    ]);
    assert.deepEqual([a.role.kind, b.role.kind].sort(), ['owner', 'reader']);
  });

  it('is followed by the next one when it has closed', async () => {
    const first = await openHarness({ files, probe: processes.spawn() });
    await first.close();
    assert.deepEqual((await openHarness({ files, probe: processes.spawn() })).role, {
      kind: 'owner',
      generation: 2,
    });
  });

  it('is followed when its process is gone, and its runs are orphans then', async () => {
    const dead = processes.spawn();
    const first = await openHarness({ files, probe: dead });
    await putHome(first);
    await first.addTasks([draft('a')]);
    await claim(first);
    processes.kill(dead.pid);
    const second = await openHarness({ files, probe: processes.spawn() });
    assert.equal(second.role.kind, 'owner');
    assert.deepEqual(
      (await second.orphans()).map(({ id, lease }) => [id, lease]),
      [['a', 1]],
    );
    assert.equal(await second.settle({ taskId: 'a' as TaskId, claim: 1 }, completion), true);
  });

  it('is followed after a restart of the machine, whatever process has its number now', async () => {
    await openHarness({ files, probe: processes.spawn('boot 1') });
    assert.equal((await openHarness({ files, probe: processes.spawn('boot 2') })).role.kind, 'owner');
  });

  it('is never followed by itself from another machine', async () => {
    const dead = processes.spawn();
    await openHarness({ files, probe: dead, host: 'there' });
    processes.kill(dead.pid);
    const second = await openHarness({ files, probe: processes.spawn(), host: 'here' });
    assert.deepEqual(second.role, { kind: 'reader', ownedBy: 'a window on there' });
  });

  it('is not followed without a way to look at processes', async () => {
    await openHarness({ files, probe: processes.spawn() });
    const second = await openHarness({ files, probe: cautiousProbe });
    assert.equal(second.role.kind, 'reader');
  });

  it('counts as gone when it died while it wrote its name, but not at once', async () => {
    const clock = new FakeClock();
    files.now = () => clock.wallClock();
    files.put('/store/owner.1', new Uint8Array(0));
    const early = await openHarness({ files, clock, probe: processes.spawn() });
    assert.deepEqual(early.role, { kind: 'reader', ownedBy: 'a window that is just opening' });
    await clock.advance(60_000);
    assert.equal(await early.poll(), true);
    assert.equal(early.role.kind, 'owner');
  });

  describe('when another takes over', () => {
    it('acknowledges nothing any more and becomes a reader', async () => {
      const roles: StoreRole['kind'][] = [];
      const first = await openHarness({
        files,
        probe: processes.spawn(),
        onRoleChange: (role) => roles.push(role.kind),
      });
      await putHome(first);
      await first.addTasks([draft('a')]);
      const second = await openHarness({ files, probe: processes.spawn() });
      await second.takeOver();
      assert.deepEqual(second.role, { kind: 'owner', generation: 2 });
      await assert.rejects(first.addTasks([draft('zombie')]), code('read-only'));
      await assert.rejects(first.addTasks([draft('zombie')]), code('read-only'));
      assert.deepEqual(roles, ['owner', 'reader']);
      assert.deepEqual(first.role, { kind: 'reader', ownedBy: 'another window (process 2)' });
      await second.addTasks([draft('b')]);
      await first.poll();
      assert.deepEqual(await names(first), ['a', 'b']);
      await second.close();
      assert.deepEqual(await names(await openHarness({ files, probe: processes.spawn() })), ['a', 'b']);
    });

    it('has its unacknowledged writes cut off, on disk as well', async () => {
      const first = await openHarness({ files, probe: processes.spawn() });
      await putHome(first);
      const gate = Promise.withResolvers<undefined>();
      files.onSync = (name) => (name === 'spare.1' ? gate.promise : undefined);
      const zombie = first.addTasks([draft('zombie')]);
      const second = await openHarness({ files, probe: processes.spawn() });
      const seen = await names(second);
      await second.takeOver();
      const kept = await names(second);
      gate.resolve(undefined);
      await assert.rejects(zombie, code('read-only'));
      await second.addTasks([draft('b')]);
      assert.deepEqual(seen, ['zombie'], 'a reader may see what is not durable yet');
      assert.deepEqual(await names(second), [...kept, 'b']);
      await second.abandon();
      assert.deepEqual(await names(await openHarness({ files, probe: processes.spawn() })), [...kept, 'b']);
    });

    it('owns the store again when the other has closed before it noticed', async () => {
      const first = await openHarness({ files, probe: processes.spawn() });
      await putHome(first);
      const second = await openHarness({ files, probe: processes.spawn() });
      await second.takeOver();
      await second.setGoal(home, 'theirs');
      await second.close();
      await assert.rejects(first.setGoal(home, 'x'), code('read-only'));
      assert.deepEqual(first.role, { kind: 'owner', generation: 3 });
      assert.equal((await first.workspaces())[0]?.goal, 'theirs');
      await first.setGoal(home, 'mine');
    });

    it('takes no snapshot any more', async () => {
      const first = await openHarness({ files, probe: processes.spawn() });
      await putHome(first);
      const second = await openHarness({ files, probe: processes.spawn() });
      await second.takeOver();
      await assert.rejects(first.snapshot(), code('read-only'));
      assert.deepEqual(
        files.names.filter((name) => name.includes('snapshot')),
        [],
      );
    });

    it('can take over again', async () => {
      const first = await openHarness({ files, probe: processes.spawn() });
      await putHome(first);
      const second = await openHarness({ files, probe: processes.spawn() });
      await second.takeOver();
      await assert.rejects(first.setGoal(home, 'x'), code('read-only'));
      await first.takeOver();
      assert.deepEqual(first.role, { kind: 'owner', generation: 3 });
      await first.setGoal(home, 'mine');
      await assert.rejects(second.setGoal(home, 'x'), code('read-only'));
    });
  });

  describe('seen by a reader', () => {
    it('shows what it has written since, also over a snapshot', async () => {
      const first = await openHarness({ files, probe: processes.spawn(), seams: { snapshotRecords: 5 } });
      await putHome(first);
      const second = await openHarness({ files, probe: processes.spawn() });
      assert.equal(await second.poll(), false);
      for (let index = 0; index < 30; index += 1) {
        await first.addTasks([draft(`t${index}`, { description: 'x'.repeat(1_000) })]);
        if (index % 10 === 3) await first.snapshot();
        await first.setGoal(home, String(index));
        assert.equal(await second.poll(), true);
        assert.equal((await names(second)).length, index + 1);
      }
    });

    it('is followed by the reader when it is gone', async () => {
      const first = await openHarness({ files, probe: processes.spawn() });
      await putHome(first);
      const second = await openHarness({ files, probe: processes.spawn() });
      await first.close();
      assert.equal(await second.poll(), true);
      assert.deepEqual(second.role, { kind: 'owner', generation: 2 });
      await second.setGoal(home, 'goes on');
    });
  });
});
