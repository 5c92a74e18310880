import assert from 'node:assert/strict';
import { eventually } from '../support/vscode/eventually.ts';
import { change, Podium } from '../support/vscode/insideWindow.ts';

describe('settings', () => {
  let podium: Podium;

  before(async () => {
    podium = await Podium.open();
  });
  afterEach(() => podium.clear());

  const agentIds = (): string[] => podium.control.agents().map(({ id }) => id);

  it('take effect at once: two workers run two tasks, three run three', async () => {
    const size = async (): Promise<number> => (await podium.control.snapshot()).workers.size;
    const running = async (): Promise<number> => (await podium.control.snapshot()).totals.running;
    await using _two = await change('workers', 2);
    await eventually(async () => (await size()) === 2);
    const wait =
      "const wait = setInterval(() => { if (require('node:fs').existsSync('go')) clearInterval(wait); }, 50)";
    const ids = await Promise.all(
      [1, 2, 3, 4].map((each) => podium.add({ title: `Wait ${each}`, script: wait })),
    );
    await eventually(async () => (await running()) === 2);
    await using _three = await change('workers', 3);
    await eventually(async () => (await running()) === 3);
    assert.equal((await podium.control.snapshot()).totals.ready, 1);
    await podium.write('go', '');
    for (const id of ids) assert.equal((await podium.finished(id)).status, 'completed');
  });

  it('that make no sense are repaired or left out, and what is good beside them works', async () => {
    await using _workers = await change('workers', 'many');
    await using _timeout = await change('defaultTimeoutMinutes', -5);
    await using _agents = await change('agents', {
      good: { command: ['${node}', '-p', '6 * 7'], writes: false },
      broken: { command: 'claude -p' },
      misspelt: { comand: ['claude'] },
      absent: null,
      'no name': { command: ['true'] },
    });
    await eventually(() => agentIds().includes('good'));
    assert.deepEqual(
      agentIds().filter((id) => ['broken', 'misspelt', 'absent', 'no name'].includes(id)),
      [],
    );
    assert.equal((await podium.control.snapshot()).workers.size, 10);
    const task = await podium.run({ title: 'Good beside bad', agent: 'good' });
    assert.equal(task.status, 'completed', task.error?.message);
    assert.equal(task.result, '42');
  });

  it('that are no object at all leave the agents that are built in', async () => {
    await using _agents = await change('agents', ['claude']);
    const task = await podium.run({ title: 'Built in', script: 'console.log(1)' });
    assert.equal(task.status, 'completed');
    assert.deepEqual(agentIds(), ['command', 'check', 'simulated']);
  });

  it('may lose an agent that tasks still wait for: they say which one is missing and can be given another', async () => {
    await podium.control.pause('all', 'for the test');
    const id = await (async () => {
      await using _agents = await change('agents', { brief: { command: ['${node}', '-p', '1'] } });
      await eventually(() => agentIds().includes('brief'));
      return await podium.add({ title: 'Orphan', agent: 'brief' });
    })();
    await eventually(() => !agentIds().includes('brief'));
    await podium.control.resume('all');
    const task = await podium.until(id, ({ status }) => status !== 'pending' && status !== 'running');
    assert.match(`${task.question ?? ''}${task.error?.message ?? ''}`, /"brief"/);
    assert.equal(task.status, 'needs_input');
  });
});
