import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../support/vscode/eventually.ts';
import { existingPackage } from '../support/vscode/package.ts';
import { endProcessTree, processes, processTree } from '../support/vscode/processTree.ts';
import type { ProcessInfo } from '../support/vscode/processTree.ts';
import { node, repository } from '../support/vscode/paths.ts';

describe('npm start', () => {
  let scratch: string;
  let launcher: ChildProcess;
  let output: string;
  let marker: string;
  const seen = new Map<string, ProcessInfo>();

  /** Everything the launcher has started so far and is still there, whoever its parent is now. */
  async function alive(): Promise<ProcessInfo[]> {
    const key = ({ pid, started }: ProcessInfo): string => `${pid}@${started}`;
    for (const info of await processTree(launcher.pid!, marker)) seen.set(key(info), info);
    return (await processes()).filter((info) => seen.has(key(info)) && !info.zombie);
  }

  beforeEach(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'podium-start-'));
    const folder = path.join(scratch, 'tiny');
    await mkdir(folder);
    const name = 'PODIUM_TEST_RUN';
    const id = randomUUID();
    marker = `${name}=${id}`;
    output = '';
    seen.clear();
    const script = path.join(repository, 'test', 'support', 'vscode', 'start.ts');
    const args = [script, folder, '--headless', '--data', path.join(scratch, 'data')];
    launcher = spawn(node, args, {
      env: { ...process.env, [name]: id, PODIUM_VSIX: await existingPackage() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    launcher.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    launcher.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
    // A window is open: the server, the browser and an extension host are running.
    await eventually(
      async () => {
        if (launcher.exitCode !== null) throw new Error(`The launcher ended:\n${output}`);
        return output.includes('The folder is trusted') && (await alive()).length > 3;
      },
      { timeout: 60_000 },
    );
  });

  afterEach(async () => {
    await endProcessTree(launcher.pid!, 0, marker);
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  });

  it('prints an address with a random token, and nobody gets in without it', async () => {
    const address = /http:\/\/127\.0\.0\.1:\d+\/\?\S+/.exec(output)?.[0];
    assert.ok(address, output);
    const url = new URL(address);
    assert.match(url.searchParams.get('tkn') ?? '', /^[0-9a-f]{40}$/);
    assert.equal((await fetch(url, { redirect: 'manual' })).status < 400, true);
    url.searchParams.delete('tkn');
    assert.equal((await fetch(url)).status, 403);
  });

  it('leaves no process behind when it is interrupted', async () => {
    launcher.kill('SIGINT');
    const [code] = (await once(launcher, 'exit')) as [number | null];
    assert.deepEqual(await alive(), []);
    assert.equal(code, 130, output);
  });

  it('leaves no process behind when it is killed and can clean up nothing', async () => {
    launcher.kill('SIGKILL');
    await once(launcher, 'exit');
    await eventually(
      async () => {
        const left = await alive();
        if (left.length === 0) return true;
        throw new Error(`Still there: ${JSON.stringify(left)}`);
      },
      { timeout: 45_000 },
    );
  });
});
