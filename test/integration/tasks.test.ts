import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { TaskId } from '../../src/core/model.ts';
import { eventually } from '../support/vscode/eventually.ts';
import { change, Podium } from '../support/vscode/insideWindow.ts';

/** Prints when it began and, a second later, when it ended. */
const clocked =
  'const began = Date.now(); setTimeout(() => console.log(JSON.stringify([began, Date.now()])), 1000);';

function overlaps(spans: readonly (readonly [number, number])[]): number {
  return Math.max(
    ...spans.map(([begin]) => spans.filter(([other, end]) => other <= begin && begin < end).length),
  );
}

describe('tasks', () => {
  let podium: Podium;

  before(async () => {
    podium = await Podium.open();
  });
  afterEach(() => podium.clear());

  async function spansOf(ids: readonly TaskId[]): Promise<[number, number][]> {
    const tasks = await Promise.all(ids.map((id) => podium.finished(id)));
    return tasks.map((task) => JSON.parse(task.result ?? '') as [number, number]);
  }

  it('run ten at a time: at one moment all ten programs are alive', async () => {
    await podium.control.pause('all', 'until all are there');
    const titles = Array.from({ length: 10 }, (_, number) => `Overlap ${number}`);
    const script = `const fs = require('node:fs');
      const began = Date.now();
      fs.appendFileSync('together', '.');
      const wait = setInterval(() => {
        if (fs.readFileSync('together', 'utf8').length < 10) return;
        clearInterval(wait);
        setTimeout(() => console.log(JSON.stringify([began, Date.now()])), 100);
      }, 20);`;
    const ids = await Promise.all(titles.map((title) => podium.add({ title, script })));
    await podium.control.resume('all');
    assert.equal(overlaps(await spansOf(ids)), 10);
  });

  it('that write take turns in their folder, while those that read run beside them', async () => {
    const writers = await Promise.all(
      ['Writer 1', 'Writer 2', 'Writer 3'].map((title) =>
        podium.add({ title, agent: 'command', script: clocked }),
      ),
    );
    const reader = await podium.add({ title: 'Reader', script: clocked });
    const waiting = await eventually(async () => {
      const [folder] = (await podium.control.snapshot()).workspaces;
      return folder?.tasks.find(({ state }) => state.kind === 'waiting');
    });
    assert.match(JSON.stringify(waiting.state), /folder/);
    const spans = await spansOf(writers);
    assert.equal(overlaps(spans), 1);
    const [[began, ended] = [0, 0]] = await spansOf([reader]);
    assert.ok(
      spans.some(([from, to]) => from < ended && began < to),
      'the reader waited for nobody',
    );
  });

  it('have a title: an empty one and one of 100 KB are refused, and nothing is added', async () => {
    const refused = async (title: string): Promise<void> => {
      await assert.rejects(podium.add({ title, argv: ['true'] }), { code: 'invalid-title' });
    };
    await refused('');
    await refused(' \n\t ');
    await refused('t'.repeat(100 * 1024));
    assert.deepEqual(await podium.control.unfinished(podium.workspaceId), []);
  });

  it('are words to the program, never options: a title of --help stays the last argument', async () => {
    const print = 'console.log(JSON.stringify(process.argv.slice(1)))';
    await using _agents = await change('agents', {
      told: { command: ['${node}', '-e', print], prompt: 'argument', writes: false },
      asked: {
        command: ['${node}', '-e', "process.stdin.on('data', (text) => console.log(String(text)))"],
        writes: false,
      },
    });
    await eventually(() => podium.control.agents().some(({ id }) => id === 'told'));
    const told = await podium.run({ title: '--help', agent: 'told' });
    assert.deepEqual([told.status, told.result], ['completed', '["--help"]'], told.error?.message);
    const asked = await podium.run({ title: '--help', description: '$(rm -rf .)', agent: 'asked' });
    assert.equal(asked.result, '--help\n\n$(rm -rf .)');
  });

  it('cannot be given to an agent that does not exist; the answer names those that do', async () => {
    await assert.rejects(
      podium.add({ title: 'Nobody', agent: 'chekc' }),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, 'unknown-agent');
        assert.match(error.message, /"chekc".*command, check, simulated/);
        return true;
      },
    );
  });

  it('cannot depend on what does not exist, nor on themselves in a circle', async () => {
    await podium.control.pause('all', 'for the test');
    const needs = ['no-such-task' as TaskId];
    await assert.rejects(podium.add({ title: 'Lost', argv: ['true'], needs }), {
      code: 'unknown-dependency',
    });
    const first = await podium.add({ title: 'First', script: '1' });
    const second = await podium.add({ title: 'Second', script: '1', needs: [first] });
    const third = await podium.add({ title: 'Third', script: '1', needs: [second] });
    await assert.rejects(podium.control.editTask(first, { needs: [third] }), { code: 'dependency-cycle' });
    await assert.rejects(podium.control.editTask(first, { needs: [first] }), { code: 'dependency-cycle' });
    assert.deepEqual((await podium.task(first)).needs, []);
  });

  it('ask for sub-tasks through $PODIUM_OUTBOX and read the answers in $PODIUM_INBOX', async () => {
    const script = `const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
      const { PODIUM_OUTBOX, PODIUM_INBOX } = process.env;
      const ask = (request) => appendFileSync(PODIUM_OUTBOX, JSON.stringify(request) + '\\n');
      ask({ title: 'Child', argv: ['\${node}', '-p', '1 + 1'] });
      ask({ title: 'Nobody', agent: 'chekc' });
      ask({ title: '' });
      appendFileSync(PODIUM_OUTBOX, 'this is not JSON\\n');
      ask({ title: 'Twice', key: 'same', argv: ['\${node}', '-p', '2'] });
      ask({ title: 'Twice', key: 'same', argv: ['\${node}', '-p', '2'] });
      const wait = setInterval(() => {
        const lines = readFileSync(PODIUM_INBOX, 'utf8').split('\\n').filter(Boolean);
        if (lines.length < 6) return;
        clearInterval(wait);
        console.log('[' + lines.join(',') + ']');
      }, 50);`;
    const parent = await podium.run({ title: 'Parent', priority: 'high', script });
    assert.equal(parent.status, 'completed', parent.error?.message);
    const replies = JSON.parse(parent.result ?? '') as {
      line: number;
      ok: boolean;
      id?: TaskId;
      code?: string;
    }[];
    assert.deepEqual(
      replies.map(({ line, ok, code }) => [line, ok, code]),
      [
        [1, true, undefined],
        [2, false, 'unknown-agent'],
        [3, false, 'invalid-title'],
        [4, false, 'invalid-request'],
        [5, true, undefined],
        [6, true, undefined],
      ],
    );
    assert.equal(replies[4]?.id, replies[5]?.id);
    const child = await podium.finished(replies[0]?.id ?? parent.id);
    assert.deepEqual(
      [child.parentId, child.rootId, child.createdBy, child.contextData.delegation_depth, child.priority],
      [parent.id, parent.id, 'agent', 1, 'high'],
    );
    assert.equal(child.result, '2');
  });

  it('show their result as a document', async () => {
    const task = await podium.run({ title: 'Answer', script: 'console.log(6 * 7)' });
    await vscode.commands.executeCommand('podium.showResult', `task:${task.id}`);
    await eventually(() => vscode.window.activeTextEditor?.document.getText().includes('42'));
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('start one by one when their worker is alone, the best first', async () => {
    await using _one = await change('workers', 1);
    await podium.control.pause('all', 'until all are there');
    const script = "require('node:fs').appendFileSync('order', process.argv[1] + ' ')";
    for (const priority of ['low', 'medium', 'high'] as const)
      await podium.add({ title: priority, priority, script, argv: [priority] });
    await podium.control.resume('all');
    await eventually(async () => {
      const order = await readFile(path.join(podium.folder, 'order'), 'utf8');
      if (order.trim().split(' ').length < 3) return false;
      assert.equal(order, 'high medium low ');
      return true;
    });
  });
});
