/** War story 3: ten workers and what they share. In virtual time, in the whole house. */
import assert from 'node:assert/strict';
import type { Resource, Resources } from '../../src/core/arbitration/resource.ts';
import type { WorkspaceId } from '../../src/core/model.ts';
import type { AgentOutcome } from '../../src/core/ports.ts';
import type { ResourceView } from '../../src/core/arbitration/resourceControl.ts';
import { completed, pass } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';
import type { TestDesk, TestDeskOptions } from '../support/testDesk.ts';

const resources: Resources = new Map<string, Resource>([
  ['search', { kind: 'rate', capacity: 10, perSecond: 1, spike: null }],
  ['slots', { kind: 'pool', capacity: 3 }],
  ['money', { kind: 'budget', capacity: 4, period: 'hour' }],
]);

async function open(options: TestDeskOptions = {}): Promise<TestDesk> {
  return await openTestDesk({ resources, ...options });
}

const startsOf = (house: TestDesk): readonly string[] => house.agent.performances.map(({ title }) => title);
const resourceIn = async (house: TestDesk, name: string): Promise<ResourceView> => {
  const found = (await house.desk.snapshot()).resources.find((one) => one.name === name);
  if (found === undefined) throw new Error(`No resource is called ${name}.`);
  return found;
};

/** Every run after the first ones is told to call less often, until a moment. */
function limitedUntil(house: () => TestDesk, until: number, retryAfter: number | null): Script {
  return async (_task, _run, signal): Promise<AgentOutcome> => {
    await pass(house().clock, 500, signal);
    if (house().clock.monotonic() >= until) return completed;
    return {
      kind: 'failed',
      error: { code: 'exit', message: '429' },
      retryable: false,
      rateLimited: { resource: null, retryAfter },
    };
  };
}

describe('tasks that use a resource that refills', () => {
  it('start as it refills, in their order, while others that need nothing flow', async () => {
    await using house = await open({ duration: 10 });
    for (const name of ['a', 'b', 'c', 'd']) await house.add(name, { resources: { search: 5 } });
    await house.add('other');
    await house.clock.advance(100);
    assert.deepEqual(startsOf(house).toSorted(), ['a', 'b', 'other']);
    const { state } = await house.view('c');
    assert.ok(state.kind === 'waiting' && state.resource === 'search');
    assert.ok(state.until !== null && Math.abs(state.until - house.began - 5_000) <= 20);
    assert.equal((await resourceIn(house, 'search')).waiting, 2);
    await house.clock.advance(4_800);
    assert.equal(startsOf(house).length, 3);
    await house.clock.advance(200);
    assert.equal(startsOf(house).at(-1), 'c');
    await house.clock.advance(5_050);
    assert.equal(startsOf(house).at(-1), 'd');
  });

  it('go on after a crash with what is left, not with all of it', async () => {
    const house = await open({ duration: 600_000 });
    for (const name of ['a', 'b', 'c']) await house.add(name, { resources: { search: 5 } });
    await house.clock.advance(100);
    await house.crash();
    const { clock, files } = house;
    await using again = await open({ clock, files, duration: 1_000 });
    await again.clock.advance(0);
    const { level } = await resourceIn(again, 'search');
    assert.ok(level < 0.2, `${level} left`);
  });

  it('are refused when there is no such resource, or never enough of it', async () => {
    await using house = await open();
    await assert.rejects(house.add('x', { resources: { serch: 1 } }), {
      code: 'unknown-resource',
      message: 'There is no resource "serch". Known resources: search, slots, money.',
    });
    await assert.rejects(house.add('x', { resources: { slots: 4 } }), { code: 'resource-capacity' });
    assert.equal((await house.all()).length, 0);
  });
});

describe('tasks that use slots', () => {
  it('never have more than there are, and give them back however they end', async () => {
    const script: Script = async (task, _run, signal) => {
      await pass(house.clock, task.title === 'long' ? 600_000 : 1_000, signal);
      if (task.title === 'bad') throw new Error('It broke.');
      return completed;
    };
    const house = await open({ script, agent: { maxAttempts: 1 } });
    await using _house = house;
    const long = await house.add('long', { resources: { slots: 2 } });
    await house.add('bad', { resources: { slots: 1 } });
    await house.add('slow', { resources: { slots: 3 }, timeout: 300 });
    await house.clock.advance(500);
    assert.deepEqual(startsOf(house), ['long', 'bad']);
    assert.equal((await resourceIn(house, 'slots')).level, 0);
    await house.clock.advance(1_000);
    assert.equal((await resourceIn(house, 'slots')).level, 1);
    const cancelling = house.desk.cancel(long);
    await house.clock.advance(10);
    await cancelling;
    assert.deepEqual(startsOf(house), ['long', 'bad', 'slow']);
    await house.clock.advance(2_000);
    assert.equal((await resourceIn(house, 'slots')).level, 3);
  });
});

describe('tasks that use a budget', () => {
  it('wait for the next hour when it is used up', async () => {
    await using house = await open({ duration: 1_000 });
    for (let count = 0; count < 6; count += 1) await house.add(String(count), { resources: { money: 1 } });
    await house.clock.advance(60_000);
    assert.equal(startsOf(house).length, 4);
    await house.clock.advance(3_600_000);
    assert.equal(startsOf(house).length, 6);
  });
});

describe('a task that is told to call less often', () => {
  it('goes back without losing an attempt, and all that wait for the resource rest with it', async () => {
    const script = limitedUntil(() => house, 2_000, 20_000);
    const house = await open({ script, agent: { maxAttempts: 1 } });
    await using _house = house;
    const id = await house.add('first', { resources: { search: 1 } });
    await house.clock.advance(1_000);
    await house.add('second', { resources: { search: 1 } });
    await house.add('other');
    await house.clock.advance(3_000);
    assert.deepEqual(startsOf(house), ['first', 'other']);
    const { state } = await house.view('second');
    assert.ok(state.kind === 'waiting' && state.until === house.began + 20_500);
    assert.equal((await house.desk.task(id))?.attempt, 0);
    assert.equal((await resourceIn(house, 'search')).limited, 1);
    await house.clock.advance(60_000);
    assert.equal(await house.status(id), 'completed');
    // The other was told so too, uses nothing that could rest, and waited for itself.
    assert.equal(startsOf(house).length, 5);
  });

  it('is slower when nobody says how long, and still gets there', async () => {
    const script = limitedUntil(() => house, 30_000, null);
    const house = await open({ script, agent: { maxAttempts: 1 } });
    await using _house = house;
    const id = await house.add('only', { resources: { search: 1 } });
    await house.clock.advance(120_000);
    assert.equal(await house.status(id), 'completed');
    assert.ok(startsOf(house).length <= 8, `${startsOf(house).length} starts`);
    const { inForce } = await resourceIn(house, 'search');
    assert.ok(inForce !== null && inForce < 1);
  });

  it('waits for itself alone when it uses nothing that could rest', async () => {
    const script = limitedUntil(() => house, 2_000, 20_000);
    const house = await open({ script, agent: { maxAttempts: 1 } });
    await using _house = house;
    await house.add('alone');
    await house.clock.advance(1_000);
    assert.equal((await house.view('alone')).state.kind, 'scheduled');
    await house.clock.advance(30_000);
    assert.equal((await house.view('alone')).state.kind, 'completed');
  });
});

describe('a person', () => {
  it('holds a resource and lets it go, across a crash', async () => {
    const house = await open({ duration: 1_000 });
    await house.desk.resources.hold('search', house.clock.wallClock() + 3_600_000);
    await house.add('a', { resources: { search: 1 } });
    await house.clock.advance(10_000);
    await house.crash();
    const { clock, files } = house;
    await using again = await open({ clock, files, duration: 1_000 });
    await again.clock.advance(10_000);
    assert.deepEqual(startsOf(again), []);
    assert.notEqual((await resourceIn(again, 'search')).heldUntil, null);
    await again.desk.resources.hold('search', null);
    await again.clock.advance(100);
    assert.deepEqual(startsOf(again), ['a']);
    await assert.rejects(again.desk.resources.hold('nothing', null), { code: 'unknown-resource' });
  });
});

describe('two folders', () => {
  const [one, two] = ['one' as WorkspaceId, 'two' as WorkspaceId];

  it('share evenly, whoever came first and however much it has', async () => {
    await using house = await open({ workspaces: [one, two], workers: 2, duration: 1_000 });
    for (let count = 0; count < 40; count += 1) await house.add(`one ${count}`, { workspaceId: one });
    await house.clock.advance(3_000);
    for (let count = 0; count < 5; count += 1) await house.add(`two ${count}`, { workspaceId: two });
    await house.clock.advance(6_000);
    assert.equal(startsOf(house).filter((title) => title.startsWith('two')).length, 5);
    const { balances } = await house.desk.snapshot();
    assert.equal(balances.length, 2);
  });

  it('are kept to what a person allows each, and no worker idles for it', async () => {
    const sharing = (id: WorkspaceId) => ({ weight: 1, concurrency: id === one ? 1 : 0 });
    await using house = await open({ workspaces: [one, two], workers: 4, duration: 10_000, sharing });
    for (let count = 0; count < 5; count += 1) await house.add(`one ${count}`, { workspaceId: one });
    for (let count = 0; count < 5; count += 1) await house.add(`two ${count}`, { workspaceId: two });
    await house.clock.advance(1_000);
    const started = startsOf(house);
    assert.equal(started.filter((title) => title.startsWith('one')).length, 1);
    assert.equal(started.length, 4);
  });
});
