import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import path from 'node:path';
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

  it('take effect at once: a program that never ends is ended after the time now allowed', async function () {
    this.timeout(40_000);
    await using _short = await change('defaultTimeoutMinutes', 0.1);
    await eventually(() => podium.control.agents().find(({ id }) => id === 'check')?.timeout === 6_000);
    const { startedAt, finishedAt, ...task } = await podium.run({
      title: 'Endless',
      agent: 'command',
      script: 'setInterval(() => {}, 1000)',
    });
    assert.deepEqual([task.status, task.error?.code], ['failed', 'timeout']);
    assert.ok((finishedAt ?? 0) - (startedAt ?? 0) < 15_000);
  });

  it('take effect at once: the next failure waits as long as is now asked, and one that waits is left alone', async () => {
    const failing = { script: 'process.exit(75)' };
    const scheduled = async (title: string): Promise<number> => {
      const task = await podium.until(
        await podium.add({ title, ...failing }),
        ({ notBefore, attempt }) => attempt > 0 && notBefore !== null,
      );
      return (task.notBefore ?? 0) - Date.now();
    };
    await using _long = await change('retry.baseDelaySeconds', 300);
    assert.ok((await scheduled('Waits long')) > 100_000);
    await using _short = await change('retry.baseDelaySeconds', 0.1);
    const task = await podium.run({ title: 'Fails soon', ...failing });
    assert.deepEqual([task.status, task.attempt], ['failed', 3]);
    const [waiting] = await podium.control.unfinished(podium.workspaceId);
    assert.ok((waiting?.notBefore ?? 0) - Date.now() > 100_000, 'the first one keeps its time');
  });

  it('take effect at once: as much output is kept as is now asked', async () => {
    const kept = async (): Promise<number> => {
      const id = await podium.add({
        title: 'Print 3 MB',
        script: "process.stdout.write('x'.repeat(3 << 20), () => setTimeout(() => {}, 500))",
      });
      const { launch } = await podium.running(id);
      assert.equal((await podium.finished(id)).status, 'completed');
      return (await stat(path.join(launch?.runDirectory ?? '', 'output.log'))).size / (1 << 20);
    };
    await using _one = await change('outputLimitMegabytes', 1);
    const little = await kept();
    assert.ok(little >= 1 && little < 1.2, `${little} MB`);
    await using _two = await change('outputLimitMegabytes', 2);
    const more = await kept();
    assert.ok(more >= 2 && more < 2.2, `${more} MB`);
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
