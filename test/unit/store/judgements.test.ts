import assert from 'node:assert/strict';
import type { TaskId } from '../../../src/core/model.ts';
import type { CachedJudgement, TaskVerdict } from '../../../src/core/priority/judgementStore.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { keptJudgements } from '../../../src/store/judging.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { claim, draft, home, ids, openHarness, putHome, runOne, task } from '../../support/storeHarness.ts';

const now = new FakeClock().wallClock();

function verdict(id: string, value: number, over: Partial<TaskVerdict> = {}): TaskVerdict {
  return {
    taskId: id as TaskId,
    title: `Task ${id}`,
    description: '',
    value,
    said: value,
    reason: 'because',
    source: 'model',
    model: 'm',
    promptVersion: 1,
    key: `${home}\u001Fkey`,
    rounds: 1,
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
    (await store.judgements.judgingRound(home, 100, now)).tasks.map(({ id }) => id);

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
    await store.judgements.judge([verdict('a', 321)], [], now);
    const round = await store.judgements.judgingRound(home, 10, now);
    assert.deepEqual(round.context, { goal: 'ship it', blocked: 1, oldestDays: 3 });
    assert.deepEqual(round.tasks[0]?.upstream, ['Task a']);
    assert.deepEqual(round.examples, [{ title: 'Task a', value: 321 }]);
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
