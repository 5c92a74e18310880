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

  it('uses nothing of a budget up by being told so', async () => {
    const script = limitedUntil(() => house, 2_000, 5_000);
    const house = await open({ script, agent: { maxAttempts: 1 } });
    await using _house = house;
    await house.add('both', { resources: { search: 1, money: 1 } });
    await house.clock.advance(1_000);
    assert.equal((await resourceIn(house, 'money')).heldUntil, null, 'what refills is meant');
    await house.clock.advance(20_000);
    assert.equal((await house.view('both')).state.kind, 'completed');
    assert.equal((await resourceIn(house, 'money')).level, 2, 'for two runs');
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

describe('what waits', () => {
  const [here, away] = ['here' as WorkspaceId, 'away' as WorkspaceId];

  it('in a folder that is not open keeps nothing from others, however long it waits', async () => {
    let isOpen = true;
    const house = await open({
      workspaces: [here, away],
      duration: 20_000,
      isOpen: (id) => isOpen || id === here,
    });
    await using _house = house;
    await house.add('first', { workspaceId: here, resources: { slots: 2 } });
    await house.add('away', { workspaceId: away, resources: { slots: 3 } });
    await house.clock.advance(1_000);
    isOpen = false;
    await house.clock.advance(120_000);
    await house.add('second', { workspaceId: here, resources: { slots: 2 } });
    await house.clock.advance(1_000);
    assert.deepEqual(startsOf(house), ['first', 'second']);
  });

  it('for a folder that is written to keeps nothing else meanwhile, and has both once it is free', async () => {
    const script: Script = async (task, _run, signal) => {
      await pass(house.clock, task.title === 'writes long' ? 600_000 : 1_000, signal);
      return completed;
    };
    const house = await open({ script, workspaces: [here, away], agent: { writes: true } });
    await using _house = house;
    await house.add('writes long', { workspaceId: here });
    await house.clock.advance(10);
    await house.add('writes and needs all', { workspaceId: here, resources: { slots: 3 } });
    await house.clock.advance(120_000);
    for (let count = 0; count < 3; count += 1)
      await house.add(`other ${count}`, { workspaceId: away, resources: { slots: 1 } });
    await house.clock.advance(5_000);
    assert.equal(startsOf(house).length, 4, 'the others had their slots');
    await house.clock.advance(600_000);
    assert.equal(startsOf(house).at(-1), 'writes and needs all');
  });

  it('for something that the settings do not know any more waits for it, and says so', async () => {
    const house = await open({ duration: 1_000 });
    await house.desk.pause('all', '');
    await house.add('orphan', { resources: { slots: 1 } });
    await house.crash();
    const { clock, files } = house;
    await using again = await open({ clock, files, resources: new Map(), duration: 1_000, seed: 2 });
    await again.desk.resume('all');
    await again.clock.advance(10_000);
    assert.deepEqual(startsOf(again), []);
    const { state } = await again.view('orphan');
    assert.ok(state.kind === 'waiting' && state.resource === 'slots' && state.until === null);
  });

  it('is asked anew what it needs when the settings of its agent have changed while nobody looked', async () => {
    const house = await open({ agent: { resources: [{ resource: 'slots', amount: 1 }] } });
    await house.desk.pause('all', '');
    await house.add('waits');
    await house.crash();
    const { clock, files } = house;
    const agent = { resources: [{ resource: 'slots', amount: 2 }] };
    await using again = await open({ clock, files, agent, seed: 2 });
    assert.equal((await again.all())[0]?.signature, 'slots*2');
  });

  it('keeps what it says it uses when something else of it is edited', async () => {
    await using house = await open();
    await house.desk.pause('all', '');
    const id = await house.add('says so', { resources: { slots: 2 } });
    await house.desk.editTask(id, { title: 'says so still' });
    const task = await house.desk.task(id);
    assert.deepEqual([task?.signature, task?.input.resources], ['slots*2', { slots: 2 }]);
  });
});

describe('a task that an agent has made', () => {
  it('uses at least what its doer uses, whatever the agent says', async () => {
    const script: Script = async (task, run) => {
      if (task.title !== 'parent') return completed;
      await run.createSubTask({ title: 'free', resources: {} });
      await run.createSubTask({ title: 'more', resources: { search: 3, slots: 1 } });
      return completed;
    };
    await using house = await open({ script, agent: { resources: [{ resource: 'slots', amount: 2 }] } });
    await house.add('parent');
    await house.clock.advance(1_000);
    const needs = new Map((await house.all()).map((task) => [task.title, task.signature]));
    assert.equal(needs.get('free'), 'slots*2');
    assert.equal(needs.get('more'), 'search*3 + slots*2');
  });
});

describe('a claim that the disk does not take', () => {
  it('takes nothing of anything, and the folder is charged for nothing', async () => {
    const sharing = (): { readonly weight: number; readonly concurrency: number } => ({
      weight: 1,
      concurrency: 1,
    });
    await using house = await open({ duration: 1_000, sharing });
    await house.add('a', { resources: { money: 3, search: 4 } });
    house.files.syncError = 'EIO';
    await house.clock.advance(100);
    assert.deepEqual(startsOf(house), []);
    house.files.syncError = undefined;
    await house.clock.advance(120_000);
    assert.deepEqual(startsOf(house), ['a']);
    const levels = [await resourceIn(house, 'money'), await resourceIn(house, 'search')];
    assert.deepEqual(
      levels.map(({ level }) => level),
      [1, 10],
    );
  });
});

describe('a run whose end was not seen', () => {
  it('gives back what it did not use, when its outcome is found', async () => {
    const house = await open({ duration: 600_000 });
    await house.add('program', { resources: { money: 3 } });
    await house.clock.advance(100);
    await house.crash();
    const { clock, files } = house;
    await using again = await open({
      clock,
      files,
      seed: 2,
      left: () => ({ kind: 'finished', outcome: { ...completed, used: { money: 1 } } }),
    });
    await again.clock.advance(10);
    assert.equal((await resourceIn(again, 'money')).level, 3);
  });
});

describe('tasks of which nobody has said what they use', () => {
  const argv = (number: number): readonly string[] => ['node', 'fetch.js', String(number)];
  const uses = (house: () => TestDesk, outcome: AgentOutcome): Script => {
    return async (_task, _run, signal) => {
      await pass(house().clock, 1_000, signal);
      return outcome;
    };
  };

  it('wait for what others of their kind have used, also after a crash, unless they say something else', async () => {
    const script = uses(() => house, { kind: 'completed', result: '', used: { search: 5, unknown: 7 } });
    const house = await open({ script, workers: 1, agent: { takesCommand: true } });
    for (let number = 0; number < 4; number += 1) await house.add(`fetch ${number}`, { argv: argv(number) });
    await house.add('other', { argv: ['node', 'other.js'] });
    await house.clock.advance(1_500);
    assert.equal(house.log.lines.filter((line) => line.message.includes('5 of search')).length, 1);
    await house.clock.advance(2_000);
    const { state } = await house.view('fetch 3');
    assert.ok(state.kind === 'waiting' && state.resource === 'search', JSON.stringify(state));
    assert.ok(startsOf(house).includes('other'));
    await house.crash();
    const { clock, files } = house;
    const agent = { takesCommand: true };
    await using again = await open({ clock, files, workers: 1, agent, duration: 600_000, seed: 2 });
    await again.clock.advance(0);
    await again.add('new', { argv: argv(9) });
    await again.add('said', { argv: argv(9), resources: { slots: 1 } });
    const needs = new Map((await again.all()).map((task) => [task.title, task.signature]));
    assert.equal(needs.get('new'), 'search*5');
    assert.equal(needs.get('said'), 'slots');
    assert.equal(needs.get('fetch 3'), 'search*5');
  });

  it('wait for what one of their kind was told to use less of', async () => {
    const limited: AgentOutcome = {
      kind: 'failed',
      error: { code: 'exit', message: '429' },
      retryable: false,
      rateLimited: { resource: 'search', retryAfter: 20_000 },
    };
    const script = uses(() => house, limited);
    const house = await open({ script, workers: 1, agent: { takesCommand: true, maxAttempts: 1 } });
    await using _house = house;
    for (let number = 0; number < 8; number += 1) await house.add(`fetch ${number}`, { argv: argv(number) });
    await house.clock.advance(18_000);
    assert.equal(startsOf(house).length, 1, 'one was told, and none of the others has to be');
    const states = (await house.all()).map(({ status }) => status);
    assert.deepEqual(new Set(states), new Set(['pending']));
    house.agent.script = uses(() => house, completed);
    await house.clock.advance(60_000);
    assert.equal((await house.counts()).completed, 8);
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
