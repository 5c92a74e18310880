import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ownIdentity } from '../../../src/agents/processIdentity.ts';
import { claimRun, readStarted } from '../../../src/agents/runFiles.ts';
import type { Recovered } from '../../../src/core/ports.ts';
import { AgentBench, identityIn, isAlive, jsonLines, runs } from '../../support/agentBench.ts';
import { until } from '../../support/until.ts';

const never = new AbortController().signal;
const host = fileURLToPath(new URL('../../support/agentHost.ts', import.meta.url));
/** Says that it runs, with its pid, and does not end by itself. */
const hanging = `
  import { appendFileSync } from 'node:fs';
  appendFileSync(process.argv[2] ?? 'effects', process.pid + '\\n');
  setInterval(() => 0, 1000);
`;

describe('a run whose host went away', () => {
  let bench: AgentBench;
  const hosts: ChildProcess[] = [];
  beforeEach(() => {
    bench = new AgentBench();
  });
  afterEach(() => {
    for (const one of hosts.splice(0)) one.kill('SIGKILL');
    bench[Symbol.dispose]();
  });

  function startHost(argv: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [host, bench.folder, bench.runDirectory(), JSON.stringify(argv)], {
      stdio: 'inherit',
    });
    hosts.push(child);
    return child;
  }

  async function recover(): Promise<Recovered> {
    const { task } = bench.run([]);
    return await bench.agent().recover(task, bench.launch(), { createSubTask: bench.gate.create });
  }

  const pids = (file: string): readonly number[] =>
    (bench.read(file) ?? '').split('\n').filter(Boolean).map(Number);
  const effects = (): readonly number[] => pids('effects');
  const exitRecord = (): string => bench.readRun('exit.json') ?? '';

  it('ends by itself, and all it started with it', async () => {
    const doomed = startHost(bench.script('hang.mjs', hanging));
    const pid = await until(() => effects()[0]);
    doomed.kill('SIGKILL');
    await until(() => exitRecord().includes('"host-gone"'));
    assert.equal(runs(pid), false);
    const supervisor = identityIn(bench.readRun('started.json'), 'supervisor')!;
    await until(() => !isAlive(supervisor));
    assert.deepEqual(await recover(), { kind: 'ended' });
  });

  it('may finish what takes but a moment more, and is adopted', async () => {
    const code = `import { appendFileSync, existsSync } from 'node:fs';
      appendFileSync('effects', process.pid + '\\n');
      while (!existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 5));
      console.log('done')`;
    const doomed = startHost(bench.script('nearly.mjs', code));
    await until(() => effects()[0]);
    doomed.kill('SIGKILL');
    bench.write('go', '');
    await until(() => exitRecord() !== '');
    assert.deepEqual(await recover(), { kind: 'finished', outcome: { kind: 'completed', result: 'done' } });
  });

  it('is ended by a recovery that comes at once', async () => {
    const doomed = startHost(bench.script('hang.mjs', hanging));
    const pid = await until(() => effects()[0]);
    doomed.kill('SIGKILL');
    assert.deepEqual(await recover(), { kind: 'ended' });
    assert.equal(runs(pid), false);
  });

  it('is ended by a recovery while its host only seems to be gone', async () => {
    startHost(bench.script('hang.mjs', hanging));
    const pid = await until(() => effects()[0]);
    assert.deepEqual(await recover(), { kind: 'ended' });
    assert.equal(runs(pid), false);
  });

  it('is ended when its supervisor is dead or stopped too', async () => {
    for (const [claim, signal] of (['SIGKILL', 'SIGSTOP'] as const).entries()) {
      using other = new AgentBench();
      const running = other.agent().run(other.run(other.script('hang.mjs', hanging)), never);
      const supervisor = await until(
        () =>
          identityIn(other.readRun('started.json'), 'program') &&
          identityIn(other.readRun('started.json'), 'supervisor'),
      );
      process.kill(supervisor.pid, signal);
      const { task } = other.run([]);
      const left = await other
        .agent({}, 50)
        .recover(task, other.launch(), { createSubTask: other.gate.create });
      assert.deepEqual(left, { kind: 'ended' }, `${claim} ${signal}`);
      assert.equal(isAlive(identityIn(other.readRun('started.json'), 'program')!), false);
      assert.equal(isAlive(supervisor), false);
      await running;
    }
  }).timeout(20_000);

  it('is adopted when its program had finished', async () => {
    await bench.agent().run(bench.run(bench.script('done.mjs', 'console.log("done")')), never);
    assert.deepEqual(await recover(), { kind: 'finished', outcome: { kind: 'completed', result: 'done' } });
    const failed = await recover();
    assert.deepEqual(failed, await recover(), 'as often as one asks');
  });

  it('is adopted with the failure of its program', async () => {
    await bench.agent().run(bench.run(bench.script('bad.mjs', 'process.exit(2)')), never);
    const left = await recover();
    assert.equal(left.kind === 'finished' && left.outcome.kind, 'failed');
  });

  it('is not adopted when it was ended before it was done, whatever its exit code', async () => {
    const abort = new AbortController();
    const script = bench.script('polite.mjs', `process.on('SIGTERM', () => process.exit(0)); ${hanging}`);
    const running = bench.agent().run(bench.run(script), abort.signal);
    await until(() => effects()[0]);
    abort.abort();
    await running;
    assert.match(exitRecord(), /"code":0/);
    assert.deepEqual(await recover(), { kind: 'ended' });
  });

  it('never starts once a recovery was first', async () => {
    assert.deepEqual(await recover(), { kind: 'ended' });
    const outcome = await bench.agent().run(bench.run(bench.script('hang.mjs', hanging)), never);
    assert.equal(outcome.kind === 'failed' && outcome.error.code, 'fenced');
    assert.deepEqual(effects(), []);
    assert.deepEqual(await recover(), { kind: 'ended' }, 'and a second recovery finds nothing');
  });

  it('starts unseen at no moment of a race between start and recovery', async () => {
    const script = bench.script('hang.mjs', hanging);
    await Promise.all(
      Array.from({ length: 12 }, async (_, claim) => {
        const effect = `effects-${claim}`;
        const run = bench.run([...script, effect], { claim });
        const running = bench.agent().run(run, never);
        // Somewhere between the launch and the first line of the program, different each time.
        const moment = performance.now() + claim * 25;
        await until(() => performance.now() >= moment);
        const left = await bench.agent().recover(run.task, bench.launch(claim), {
          createSubTask: bench.gate.create,
        });
        assert.deepEqual(left, { kind: 'ended' });
        const before = pids(effect);
        assert.deepEqual(before.filter(runs), []);
        await running;
        assert.deepEqual(pids(effect), before, 'nothing started afterwards');
      }),
    );
  }).timeout(30_000);

  it('is claimed exactly once', () => {
    const claims = Array.from({ length: 5 }, () => claimRun(bench.runDirectory(), { kind: 'fenced' }));
    assert.deepEqual(claims, [true, false, false, false, false]);
    assert.deepEqual(readStarted(bench.runDirectory()), { kind: 'fenced' });
  });

  it('leaves alone a process that was given the same pid', async () => {
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], {
      detached: true,
      stdio: 'ignore',
    });
    hosts.push(stranger);
    const reused = { pid: stranger.pid!, startedAt: '1', bootId: ownIdentity().bootId };
    claimRun(bench.runDirectory(), { kind: 'claimed', supervisor: reused, program: reused });
    const { task } = bench.run([]);
    const left = await bench
      .agent()
      .recover(task, bench.launch(1, reused), { createSubTask: bench.gate.create });
    assert.deepEqual(left, { kind: 'ended' });
    assert.ok(runs(stranger.pid!));
  });

  it('of an earlier boot has nothing left to end', async () => {
    const old = { ...ownIdentity(), bootId: 'an earlier one' };
    claimRun(bench.runDirectory(), { kind: 'claimed', supervisor: old, program: old });
    assert.deepEqual(await recover(), { kind: 'ended' });
  });

  it('with records that cannot be read is ended by its mark', async function () {
    if (process.platform !== 'linux') this.skip();
    const running = bench.agent().run(bench.run(bench.script('hang.mjs', hanging)), never);
    const pid = await until(() => effects()[0]);
    const supervisor = identityIn(bench.readRun('started.json'), 'supervisor')!;
    writeFileSync(path.join(bench.runDirectory(), 'started.json'), '{"kind":"cl');
    await recover();
    assert.equal(runs(pid), false);
    await running;
    await until(() => !isAlive(supervisor));
  });

  it('has its last wishes for sub-tasks granted when it is adopted', async () => {
    const wish =
      'import { appendFileSync } from "node:fs"; appendFileSync(process.env.PODIUM_OUTBOX, \'{"title":"child"}\')';
    await bench.agent().run(bench.run(bench.script('wish.mjs', wish)), never);
    assert.equal(bench.gate.children, 1);
    await recover();
    assert.equal(bench.gate.requests.length, 1, 'answered wishes are not repeated');
    writeFileSync(path.join(bench.runDirectory(), 'inbox.jsonl'), '');
    await recover();
    assert.equal(bench.gate.requests.length, 2, 'an unanswered one is');
    assert.equal(bench.gate.children, 1, 'and names the same child');
    assert.deepEqual(jsonLines(bench.readRun('inbox.jsonl')), [{ line: 1, ok: true, id: 'child-1' }]);
  });
});
