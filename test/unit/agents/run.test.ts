import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { AgentOutcome } from '../../../src/core/ports.ts';
import type { Task } from '../../../src/core/model.ts';
import type { CommandDefinition } from '../../../src/agents/commandDefinition.ts';
import { AgentBench, description, isAlive } from '../../support/agentBench.ts';

const never = new AbortController().signal;
const hostileTitles = ['--help', '-rf', '; rm -rf *', '$(id)', '`id`', '"', "'", '&& true', '-', '--'];

describe('a program as an agent', () => {
  let bench: AgentBench;
  beforeEach(() => {
    bench = new AgentBench();
  });
  afterEach(() => bench[Symbol.dispose]());

  async function outcome(
    argv: readonly string[],
    task: Partial<Task> = {},
    over: Partial<CommandDefinition> = {},
  ): Promise<AgentOutcome> {
    return await bench.agent(over).run(bench.run(argv, task), never);
  }

  async function failure(
    ...given: Parameters<typeof outcome>
  ): Promise<{ code: string; retryable: boolean; message: string }> {
    const ended = await outcome(...given);
    assert.equal(ended.kind, 'failed');
    return { code: ended.error.code, message: ended.error.message, retryable: ended.retryable };
  }

  it('is completed by exit code 0, with what it printed', async () => {
    const ended = await outcome(
      bench.script('hello.mjs', 'console.log("\\u001b[32mhello\\u001b[0m"); console.error("wörld 🎻")'),
    );
    assert.deepEqual(ended, { kind: 'completed', result: 'hello\nwörld 🎻' });
    assert.equal(bench.readRun('output.log'), '\u001b[32mhello\u001b[0m\nwörld 🎻\n');
  });

  it('tells who the process is while it runs, and leaves none', async () => {
    await outcome(bench.script('quick.mjs', ''));
    assert.equal(bench.started.length, 1);
    assert.equal(isAlive(bench.started[0]!), false);
  });

  it('fails with another exit code, and says the last line it printed', async () => {
    assert.deepEqual(await failure(bench.script('bad.mjs', 'console.log("one\\ntwo"); process.exit(3)')), {
      code: 'exit',
      message: 'Exit code 3: two',
      retryable: false,
    });
  });

  it('may be tried again when it may be repeated, or asks for it with exit code 75', async () => {
    const bad = bench.script('bad.mjs', 'process.exit(Number(process.argv[2]))');
    const idempotent = { description: description({ idempotent: true, maxAttempts: 3 }) };
    assert.equal((await failure([...bad, '1'], { claim: 1 }, idempotent)).retryable, true);
    const asking = await outcome([...bad, '75'], { claim: 2 });
    assert.equal(asking.kind === 'failed' && asking.retryable && asking.temporary, true);
  });

  it('fails by a signal it sent itself', async () => {
    const ended = await failure(
      bench.script('bad.mjs', 'process.kill(process.pid, "SIGKILL"); setInterval(() => 0, 1000)'),
    );
    assert.equal(ended.code, 'signal');
    assert.match(ended.message, /SIGKILL/);
  });

  it('that is missing fails in plain words, once', async () => {
    assert.deepEqual(await failure(['no-such-program-here', '--version']), {
      code: 'missing-program',
      message: 'The program "no-such-program-here" was not found on the PATH.',
      retryable: false,
    });
    assert.equal((await failure(['./no-such-program'], { claim: 2 })).code, 'missing-program');
  });

  it('that is not executable, or a folder, fails in plain words', async () => {
    bench.write('notes.txt', 'no program');
    mkdirSync(path.join(bench.folder, 'tools'));
    const notes = await failure(['./notes.txt']);
    assert.equal(notes.code, 'not-executable');
    assert.match(notes.message, /notes\.txt is not executable/);
    assert.match((await failure(['./tools'], { claim: 2 })).message, /tools is a folder/);
  });

  it('that has no interpreter fails in plain words', async () => {
    writeFileSync(path.join(bench.folder, 'tool'), '#!/no/such/interpreter\n', { mode: 0o755 });
    const ended = await failure(['./tool']);
    assert.equal(ended.code, 'missing-program');
    assert.match(ended.message, /could not be started/);
  });

  it('that is given more than the system takes fails instead of hanging', async () => {
    const ended = await failure(['/bin/echo', 'x'.repeat(3_000_000)]);
    assert.equal(ended.code, 'invalid-command');
  });

  it('is told what its task says on its input, never as an option', async () => {
    const code =
      'const text = (await Array.fromAsync(process.stdin)).join(""); console.log(JSON.stringify([process.argv.slice(2), text]))';
    const echo = bench.script('echo.mjs', code);
    await Promise.all(
      hostileTitles.map(async (title, claim) => {
        const ended = await outcome([...echo, 'fixed'], { title, claim, description: '-x' });
        assert.equal(ended.kind, 'completed');
        assert.deepEqual(JSON.parse(ended.result), [['fixed'], `${title}\n\n-x\n`]);
      }),
    );
  });

  it('is told what its task says as one argument after --, when its definition says so', async () => {
    const [node, file] = bench.script('echo.mjs', 'console.log(JSON.stringify(process.argv.slice(2)))');
    const argv = [node!, `\${workspaceFolder}/${file}`, '-v'];
    await Promise.all(
      hostileTitles.map(async (title, claim) => {
        const ended = await outcome([], { title, claim }, { argv, prompt: 'argument' });
        assert.equal(ended.kind, 'completed');
        assert.deepEqual(JSON.parse(ended.result), ['-v', '--', title]);
      }),
    );
  });

  it('replaces ${workspaceFolder} in what a definition says, never in what a task says', async () => {
    const [node, file] = bench.script('echo.mjs', 'console.log(JSON.stringify(process.argv.slice(2)))');
    const ended = await outcome([node!, file!, '${workspaceFolder}']);
    assert.equal(ended.kind === 'completed' && ended.result, '["${workspaceFolder}"]');
  });

  it('need not read its input', async () => {
    const ended = await outcome(bench.script('deaf.mjs', 'process.stdin.destroy()'), {
      description: 'x'.repeat(100_000),
    });
    assert.equal(ended.kind, 'completed');
  });

  it('finds its task, its run and its mail boxes in its environment, and nothing of the editor', async () => {
    process.env.VSCODE_IPC_HOOK = 'secret';
    try {
      const script = bench.script(
        'env.mjs',
        'console.log(JSON.stringify(Object.fromEntries(Object.entries(process.env).filter(([key]) => /^(PODIUM|VSCODE|MINE)/.test(key)))))',
      );
      const ended = await outcome(script, {}, { env: { MINE: 'yes' } });
      assert.equal(ended.kind, 'completed');
      const run = bench.runDirectory();
      assert.deepEqual(JSON.parse(ended.result), {
        MINE: 'yes',
        PODIUM_INBOX: path.join(run, 'inbox.jsonl'),
        PODIUM_OUTBOX: path.join(run, 'outbox.jsonl'),
        PODIUM_RUN: run,
        PODIUM_TASK_ID: 'task-1',
      });
    } finally {
      delete process.env.VSCODE_IPC_HOOK;
    }
  });

  it('runs in a folder of the workspace', async () => {
    mkdirSync(path.join(bench.folder, 'part'));
    const ended = await outcome(['${node}', '-p', 'process.cwd()'], {}, { cwd: 'part' });
    assert.deepEqual(ended, { kind: 'completed', result: path.join(bench.folder, 'part') });
  });

  it('runs in no folder outside of it, whatever way leads there', async () => {
    symlinkSync(path.dirname(bench.folder), path.join(bench.folder, 'link'));
    for (const [claim, cwd] of ['..', '/', 'link', 'link/folder/..'].entries()) {
      const ended = await failure(['${node}', '-p', '1'], { claim: claim + 1 }, { cwd });
      assert.deepEqual([ended.code, ended.retryable], ['outside-workspace', false], cwd);
    }
    assert.equal((await failure(['${node}'], {}, { cwd: 'missing' })).code, 'missing-folder');
  });

  it('does not start when it is cancelled before', async () => {
    const script = bench.script(
      'mark.mjs',
      'import { writeFileSync } from "node:fs"; writeFileSync("mark", "")',
    );
    const ended = await bench.agent().run(bench.run(script), AbortSignal.abort());
    assert.equal(ended.kind, 'failed');
    assert.equal(bench.read('mark'), undefined);
  });

  it('is ended when its identity cannot be recorded', async () => {
    const run = bench.run(bench.script('hang.mjs', 'setInterval(() => 0, 1000)'));
    const refusing = { ...run, started: () => Promise.reject(new Error('disk full')) };
    await assert.rejects(bench.agent().run(refusing, never), /disk full/);
    assert.match(bench.readRun('exit.json') ?? '', /"cancelled"/);
  });
});
