import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { eventually } from '../support/vscode/eventually.ts';
import { existingPackage } from '../support/vscode/package.ts';
import { endProcessTree, processes, processTree } from '../support/vscode/processTree.ts';
import { copySample } from '../support/vscode/sample.ts';
import type { ProcessInfo } from '../support/vscode/processTree.ts';
import { node, repository } from '../support/vscode/paths.ts';

describe('npm start', () => {
  let scratch: string;
  let launcher: ChildProcess | undefined;
  let output: string;
  let marker: string;
  const seen = new Map<string, ProcessInfo>();

  /** Everything the launcher has started so far and is still there, whoever its parent is now. */
  async function alive(): Promise<ProcessInfo[]> {
    const key = ({ pid, started }: ProcessInfo): string => `${pid}@${started}`;
    for (const info of await processTree(launcher?.pid ?? 0, marker)) seen.set(key(info), info);
    return (await processes()).filter((info) => seen.has(key(info)) && !info.zombie);
  }

  /** Starts the launcher without a display, on a folder and a data folder of its own. */
  async function launch(folder: string): Promise<ChildProcess> {
    const id = randomUUID();
    marker = `PODIUM_TEST_RUN=${id}`;
    const script = path.join(repository, 'test', 'support', 'vscode', 'start.ts');
    const args = [script, folder, '--headless', '--data', path.join(scratch, 'data')];
    const child = spawn(node, args, {
      env: { ...process.env, PODIUM_TEST_RUN: id, PODIUM_VSIX: await existingPackage() },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    launcher = child;
    return child;
  }

  /** Waits until server, browser and an extension host are running. */
  async function windowIsOpen(): Promise<void> {
    await eventually(
      async () => {
        if (launcher?.exitCode !== null) throw new Error(`The launcher ended:\n${output}`);
        return output.includes('The folder is trusted') && (await alive()).length > 3;
      },
      { timeout: 60_000 },
    );
  }

  beforeEach(async () => {
    scratch = await mkdtemp(path.join(tmpdir(), 'podium-start-'));
    output = '';
    seen.clear();
  });

  afterEach(async () => {
    if (launcher?.pid !== undefined) await endProcessTree(launcher.pid, 0, marker);
    launcher = undefined;
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  });

  it('runs the sample tasks without a display and prints a table of their results', async function () {
    this.timeout(300_000);
    const folder = path.join(scratch, 'sample');
    await copySample(folder);
    const child = await launch(folder);
    await once(child, 'close');
    assert.equal(child.exitCode, 0, output);
    assert.match(output, /^Task +Agent +Score +Started +Took +Tries +Result$/m);
    assert.match(output, /^\d+ tasks: .*\d+ completed/m);
    const picture = /^Picture of the window: (.+)$/m.exec(output)?.[1];
    assert.ok(picture, output);
    assert.ok((await stat(picture)).size > 10_000);
    assert.deepEqual(await alive(), []);
  });

  it('lets nobody in without its random token, and leaves no process when it is interrupted', async () => {
    const child = await launch(await tinyFolder());
    await windowIsOpen();
    const address = /http:\/\/127\.0\.0\.1:\d+\/\?\S+/.exec(output)?.[0];
    assert.ok(address, output);
    const url = new URL(address);
    assert.match(url.searchParams.get('tkn') ?? '', /^[0-9a-f]{40}$/);
    assert.ok((await fetch(url, { redirect: 'manual' })).status < 400);
    url.searchParams.delete('tkn');
    assert.equal((await fetch(url)).status, 403);

    child.kill('SIGINT');
    await once(child, 'exit');
    assert.deepEqual(await alive(), []);
    assert.equal(child.exitCode, 130, output);
  });

  it('leaves no process when it is killed and can clean up nothing', async () => {
    const child = await launch(await tinyFolder());
    await windowIsOpen();
    child.kill('SIGKILL');
    await once(child, 'exit');
    await eventually(
      async () => {
        const left = await alive();
        if (left.length === 0) return true;
        throw new Error(`Still there: ${JSON.stringify(left)}`);
      },
      { timeout: 45_000 },
    );
  });

  async function tinyFolder(): Promise<string> {
    const folder = path.join(scratch, 'tiny');
    await mkdir(folder);
    return folder;
  }
});
