import assert from 'node:assert/strict';
import type { AgentId, Task, TaskId, WorkspaceId } from '../../../src/core/model.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { dumpText, parseDump } from '../../../src/store/moving/workspaceDump.ts';
import type { WorkspaceDump } from '../../../src/store/moving/workspaceDump.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { allTasks, claim, completion, draft, home, ids, openHarness } from '../../support/storeHarness.ts';
import { putHome, runOne, task } from '../../support/storeHarness.ts';

const other = 'other' as WorkspaceId;

async function open(): Promise<EmbeddedStore> {
  return await openHarness({ files: new SimulatedFiles() });
}

async function exported(store: EmbeddedStore): Promise<WorkspaceDump> {
  const dump = await store.exportWorkspace(home);
  assert.ok(dump !== undefined);
  return dump;
}

/** As it arrives after a stay in a file. */
function throughFile(dump: WorkspaceDump): WorkspaceDump {
  const read = parseDump(dumpText(dump));
  assert.ok(read !== undefined);
  return read;
}

const idsOf = (dump: WorkspaceDump): readonly TaskId[] => dump.tasks.map(({ id }) => id);

/** What must be the same on the other side. */
function essence({ sequence: _s, lease: _l, ...rest }: Task): Omit<Task, 'sequence' | 'lease'> {
  return rest;
}

describe('tasks of a workspace that move to another store', () => {
  let from: EmbeddedStore;
  let to: EmbeddedStore;

  beforeEach(async () => {
    [from, to] = [await open(), await open()];
    await putHome(from);
    await putHome(to, other);
  });
  afterEach(async () => {
    await from.close();
    await to.close();
  });

  /** One task in every state but running, with all that can be attached to one. */
  async function fill(): Promise<void> {
    await from.setGoal(home, 'release the parser');
    await from.addTasks([draft('done', { input: { argv: ['echo', 'ä'] }, priority: 'high' })]);
    await runOne(from);
    await from.addTasks([draft('failed', { priority: 'high' })]);
    const [failing] = await claim(from);
    const ref = { taskId: 'failed' as TaskId, claim: failing?.task.claim ?? 0 };
    const error = { code: 'exit', message: 'It failed.' };
    await from.settle(ref, { event: 'fail', error, result: 'last words' });
    await from.addTasks([draft('asks', { priority: 'high' }), draft('gone')]);
    const [asking] = await claim(from);
    await from.settle(
      { taskId: 'asks' as TaskId, claim: asking?.task.claim ?? 0 },
      { event: 'suspend', question: 'Was interrupted: run again?' },
    );
    await from.transition('gone' as TaskId, 'cancel');
    await from.addTasks([
      draft('plain', { description: 'x'.repeat(500), dueAt: 2e12, timeout: 5_000 }),
      draft('waits', { needs: ids('plain', 'done'), signature: 'folder:home' }),
      draft('broken', { needs: ids('failed') }),
      draft('child', { parentId: 'plain' as TaskId, createKey: 'k', createdBy: 'agent' }),
      draft('grandchild', { parentId: 'child' as TaskId, createKey: 'k', createdBy: 'agent' }),
    ]);
    await from.runNow('waits' as TaskId);
  }

  it('are there with everything they are and were, and gone where they were', async () => {
    await fill();
    const before = (await allTasks(from)).map(essence);
    const dump = throughFile(await exported(from));
    assert.equal(await to.importWorkspace(dump, 'first'), before.length);
    const arrived = (await allTasks(to)).map(essence);
    assert.deepEqual(arrived, before);
    await from.forgetTasks(home, idsOf(dump), 'moved', 'to the other');
    assert.deepEqual(await allTasks(from), []);
    assert.equal(await from.note('moved'), 'to the other');
    const counts = (await to.reconcile([home]))[0]?.counts;
    assert.deepEqual(
      { ...counts },
      {
        ready: 3,
        blocked: 1,
        scheduled: 0,
        held: 0,
        running: 0,
        attention: 2,
        completed: 1,
        failed: 1,
        cancelled: 1,
      },
    );
    assert.equal((await to.workspaces()).find(({ id }) => id === home)?.goal, 'release the parser');
  });

  it('run in the order they had, each with the next claim', async () => {
    await fill();
    await to.importWorkspace(await exported(from), 'first');
    const order: string[] = [];
    for (let ran = await runOne(to); ran !== undefined; ran = await runOne(to)) order.push(ran.id);
    const wanted: string[] = [];
    for (let ran = await runOne(from); ran !== undefined; ran = await runOne(from)) wanted.push(ran.id);
    assert.deepEqual(order, wanted);
    await to.transition('failed' as TaskId, 'rerun');
    assert.equal((await claim(to))[0]?.task.claim, 2, 'the first claim was in the other store');
  });

  it('are taken in once, however often they are given, and what happened since stays', async () => {
    await fill();
    const dump = await exported(from);
    await to.importWorkspace(dump, 'first');
    await to.editTask('plain' as TaskId, { title: 'Another title' });
    await to.transition('broken' as TaskId, 'cancel');
    const before = await allTasks(to);
    assert.equal(await to.importWorkspace(throughFile(dump), 'second'), 0);
    assert.deepEqual(await allTasks(to), before);
  });

  it('do not come again when they were deleted since', async () => {
    await fill();
    const dump = await exported(from);
    await to.importWorkspace(dump, 'first');
    await to.deleteTasks(idsOf(dump));
    assert.equal(await to.importWorkspace(dump, 'first'), 0);
    assert.deepEqual(await allTasks(to), []);
  });

  it('that run keep all of them where they are', async () => {
    await from.addTasks([draft('one'), draft('two')]);
    await claim(from);
    await assert.rejects(from.exportWorkspace(home), { code: 'task-running' });
    await assert.rejects(from.forgetTasks(home, ids('one', 'two'), 'moved', ''), { code: 'task-running' });
    assert.equal((await allTasks(from)).length, 2);
    assert.equal(await from.note('moved'), undefined);
  });

  it('keep a goal and a pause of either store', async () => {
    await fill();
    await from.setPause([home], { at: 5, by: 'user', reason: 'lunch' });
    await putHome(to, home);
    await to.setGoal(home, 'another goal');
    await to.importWorkspace(throughFile(await exported(from)), 'first');
    const workspace = (await to.workspaces()).find(({ id }) => id === home);
    assert.deepEqual([workspace?.goal, workspace?.pause?.reason], ['another goal', 'lunch']);
    await from.forgetTasks(home, idsOf(await exported(from)), 'moved', '');
    assert.equal((await from.workspaces())[0]?.pause, null, 'the pause went with them');
    assert.deepEqual(await claim(to), []);
  });

  it('ask before they run when what they waited for belongs to another folder and stays', async () => {
    await putHome(from, other);
    await from.addTasks([
      draft('stays', { workspaceId: other }),
      draft('goes', { needs: ids('stays') }),
      draft('needed'),
      draft('left', { workspaceId: other, needs: ids('needed') }),
    ]);
    const dump = await exported(from);
    await to.importWorkspace(throughFile(dump), 'first');
    await from.forgetTasks(home, idsOf(dump), 'moved', '');
    assert.match((await task(to, 'goes')).question ?? '', /another folder/);
    assert.match((await task(from, 'left')).question ?? '', /another folder/);
    assert.deepEqual(
      (await claim(from, 9)).map(({ task: { id } }) => id),
      ['stays'],
    );
  });

  it('survive a restart of the store they went to', async () => {
    await fill();
    const files = new SimulatedFiles();
    const first = await openHarness({ files });
    await first.importWorkspace(await exported(from), 'first');
    const before = await allTasks(first);
    await first.abandon();
    const again = await openHarness({ files });
    assert.deepEqual(await allTasks(again), before);
    await again.close();
  });

  it('are judged anew when their scores fall due, with dependents counted', async () => {
    await fill();
    await to.importWorkspace(await exported(from), 'first');
    await claim(to, 0);
    await claim(from, 0);
    assert.ok((await task(to, 'plain')).scoreParts.unblocking > 0);
    assert.equal(
      (await task(to, 'plain')).scoreParts.unblocking,
      (await task(from, 'plain')).scoreParts.unblocking,
    );
  });

  it('are more than fit one piece, and come in order', async () => {
    await from.addTasks(Array.from({ length: 450 }, (_, index) => draft(`t${index}`)));
    const dump = await exported(from);
    assert.equal(await to.importWorkspace(dump, 'first'), 450);
    assert.deepEqual(
      (await allTasks(to)).map(({ id }) => id),
      Array.from({ length: 450 }, (_, index) => `t${index}`),
    );
  });
});

describe('the file in which tasks move', () => {
  it('is taken as a whole or not at all', async () => {
    const store = await open();
    await putHome(store);
    await store.addTasks([draft('one', { agentId: 'x' as AgentId }), draft('two')]);
    await claim(store);
    await store.settle({ taskId: 'one' as TaskId, claim: 1 }, completion);
    const text = dumpText(await exported(store));
    assert.ok(parseDump(text) !== undefined);
    for (const wrong of [
      '',
      '[]',
      text.slice(0, -1),
      text.replace('"version":1', '"version":2'),
      text.replace('"completed"', '"running"'),
      text.replace('"medium"', '"urgent"'),
      text.replace('"signature":""', '"signature":7'),
      text.replace('"Task two"', 'null'),
    ]) {
      assert.notEqual(wrong, text);
      assert.equal(parseDump(wrong), undefined, wrong.slice(0, 80));
    }
    await store.close();
  });
});
