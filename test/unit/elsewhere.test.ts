import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentId, TaskId, WorkspaceId } from '../../src/core/model.ts';
import { defaultHistory } from '../../src/core/history/history.ts';
import { defaultRefinement } from '../../src/core/priority/refinerPorts.ts';
import { defaultRetryPolicy } from '../../src/core/workers/retryPolicy.ts';
import type { Offer } from '../../src/elsewhere.ts';
import { openOrchestra } from '../../src/orchestra.ts';
import type { Orchestra } from '../../src/orchestra.ts';
import { RecordingLog } from '../support/recordingLog.ts';
import { until } from '../support/until.ts';

const [alpha, beta] = ['alpha', 'beta'] as [WorkspaceId, WorkspaceId];
const supervisor = fileURLToPath(new URL('../../src/agents/supervisor.ts', import.meta.url));

describe('a folder whose tasks lie in the storage of another window', function () {
  this.timeout(30_000);
  let scratch: string;
  let log: RecordingLog;
  const opened: Orchestra[] = [];

  beforeEach(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'podium-elsewhere-'));
    log = new RecordingLog();
  });
  afterEach(async () => {
    for (const orchestra of opened.splice(0)) await orchestra.close();
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  });

  const storageOf = (name: string): string => path.join(scratch, name);
  const folder = (id: WorkspaceId): Parameters<Orchestra['open']>[0][number] => ({
    id,
    uri: `file:///${id}`,
    name: id,
    path: scratch,
  });

  async function open(name: string, ...folders: readonly WorkspaceId[]): Promise<Orchestra> {
    const orchestra = await openOrchestra({
      storage: storageOf(name),
      registry: path.join(scratch, 'registry'),
      supervisor,
      settings: {
        workers: 4,
        retry: defaultRetryPolicy,
        agents: {},
        defaultTimeout: 60_000,
        outputLimit: 100_000,
        history: defaultHistory,
        model: defaultRefinement,
      },
      trusted: () => true,
      log,
    });
    opened.push(orchestra);
    await orchestra.open(folders.map(folder));
    return orchestra;
  }

  async function close(orchestra: Orchestra): Promise<void> {
    opened.splice(opened.indexOf(orchestra), 1);
    await orchestra.close();
  }

  async function add(
    orchestra: Orchestra,
    workspaceId: WorkspaceId,
    code: string,
    agent: 'check' | 'command' = 'check',
  ): Promise<TaskId> {
    const argv = ['${node}', '-e', code];
    return await orchestra.desk.addTask({ workspaceId, title: code, agentId: agent as AgentId, argv });
  }

  const statusOf = async (orchestra: Orchestra, id: TaskId): Promise<string | undefined> =>
    (await orchestra.store.task(id))?.status;

  function theOffer(orchestra: Orchestra): Offer {
    const [offer, ...others] = orchestra.elsewhere.offers;
    assert.ok(offer !== undefined && others.length === 0);
    return offer;
  }

  /** The same, of a window that is still open. */
  async function anOffer(orchestra: Orchestra): Promise<Offer> {
    await until(async () => (await orchestra.elsewhere.look()).length === 1);
    return theOffer(orchestra);
  }

  /** A window on `alpha` alone, in which one task has finished and one waits. */
  async function window(): Promise<{ readonly done: TaskId; readonly waits: TaskId }> {
    const first = await open('one', alpha);
    const done = await add(first, alpha, 'console.log("a line of its log")');
    await until(async () => (await statusOf(first, done)) === 'completed');
    await first.desk.pause([alpha], 'lunch');
    const waits = await add(first, alpha, 'console.log("later")');
    await close(first);
    return { done, waits };
  }

  it('is offered them, gets them with their logs, and is asked no more', async () => {
    const { done, waits } = await window();
    const second = await open('two', alpha, beta);
    const offer = theOffer(second);
    assert.deepEqual(
      [offer.workspaceId, offer.storage, offer.unfinished, offer.finished],
      [alpha, storageOf('one'), 1, 1],
    );
    assert.deepEqual(await second.elsewhere.bring(offer), { kind: 'brought', tasks: 2 });
    assert.deepEqual(second.elsewhere.offers, []);
    assert.equal(await statusOf(second, waits), 'pending', 'it is paused here as it was there');
    const log = path.join(second.places.runDirectory({ taskId: done, claim: 1 }), 'output.log');
    assert.match(await readFile(log, 'utf8'), /a line of its log/);
    assert.equal(existsSync(path.join(storageOf('one'), 'runs', done)), false);
    await second.desk.resume('all');
    await until(async () => (await statusOf(second, waits)) === 'completed');
    await close(second);
    const first = await open('one', alpha);
    assert.equal(await statusOf(first, done), undefined);
    assert.equal(theOffer(first).storage, storageOf('two'), 'and the way back is as open');
  });

  it('ends what the other window left running, and brings it as interrupted', async () => {
    const first = await open('one', alpha);
    const stay = `require('fs').appendFileSync('pids', process.pid + '\\n'); setInterval(() => {}, 1000)`;
    const [again, asks] = [await add(first, alpha, stay), await add(first, alpha, stay, 'command')];
    await until(async () => {
      const pids = await readFile(path.join(scratch, 'pids'), 'utf8').catch(() => '');
      return pids.split('\n').length === 3;
    });
    const pids = (await readFile(path.join(scratch, 'pids'), 'utf8')).split('\n').filter(Boolean).map(Number);
    // The window dies: its store is let go, and what it has started goes on.
    const second = await open('two', alpha);
    const offer = await anOffer(second);
    await first.store.abandon();
    await second.desk.pause([alpha], 'to look at them');
    assert.deepEqual(await second.elsewhere.bring(offer), { kind: 'brought', tasks: 2 });
    for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
    assert.deepEqual(
      [await statusOf(second, again), await statusOf(second, asks)],
      ['pending', 'needs_input'],
    );
    assert.equal((await second.store.task(again))?.interruptions, 1);
  });

  it('whose other window is alive is told so, and nothing is touched', async () => {
    const first = await open('one', alpha);
    await first.desk.pause([alpha], 'quiet');
    const id = await add(first, alpha, '0');
    const second = await open('two', alpha);
    const brought = await second.elsewhere.bring(await anOffer(second));
    assert.equal(brought.kind, 'owned');
    assert.match(brought.by, /window/);
    assert.equal(await statusOf(first, id), 'pending');
    assert.equal(await statusOf(second, id), undefined);
    await first.desk.setGoal(alpha, 'it still writes');
    assert.equal(theOffer(second).unfinished, 1, 'it is still offered');
  });

  it('waits some seconds for a window that is just closing', async () => {
    const first = await open('one', alpha);
    await first.desk.pause([alpha], 'quiet');
    await add(first, alpha, '0');
    const second = await open('two', alpha);
    const bringing = second.elsewhere.bring(await anOffer(second));
    await close(first);
    assert.equal((await bringing).kind, 'brought');
  });

  it('keeps its tasks where they are when it is taken out of a window, and shows them when it is back', async () => {
    const both = await open('two', alpha, beta);
    await both.desk.pause('all', 'quiet');
    const id = await add(both, alpha, '0');
    await both.open([folder(beta)]);
    assert.deepEqual(
      (await both.desk.snapshot()).workspaces.map(({ workspace }) => workspace.id),
      [beta],
    );
    await both.desk.resume('all');
    const mark = await add(both, beta, '0');
    await until(async () => (await statusOf(both, mark)) === 'completed');
    assert.equal(await statusOf(both, id), 'pending', 'it is not run while its folder is not open');
    assert.deepEqual(both.elsewhere.offers, [], 'it is not offered to the window that has it');
    await both.open([folder(beta), folder(alpha)]);
    await until(async () => (await statusOf(both, id)) === 'completed');
  });

  it('that comes into a window later can have tasks there at once', async () => {
    const window = await open('two', beta);
    await window.open([folder(beta), folder(alpha)]);
    const id = await add(window, alpha, '0');
    await until(async () => (await statusOf(window, id)) === 'completed');
  });

  it('is never offered its tasks again when the user says so, but may ask for them', async () => {
    await window();
    const second = await open('two', alpha);
    const offer = theOffer(second);
    await second.elsewhere.never(alpha);
    assert.deepEqual(second.elsewhere.offers, []);
    await close(second);
    const third = await open('three', alpha);
    assert.deepEqual(third.elsewhere.offers, []);
    assert.deepEqual(await third.elsewhere.look('never'), [offer]);
    assert.equal((await third.elsewhere.bring(offer)).kind, 'brought');
  });

  it('is not offered what is gone, or what nobody can read in the register', async () => {
    await window();
    const records = path.join(scratch, 'registry', alpha);
    const [name = ''] = await readdir(records);
    const sound = await readFile(path.join(records, name), 'utf8');
    assert.deepEqual(Object.keys(JSON.parse(sound) as object).sort(), [
      'at',
      'finished',
      'storage',
      'unfinished',
      'version',
      'workspaceId',
    ]);
    for (const wrong of ['', '{', 'null', sound.replace('"unfinished":1', '"unfinished":"1"')]) {
      await writeFile(path.join(records, name), wrong);
      const second = await open('two', alpha);
      assert.deepEqual(second.elsewhere.offers, []);
      await close(second);
    }
    await writeFile(path.join(records, name), sound);
    await rm(storageOf('one'), { recursive: true });
    const third = await open('two', alpha);
    assert.deepEqual(third.elsewhere.offers, []);
    assert.deepEqual(
      (await readdir(records)).filter((file) => file === name),
      [],
    );
  });

  it('keeps them where they are when the other store is damaged, and says so', async () => {
    const first = await open('one', alpha);
    await first.desk.pause([alpha], 'quiet');
    await add(first, alpha, '0');
    await first.store.snapshot();
    await close(first);
    const store = path.join(storageOf('one'), 'store');
    const names = (await readdir(store)).filter((file) => /^(snapshot|journal)\./.test(file));
    for (const name of names) {
      if (name.startsWith('journal')) await rm(path.join(store, name));
      else await writeFile(path.join(store, name), 'not a snapshot');
    }
    const before = (await readdir(store)).sort();
    const second = await open('two', alpha);
    await assert.rejects(second.elsewhere.bring(theOffer(second)), { code: 'store-corrupt' });
    assert.deepEqual((await readdir(store)).sort(), before);
    assert.equal(existsSync(path.join(storageOf('two'), 'arriving')), false);
    assert.equal(theOffer(second).storage, storageOf('one'), 'it is still offered');
  });
});
