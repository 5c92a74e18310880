import assert from 'node:assert/strict';
import type { TaskId } from '../../../src/core/model.ts';
import { frameOf } from '../../../src/core/priority/frame.ts';
import type { CachedJudgement, TaskVerdict } from '../../../src/core/priority/judgementStore.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { keptJudgements } from '../../../src/store/judging.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { claim, draft, home, ids, openHarness, putHome, runOne, task } from '../../support/storeHarness.ts';

const now = new FakeClock().wallClock();

const keyOf = (meaning: string, goal = ''): string => frameOf(home, goal, 'm') + meaning;

function verdict(id: string, value: number, over: Partial<TaskVerdict> = {}): TaskVerdict {
  return {
    taskId: id as TaskId,
    title: `Task ${id}`,
    description: '',
    upstream: [],
    goal: '',
    value,
    said: value,
    reason: 'because',
    source: 'model',
    model: 'm',
    promptVersion: 1,
    key: keyOf('key'),
    rounds: 1,
    speaks: false,
    at: now,
    unconfirmed: false,
    ...over,
  };
}

function said(key: string, at = now): CachedJudgement {
  return { key, said: 7, reason: 'r', concepts: ['a', 'b'], model: 'm', promptVersion: 1, rounds: 2, at };
}

describe('Judgements in the store', () => {
  let files: SimulatedFiles;
  let store: EmbeddedStore;

  beforeEach(async () => {
    files = new SimulatedFiles();
    store = await openHarness({ files });
    await putHome(store);
  });

  afterEach(async () => {
    await store.close();
  });

  const waiting = async (): Promise<string[]> =>
    (await store.judgements.judgingRound(home, 'm', 100, now)).tasks.map(({ id }) => id);

  it('are kept also when a clock counts parts of milliseconds', async () => {
    await store.judgements.judge([], [said('key', now + 0.4)], now + 0.4);
    assert.equal((await store.judgements.cachedJudgements(['key'])).get('key')?.at, now);
  });

  it('are waited for by nobody while there is no judge', async () => {
    await store.addTasks([draft('a')]);
    assert.deepEqual(await store.judgements.awaitingJudgement(), []);
  });

  it('are waited for by what is there when the judge comes, by what is added, and by nothing that has ended', async () => {
    await store.addTasks([draft('done', { priority: 'high' }), draft('old')]);
    await runOne(store);
    await store.judgements.setJudging(true);
    await store.addTasks([draft('new')]);
    assert.deepEqual((await waiting()).toSorted(), ['new', 'old']);
    assert.deepEqual(await store.judgements.awaitingJudgement(), [
      { workspaceId: home, first: 2, second: 0 },
    ]);
    await store.judgements.setJudging(false);
    assert.deepEqual(await store.judgements.awaitingJudgement(), []);
  });

  it('move a task in the order at once, and its parts say why', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([draft('a'), draft('b'), draft('c', { priority: 'low' })]);
    await store.judgements.judge([verdict('b', 640), verdict('c', 640)], [], now);
    const { score, scoreParts, judgement } = await task(store, 'b');
    assert.deepEqual([score, scoreParts.judgement, judgement?.value, judgement?.version], [640, 640, 640, 1]);
    assert.equal((await task(store, 'c')).scoreParts.judgement, 440);
    const [first] = await claim(store);
    assert.equal(first?.task.id, 'b');
  });

  it('stay in force when scores are renewed, the goal changes, and the store is opened again', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([draft('a')]);
    await store.judgements.judge([verdict('a', 610)], [said('k')], now);
    await store.setGoal(home, 'another goal');
    await claim(store, 0);
    await store.close();
    store = await openHarness({ files });
    assert.equal((await task(store, 'a')).judgement?.value, 610);
    assert.equal((await task(store, 'a')).scoreParts.judgement, 610);
    assert.deepEqual((await store.judgements.cachedJudgements(['k', 'none'])).get('k'), said('k'));
    assert.deepEqual(await waiting(), ['a'], 'under another goal it waits for a new one');
  });

  it('are dropped when the task says something else by now or has ended', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([draft('a'), draft('b')]);
    await store.editTask('a' as TaskId, { title: 'Other' });
    await store.transition('b' as TaskId, 'cancel');
    await store.judgements.judge([verdict('a', 640), verdict('b', 640), verdict('gone', 1)], [], now);
    assert.equal((await task(store, 'a')).judgement, null);
    assert.equal((await task(store, 'b')).judgement, null);
  });

  it('go when the text changes, and stay when only the agent or level does', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([draft('a')]);
    await store.judgements.judge([verdict('a', 610)], [], now);
    await store.editTask('a' as TaskId, { priority: 'high' });
    assert.deepEqual([(await task(store, 'a')).scoreParts.judgement, await waiting()], [810, []]);
    await store.editTask('a' as TaskId, { description: 'More.' });
    assert.deepEqual([(await task(store, 'a')).scoreParts.judgement, await waiting()], [700, ['a']]);
  });

  it('wait behind first opinions when they only want to be confirmed, best first', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([draft('a'), draft('b', { priority: 'high' }), draft('c')]);
    await store.judgements.judge([verdict('b', 650, { unconfirmed: true })], [], now);
    assert.deepEqual(await waiting(), ['a', 'c', 'b']);
  });

  it('come with what the judge should know: goal, blocked tasks, age, prerequisites and examples', async () => {
    await store.judgements.setJudging(true);
    await store.setGoal(home, 'ship it');
    const day = 86_400_000;
    await store.addTasks([draft('a', { createdAt: now - 3 * day }), draft('b', { needs: ids('a') })]);
    const key = keyOf('key', 'ship it');
    await store.judgements.judge([verdict('a', 321, { goal: 'ship it', key })], [], now);
    const round = await store.judgements.judgingRound(home, 'm', 10, now);
    assert.deepEqual(round.context, { goal: 'ship it', blocked: 1, oldestDays: 3 });
    assert.deepEqual(round.tasks[0]?.upstream, ['Task a']);
    assert.deepEqual(round.examples, [{ title: 'Task a', value: 321, key }]);
    assert.deepEqual(round.company.map(({ id }) => id).toSorted(), ['a', 'b']);
  });

  it('are examples only when they are sound, count in full, and were given for this goal by this judge', async () => {
    await store.judgements.setJudging(true);
    const names = ['sound', 'shared', 'default', 'outlier', 'waits', 'held', 'speaks', 'other', 'foreign'];
    await store.addTasks(names.map((name) => draft(name)));
    await store.judgements.judge(
      [
        verdict('sound', 321),
        verdict('shared', 400, { source: 'cache' }),
        verdict('default', 100, { source: 'default' }),
        verdict('outlier', 0, { source: 'outlier' }),
        verdict('waits', 600, { unconfirmed: true }),
        verdict('held', 650, { said: 900 }),
        verdict('speaks', 600, { speaks: true }),
        verdict('other', 500, { key: frameOf(home, '', 'another model') }),
        verdict('foreign', 500, { key: keyOf('key', 'another goal') }),
      ],
      [],
      now,
    );
    const { examples } = await store.judgements.judgingRound(home, 'm', 10, now);
    assert.deepEqual(
      examples.map(({ title, value }) => [title, value]),
      [
        ['Task sound', 321],
        ['Task shared', 400],
      ],
    );
  });

  it('are dropped when the goal or what the task is made from has changed while the judge was thinking', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([draft('a'), draft('b'), draft('c')]);
    await store.judgements.judge([verdict('a', 100), verdict('b', 110), verdict('c', 120)], [], now);
    await store.setGoal(home, 'another');
    await store.judgements.judge([verdict('a', 640)], [], now);
    assert.equal((await task(store, 'a')).judgement?.value, 100);
    assert.deepEqual((await waiting()).toSorted(), ['a', 'b', 'c'], 'and are still waited for');
    await store.editTask('b' as TaskId, { needs: ids('c') });
    const goal = 'another';
    await store.judgements.judge([verdict('b', 640, { goal }), verdict('c', 630, { goal })], [], now);
    assert.deepEqual(
      [(await task(store, 'b')).judgement?.value, (await task(store, 'c')).judgement?.value],
      [110, 630],
    );
    await store.judgements.judge([verdict('b', 640, { goal, upstream: ['Task c'] })], [], now);
    assert.equal((await task(store, 'b')).judgement?.value, 640);
  });

  it('are due again when they are old or another judge’s, best first, and it is known when the next will be', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([
      draft('old'),
      draft('older'),
      draft('fresh'),
      draft('blocked', { needs: ids('old') }),
    ]);
    const minute = 60_000;
    const at = now - 40 * minute;
    const key = (name: string): string => keyOf(name);
    await store.judgements.judge(
      [
        verdict('old', 300, { at, key: key('old') }),
        verdict('older', 500, { at: now - 50 * minute, key: key('older') }),
        verdict('fresh', 400, { at: now - 10 * minute, key: key('fresh') }),
        verdict('blocked', 400, { at, key: key('blocked'), upstream: ['Task old'] }),
      ],
      [],
      now,
    );
    const round = await store.judgements.judgingRound(home, 'm', 10, now);
    assert.deepEqual(
      round.tasks.map(({ id, opinion }) => [id, opinion]),
      [
        ['older', 'renewal'],
        ['old', 'renewal'],
      ],
    );
    const left = (round.renewAt ?? 0) - now;
    assert.ok(left > 20 * minute && left <= 23 * minute + 1, `${left / minute} minutes`);
    assert.equal((await store.judgements.judgingRound(home, 'another', 10, now)).tasks.length, 3);
    assert.equal((await store.judgements.judgingRound(home, 'm', 1, now)).tasks.length, 1);
    assert.deepEqual((await store.judgements.awaitingJudgement()).length, 0);
  });

  it('count no more when there is no judge, and again when there is', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([draft('a'), draft('b', { priority: 'low' })]);
    await store.judgements.judge([verdict('a', 100), verdict('b', 640)], [], now);
    await store.judgements.setJudging(false);
    await claim(store, 0);
    const parts = async (): Promise<readonly number[]> =>
      await Promise.all(['a', 'b'].map(async (id) => (await task(store, id)).scoreParts.judgement));
    assert.deepEqual(await parts(), [500, 300]);
    assert.equal((await task(store, 'a')).judgement, null);
    await store.judgements.judge([verdict('a', 900)], [], now);
    await store.judgements.setJudging(true);
    await claim(store, 0);
    assert.deepEqual(await parts(), [100, 440]);
    assert.equal((await task(store, 'a')).judgement?.value, 100);
  });

  it('are needed where several tasks are ready, of folders that are not paused', async () => {
    await store.addTasks([draft('a'), draft('b'), draft('c'), draft('d', { signature: 'x' })]);
    assert.deepEqual(await store.judgements.readiness(100), {
      lanes: [
        { workspaceId: home, signature: '', count: 3 },
        { workspaceId: home, signature: 'x', count: 1 },
      ],
      running: [],
    });
    await store.addTasks(Array.from({ length: 20 }, (_, index) => draft(`more ${index}`)));
    await claim(store);
    const { lanes, running } = await store.judgements.readiness(12);
    assert.deepEqual([lanes.map(({ count }) => count), running.length], [[12, 1], 1]);
    await store.setPause([home], { at: now, by: 'user', reason: '' });
    assert.deepEqual((await store.judgements.readiness(12)).lanes, []);
  });

  it('are all asked for again when a person wants that, and the cache of that folder is forgotten', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([draft('a')]);
    const keys = [`${home}\u001Fone`, 'elsewhere\u001Fone'];
    await store.judgements.judge(
      [verdict('a', 610)],
      keys.map((key) => said(key)),
      now,
    );
    await store.judgements.judgeAgain(home);
    assert.deepEqual(await waiting(), ['a']);
    assert.deepEqual([...(await store.judgements.cachedJudgements(keys)).keys()], ['elsewhere\u001Fone']);
  });

  it('are kept up to a bound, and the oldest are forgotten first', async () => {
    const many = Array.from({ length: keptJudgements + 50 }, (_, index) => said(`k${index}`, now + index));
    await store.judgements.judge([], many, now);
    const kept = await store.judgements.cachedJudgements(many.map(({ key }) => key));
    assert.equal(kept.size, keptJudgements);
    assert.equal(kept.has('k49'), false);
    assert.equal(kept.has('k50'), true);
  });

  it('are not waited for by a task that runs, and are again when it comes back', async () => {
    await store.judgements.setJudging(true);
    await store.addTasks([draft('a')]);
    const [claimed] = await claim(store);
    assert.deepEqual(await waiting(), []);
    assert.ok(claimed !== undefined);
    await store.settle(
      { taskId: claimed.task.id, claim: claimed.task.claim },
      { event: 'retry', error: { code: 'x', message: 'x' }, notBefore: now },
    );
    assert.deepEqual(await waiting(), ['a']);
  });
});
