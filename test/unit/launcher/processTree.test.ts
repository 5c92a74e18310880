import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { endProcessTree, processes, processTree } from '../../support/vscode/processTree.ts';

/** Starts a grandchild in a group of its own, then stays; the grandchild ignores polite signals. */
const parent = `
const { spawn } = require('node:child_process');
const code = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); process.stdout.write('up')";
const child = spawn(process.execPath, ['-e', code], { detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
child.stdout.once('data', () => {
  process.stdout.write(String(child.pid));
  if (process.argv[1] === 'leave') process.exit();
});
setInterval(() => {}, 1e6);
`;

describe('ending a tree of processes', function () {
  this.timeout(20_000);
  this.slow(2_000);

  async function start(
    behaviour: 'stay' | 'leave',
  ): Promise<{ root: number; grandchild: number; marker: string }> {
    const id = randomUUID();
    const child = spawn(process.execPath, ['-e', parent, behaviour], {
      env: { ...process.env, PODIUM_TREE_TEST: id },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [text] = (await once(child.stdout, 'data')) as [Buffer];
    if (behaviour === 'leave') await once(child, 'exit');
    return { root: child.pid!, grandchild: Number(text.toString()), marker: `PODIUM_TREE_TEST=${id}` };
  }

  const isAlive = async (pid: number): Promise<boolean> =>
    (await processes()).some((info) => info.pid === pid && !info.zombie);

  it('finds a grandchild that has left the process group', async () => {
    const { root, grandchild } = await start('stay');
    assert.deepEqual(new Set((await processTree(root)).map(({ pid }) => pid)), new Set([root, grandchild]));
    await endProcessTree(root, 0);
  });

  it('ends whoever ignores the polite signal, when the grace is over', async () => {
    const { root, grandchild } = await start('stay');
    await endProcessTree(root, 300);
    assert.equal(await isAlive(root), false);
    assert.equal(await isAlive(grandchild), false);
  });

  it('ends, by its mark, what has lost its parent', async function () {
    if (process.platform !== 'linux') this.skip(); // elsewhere the environment of a process cannot be read
    const { root, grandchild, marker } = await start('leave');
    assert.deepEqual(await processTree(root), []);
    await endProcessTree(root, 100, marker);
    assert.equal(await isAlive(grandchild), false);
  });

  it('never takes the whole system for a tree', async () => {
    assert.deepEqual(await processTree(1), []);
    assert.deepEqual(await processTree(0), []);
  });
});
