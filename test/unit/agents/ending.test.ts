import assert from 'node:assert/strict';
import { AgentBench, identityIn, isAlive, runs } from '../../support/agentBench.ts';
import { until } from '../../support/until.ts';

/** Starts a grandchild that writes its pid to a file and never ends by itself. */
const spawnGrandchild = (file: string, options: string): string => `
  import { spawn } from 'node:child_process';
  const child = spawn(process.execPath, ['-e',
    'require("fs").writeFileSync("${file}", String(process.pid)); process.on("SIGTERM", () => 0); setInterval(() => 0, 1000)'],
    ${options});
  child.unref();
`;
const waitFor = (file: string): string => `
  import { existsSync } from 'node:fs';
  while (!existsSync('${file}')) await new Promise((resolve) => setTimeout(resolve, 10));
`;
const hang = 'setInterval(() => 0, 1000);';

describe('the end of a run', () => {
  let bench: AgentBench;
  beforeEach(() => {
    bench = new AgentBench();
  });
  afterEach(() => bench[Symbol.dispose]());

  const pidIn = async (file: string): Promise<number> =>
    await until(() => Number(bench.read(file)) || undefined);

  it('comes when a hanging program is cancelled', async () => {
    const abort = new AbortController();
    const running = bench.agent().run(bench.run(bench.script('hang.mjs', hang)), abort.signal);
    const program = await until(() => bench.started[0]);
    abort.abort();
    await running;
    assert.equal(isAlive(program), false);
  });

  it('comes when the time of a program is over', async () => {
    const signal = AbortSignal.timeout(400);
    await bench.agent().run(bench.run(bench.script('hang.mjs', hang)), signal);
    assert.match(bench.readRun('exit.json') ?? '', /"cancelled"/);
  });

  it('comes with force for a program that ignores the polite signal', async () => {
    const abort = new AbortController();
    const script = bench.script(
      'deaf.mjs',
      `import { writeFileSync } from 'node:fs'; process.on('SIGTERM', () => writeFileSync('asked', '')); writeFileSync('ready', ''); ${hang}`,
    );
    const running = bench.agent().run(bench.run(script), abort.signal);
    await until(() => bench.read('ready') !== undefined);
    abort.abort();
    await running;
    assert.notEqual(bench.read('asked'), undefined, 'it was asked first');
    assert.match(bench.readRun('exit.json') ?? '', /"SIGKILL"/);
    assert.equal(isAlive(bench.started[0]!), false);
  });

  it('takes a grandchild along when a program is cancelled', async () => {
    const abort = new AbortController();
    const script = bench.script('parent.mjs', spawnGrandchild('pid', '{ stdio: "inherit" }') + hang);
    const running = bench.agent().run(bench.run(script), abort.signal);
    const grandchild = await pidIn('pid');
    abort.abort();
    await running;
    assert.equal(runs(grandchild), false);
  });

  it('takes along a grandchild that outlives its program', async () => {
    const script = bench.script(
      'parent.mjs',
      spawnGrandchild('pid', '{ stdio: "inherit" }') + waitFor('pid'),
    );
    const outcome = await bench.agent().run(bench.run(script), new AbortController().signal);
    assert.equal(outcome.kind, 'completed');
    assert.equal(runs(await pidIn('pid')), false);
  });

  it('takes along a grandchild that went into a session of its own', async function () {
    if (process.platform !== 'linux') this.skip();
    const away = '{ stdio: "ignore", detached: true }';
    const script = bench.script('parent.mjs', spawnGrandchild('pid', away) + waitFor('pid'));
    await bench.agent().run(bench.run(script), new AbortController().signal);
    assert.equal(runs(await pidIn('pid')), false);
  });

  it('comes when the supervisor is killed: the host ends the program', async () => {
    const script = bench.script('parent.mjs', spawnGrandchild('pid', '{ stdio: "inherit" }') + hang);
    const running = bench.agent().run(bench.run(script), new AbortController().signal);
    const grandchild = await pidIn('pid');
    process.kill(identityIn(bench.readRun('started.json'), 'supervisor')!.pid, 'SIGKILL');
    const outcome = await running;
    assert.equal(outcome.kind === 'failed' && outcome.error.code, 'supervisor-lost');
    assert.equal(isAlive(bench.started[0]!), false);
    assert.equal(runs(grandchild), false);
  });

  it('comes when somebody ends the supervisor politely', async () => {
    const running = bench
      .agent()
      .run(bench.run(bench.script('hang.mjs', hang)), new AbortController().signal);
    const program = await until(() => bench.started[0]);
    process.kill(identityIn(bench.readRun('started.json'), 'supervisor')!.pid, 'SIGTERM');
    const outcome = await running;
    assert.equal(outcome.kind === 'failed' && outcome.error.code, 'interrupted');
    assert.equal(isAlive(program), false);
  });

  it('says why when there is no supervisor', async () => {
    const { CommandAgent } = await import('../../../src/agents/commandAgent.ts');
    const { definition } = await import('../../support/agentBench.ts');
    const { systemClock } = await import('../../../src/system/systemClock.ts');
    const agent = new CommandAgent(definition(), {
      clock: systemClock,
      supervisor: '/no/such/supervisor.cjs',
    });
    const outcome = await agent.run(bench.run(['${node}', '-p', '1']), new AbortController().signal);
    assert.equal(outcome.kind === 'failed' && outcome.error.code, 'supervisor-lost');
  });
});
