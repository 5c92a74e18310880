import assert from 'node:assert/strict';
import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { eventually } from '../support/vscode/eventually.ts';
import { alive, change, Podium } from '../support/vscode/insideWindow.ts';

const megabyte = 1024 * 1024;

describe('a program that behaves badly', () => {
  let podium: Podium;

  before(async () => {
    podium = await Podium.open();
  });
  afterEach(() => podium.clear());

  it('may print 100 MB: the log stays within its limit, the host within its memory, and the end is kept', async function () {
    this.timeout(60_000);
    const before = process.memoryUsage();
    const id = await podium.add({
      title: 'Print 100 MB',
      script: `const line = 'x'.repeat(1023) + '\\n';
        const block = line.repeat(1024);
        let left = 100;
        const print = () => { if (left-- > 0) process.stdout.write(block, print); else console.log('the very end'); };
        print();`,
    });
    const { launch } = await podium.running(id);
    let most = 0;
    const task = await eventually(
      async () => {
        const { external, heapUsed } = process.memoryUsage();
        most = Math.max(most, external + heapUsed - before.external - before.heapUsed);
        const now = await podium.task(id);
        return now.status === 'running' ? undefined : now;
      },
      { timeout: 50_000, interval: 20 },
    );
    assert.equal(task.status, 'completed');
    assert.match(task.result ?? '', /the very end$/);
    const { size } = await stat(path.join(launch?.runDirectory ?? '', 'output.log'));
    assert.ok(size <= 10.2 * megabyte, `the log has ${size} bytes`);
    assert.ok(most < 40 * megabyte, `the host took ${most} bytes more`);

    await vscode.commands.executeCommand('podium.showLog', `task:${id}`);
    await eventually(() => vscode.window.activeTextEditor?.document.getText().includes('the very end'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('cannot refuse to be cancelled by ignoring SIGTERM', async () => {
    const id = await podium.add({
      title: 'Ignore SIGTERM',
      script: `process.on('SIGTERM', () => {}); process.on('SIGINT', () => {});
        require('node:fs').writeFileSync('stubborn', String(process.pid)); setInterval(() => {}, 1000);`,
    });
    const pids = (await podium.words('stubborn')).map(Number);
    assert.deepEqual(await alive(pids), pids);
    await vscode.commands.executeCommand('podium.cancel', `task:${id}`);
    assert.equal((await podium.finished(id)).status, 'cancelled');
    assert.deepEqual(await alive(pids), []);
  });

  const family = `const { spawn } = require('node:child_process');
    const { appendFileSync } = require('node:fs');
    const file = process.argv[1];
    const idle = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    const near = spawn(process.execPath, ['-e', idle], { stdio: 'ignore' });
    const far = spawn(process.execPath, ['-e', idle], { stdio: 'ignore', detached: true });
    near.unref(); far.unref();
    appendFileSync(file, near.pid + ' ' + far.pid + ' ');`;

  it('leaves no grandchild behind when it ends, not even one that left its group', async () => {
    const task = await podium.run({ title: 'Leave a grandchild', script: family, argv: ['left'] });
    assert.equal(task.status, 'completed');
    const pids = (await podium.words('left')).map(Number);
    assert.equal(pids.length, 2);
    assert.deepEqual(await alive(pids), []);
  });

  it('takes its grandchildren along when it is cancelled', async () => {
    const id = await podium.add({
      title: 'Wait for grandchildren',
      script: `${family} setInterval(() => {}, 1000);`,
      argv: ['taken'],
    });
    const pids = (await podium.words('taken')).map(Number);
    assert.deepEqual(await alive(pids), pids);
    await vscode.commands.executeCommand('podium.cancel', `task:${id}`);
    assert.equal((await podium.finished(id)).status, 'cancelled');
    assert.deepEqual(await alive(pids), []);
  });

  it('is ended at its time limit when it hangs, and the reason is told', async () => {
    await using _agent = await change('agents', {
      hanging: { command: ['${node}', '-e', 'setInterval(() => {}, 1000)'], timeoutSeconds: 1 },
    });
    await eventually(() => podium.control.agents().some(({ id }) => id === 'hanging'));
    const task = await podium.run({ title: 'Hang', agent: 'hanging' });
    assert.equal(task.status, 'failed');
    assert.equal(task.error?.code, 'timeout');
    assert.match(task.error.message, /1 s/);
  });

  it('fails in a sentence when it does not exist', async () => {
    const task = await podium.run({ title: 'Missing', argv: ['no-such-program-anywhere', '--help'] });
    assert.equal(task.status, 'failed');
    assert.equal(task.error?.code, 'missing-program');
    assert.match(task.error.message, /no-such-program-anywhere/);
  });

  it('fails in a sentence when it is not executable', async function () {
    if (process.platform === 'win32') this.skip();
    await podium.write('text-file', 'just text\n');
    await chmod(path.join(podium.folder, 'text-file'), 0o644);
    const task = await podium.run({ title: 'Not executable', argv: ['./text-file'] });
    assert.equal(task.status, 'failed');
    assert.equal(task.error?.code, 'not-executable');
    assert.match(task.error.message, /text-file/);
  });
});
