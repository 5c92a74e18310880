import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { endProcesses, membersOf, selectMembers } from '../../../src/agents/processGroup.ts';
import {
  identityOf,
  isAlive,
  ownIdentity,
  parseIdentity,
  processProbe,
} from '../../../src/agents/processIdentity.ts';
import { parseCim, parsePs, parseStat } from '../../../src/agents/processTable.ts';
import type { ProcessInfo } from '../../../src/agents/processTable.ts';

const { bootId } = ownIdentity();

function info(pid: number, over: Partial<ProcessInfo> = {}): ProcessInfo {
  return { pid, parent: 1, group: pid, session: pid, startedAt: String(pid), zombie: false, ...over };
}

describe('the identity of a process', () => {
  it('is alive while the process is, and no longer', async () => {
    assert.equal(await processProbe.isAlive(processProbe.self()), true);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    const identity = identityOf(child.pid!)!;
    assert.equal(isAlive(identity), true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.equal(isAlive(identity), false);
  });

  it('is not that of another process with the same pid, or of another boot', () => {
    const own = ownIdentity();
    assert.equal(isAlive({ ...own, startedAt: '1' }), false);
    assert.equal(isAlive({ ...own, bootId: 'another' }), false);
  });

  it('is read from outside only when a signal to it can hit nobody else', () => {
    const good = { pid: 2, startedAt: 'x', bootId: 'y' };
    assert.deepEqual(parseIdentity({ ...good, more: 1 }), good);
    for (const pid of [1, 0, -1, -7, 1.5, '2', null, undefined, Number.NaN]) {
      assert.equal(parseIdentity({ ...good, pid }), undefined, String(pid));
    }
    for (const bad of [null, 7, 'x', [], { pid: 2 }, { ...good, startedAt: 1 }])
      assert.equal(parseIdentity(bad), undefined);
  });
});

describe('the table of processes', () => {
  it('is read from /proc, whatever a program is called', () => {
    const rest = 'S 7 8 9 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 4711 1 2 3';
    assert.deepEqual(parseStat(5, `5 (a) Z 1 (b) ${rest}`), {
      pid: 5,
      parent: 7,
      group: 8,
      session: 9,
      startedAt: '4711',
      zombie: false,
    });
    assert.equal(parseStat(5, `5 (x) ${rest.replace('S', 'Z')}`).zombie, true);
  });

  it('is read from ps', () => {
    const output =
      '    1     0     1 Ss   Mon Nov 23 08:00:00 2026\n  412   400   400 Z+   Mon Nov 23 09:01:02 2026    \n\n';
    assert.deepEqual(parsePs(output), [
      { pid: 1, parent: 0, group: 1, session: 0, startedAt: 'Mon Nov 23 08:00:00 2026', zombie: false },
      { pid: 412, parent: 400, group: 400, session: 0, startedAt: 'Mon Nov 23 09:01:02 2026', zombie: true },
    ]);
  });

  it('is read from CIM', () => {
    assert.deepEqual(parseCim('12 4 133768512345678901\r\n\r\nnonsense\r\n'), [
      { pid: 12, parent: 4, group: 0, session: 0, startedAt: '133768512345678901', zombie: false },
    ]);
  });
});

describe('the processes of a run', () => {
  const leader = { pid: 100, startedAt: '100', bootId };
  const pids = (
    table: readonly ProcessInfo[],
    marked: readonly number[] = [],
    who: typeof leader | null = leader,
  ): readonly number[] => selectMembers(table, who, new Set(marked)).map(({ pid }) => pid);

  it('are the group, the session, what carries the mark, and all their children', () => {
    const table = [
      info(100),
      info(101, { group: 100 }),
      info(102, { session: 100 }),
      info(103, { parent: 102 }),
      info(104, { parent: 103 }),
      info(105),
      info(106, { parent: 105 }),
      info(200),
    ];
    assert.deepEqual(pids(table, [105]), [100, 101, 102, 103, 104, 105, 106]);
  });

  it('are still the group when its leader is dead', () => {
    assert.deepEqual(pids([info(101, { group: 100 }), info(200)]), [101]);
  });

  it('are not the group of another process that was given the number', () => {
    assert.deepEqual(pids([info(100, { startedAt: '999' }), info(101, { group: 100 })]), []);
  });

  it('are not those of an earlier boot', () => {
    assert.deepEqual(pids([info(100), info(101, { group: 100 })], [], { ...leader, bootId: 'earlier' }), []);
  });

  it('are the children of a dead leader where there are no groups, but no older ones', () => {
    const table = [
      info(101, { parent: 100, group: 0, session: 0 }),
      info(50, { parent: 100, group: 0, session: 0 }),
      info(102, { parent: 101, group: 0, session: 0 }),
    ];
    assert.deepEqual(pids(table), [101, 102]);
  });

  it('are never the process that asks', () => {
    const table = [info(process.pid, { group: 100 }), info(300, { parent: process.pid })];
    assert.deepEqual(pids(table, [process.pid]), []);
  });

  it('are all gone when they have been ended', async () => {
    const child = spawn(
      process.execPath,
      ['-e', 'process.on("SIGTERM", () => 0); setInterval(() => 0, 1000)'],
      {
        stdio: 'ignore',
        detached: true,
      },
    );
    const run = { leader: identityOf(child.pid!)!, mark: null };
    assert.equal((await membersOf(run)).length, 1);
    assert.equal(await endProcesses(run, 100), 1);
    assert.equal((await membersOf(run)).length, 0);
    assert.equal(await endProcesses(run, 100), 0, 'and again there is nothing to do');
  });
});
