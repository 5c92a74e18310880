import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Outbox, requestLimit } from '../../../src/agents/outbox.ts';
import { lineLimit } from '../../../src/agents/outboxLine.ts';
import type { Admission, SubTaskRequest } from '../../../src/core/ports.ts';
import { AgentBench, jsonLines, KeyedGate } from '../../support/agentBench.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { until } from '../../support/until.ts';

const fail = (message: string): never => {
  throw new Error(message);
};

describe('an outbox', () => {
  let directory: string;
  let gate: KeyedGate;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'podium-outbox-'));
    gate = new KeyedGate();
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const file = (): string => path.join(directory, 'outbox.jsonl');
  const append = (...lines: readonly unknown[]): void =>
    appendFileSync(
      file(),
      lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''),
    );
  const replies = (): unknown[] => jsonLines(readFileSync(path.join(directory, 'inbox.jsonl'), 'utf8'));
  const titles = (): readonly string[] => gate.requests.map((request) => request.title);
  const drain = async (create = gate.create): Promise<void> => await new Outbox(directory, create).drain();
  /** The codes of the answers, in order; `ok` for a granted wish. */
  const codes = (): unknown[] =>
    (replies() as { line: number; ok: boolean; code?: string }[]).map((reply) => [
      reply.line,
      reply.code ?? 'ok',
    ]);

  it('passes every field it knows and no other', async () => {
    const request = {
      title: 'a',
      description: 'b',
      agent: 'c',
      argv: ['d'],
      priority: 'high',
      needs: ['e'],
      key: 'f',
    };
    append({ ...request, depth: 0, workspaceId: 'other', parentId: 'x' });
    await drain();
    assert.deepEqual(gate.requests, [request]);
    assert.deepEqual(replies(), [{ line: 1, ok: true, id: 'child-1' }]);
  });

  it('answers what is wrong with a line, and goes on', async () => {
    append(
      'no json\n',
      '[]\n',
      '\n',
      { title: 7 },
      { title: 'a', argv: 'ls' },
      { title: 'a', needs: [1] },
      { title: 'a', key: '' },
    );
    append({ title: 'a', key: 'x'.repeat(300) }, { title: 'a', priority: 3 }, { title: 'good', agent: null });
    await drain();
    const bad = [1, 2, 4, 5, 6, 7, 8, 9].map((line) => [line, 'invalid-request']);
    assert.deepEqual(codes(), [...bad, [10, 'ok']]);
    assert.match(JSON.stringify(replies()), /\\"argv\\" must be a list of strings/);
  });

  it('hands a refusal of the gate to the program', async () => {
    append({ title: 'a' });
    await drain(() => Promise.resolve({ kind: 'refused', code: 'depth-limit', message: 'Too deep.' }));
    assert.deepEqual(replies(), [{ line: 1, ok: false, code: 'depth-limit', message: 'Too deep.' }]);
  });

  it('asks once for each line, however often it is read again', async () => {
    append({ title: 'a' }, { title: 'b' });
    await drain();
    append({ title: 'c' });
    await drain();
    await drain();
    assert.deepEqual(titles(), ['a', 'b', 'c']);
    assert.deepEqual(codes(), [
      [1, 'ok'],
      [2, 'ok'],
      [3, 'ok'],
    ]);
  });

  it('makes no second child when a crash came between the child and its answer', async () => {
    append({ title: 'a' }, { title: 'a' }, { title: 'b', key: 'mine' });
    await drain();
    writeFileSync(path.join(directory, 'inbox.jsonl'), '');
    await drain();
    assert.equal(gate.children, 3, 'two equal lines are two wishes, each of them once');
    assert.equal(gate.requests.length, 6);
  });

  it('names the same children when their parent runs again and words the same wishes', async () => {
    append({ title: 'a', priority: 'low' }, { title: 'a', priority: 'low' }, { title: 'b' });
    await drain();
    rmSync(file());
    rmSync(path.join(directory, 'inbox.jsonl'));
    append({ title: 'b' }, '{"priority" : "low", "title":"a"}\n', { title: 'a', priority: 'low' });
    await drain();
    assert.equal(gate.children, 3);
  });

  it('reads a last line that has no end only when the program has ended', async () => {
    const clock = new FakeClock();
    const outbox = new Outbox(directory, gate.create);
    await outbox.prepare();
    append({ title: 'whole' }, '{"title":"ha');
    const following = outbox.follow(clock, fail);
    await until(() => titles().length === 1);
    append('lf"}');
    await outbox.drain();
    following[Symbol.dispose]();
    assert.deepEqual(titles(), ['whole', 'half']);
  });

  it('is read by the clock where the file system tells nothing', async () => {
    const clock = new FakeClock();
    const outbox = new Outbox(directory, gate.create);
    using _following = outbox.follow(clock, fail); // there is no file yet, so nothing is watched
    append({ title: 'late' });
    await clock.advance(600);
    await until(() => titles().length === 1);
  });

  it('refuses lines over the limit, in bounded memory, and reads on behind them', async () => {
    append(
      { title: 'x'.repeat(lineLimit) },
      { title: 'good' },
      { title: 'y'.repeat(lineLimit * 20) },
      { title: 'fine' },
    );
    await drain();
    assert.deepEqual(codes(), [
      [1, 'too-long'],
      [2, 'ok'],
      [3, 'too-long'],
      [4, 'ok'],
    ]);
  });

  it('stops after as many lines as a run may have, and says so', async () => {
    append(...Array.from({ length: requestLimit + 5 }, (_, index) => ({ title: String(index) })));
    await drain();
    assert.equal(gate.children, requestLimit);
    const answers = replies();
    assert.equal(answers.length, requestLimit + 1);
    assert.match(JSON.stringify(answers.at(-1)), /too-many.*1000 sub-tasks/);
    await drain();
    assert.equal(replies().length, requestLimit + 1);
  });

  it('keeps wishes that the store cannot take now, and loses none', async () => {
    append({ title: 'a' }, { title: 'b' }, { title: 'c' });
    let working = 1;
    const moody = async (request: SubTaskRequest): Promise<Admission> => {
      if (working > 0) {
        working -= 1;
        return await gate.create(request);
      }
      return { kind: 'refused', code: 'store-full', message: 'The disk is full.' };
    };
    const outbox = new Outbox(directory, moody);
    await assert.rejects(outbox.drain(), { code: 'store-full' });
    assert.deepEqual(codes(), [[1, 'ok']]);
    working = 10;
    await outbox.drain();
    assert.deepEqual(titles(), ['a', 'b', 'c']);
    assert.deepEqual(codes(), [
      [1, 'ok'],
      [2, 'ok'],
      [3, 'ok'],
    ]);
  });

  it('cuts no character in two, wherever it is read', async () => {
    const title = '漢🎻é'.repeat(60_000 / 9);
    append(...Array.from({ length: 12 }, () => ({ title })));
    await drain();
    assert.deepEqual(new Set(titles()), new Set([title]));
  });

  it('is answered while its program runs', async () => {
    using bench = new AgentBench();
    const script = bench.script(
      'ask.mjs',
      `import { appendFileSync, readFileSync } from 'node:fs';
      const { PODIUM_OUTBOX: outbox, PODIUM_INBOX: inbox } = process.env;
      appendFileSync(outbox, JSON.stringify({ title: 'child' }) + '\\n');
      for (;;) {
        const answer = readFileSync(inbox, 'utf8');
        if (answer.endsWith('\\n')) { console.log(answer); break; }
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      appendFileSync(outbox, '{"title":"last words"}');`,
    );
    const outcome = await bench.agent().run(bench.run(script), new AbortController().signal);
    assert.deepEqual(outcome, { kind: 'completed', result: '{"line":1,"ok":true,"id":"child-1"}' });
    assert.deepEqual(
      bench.gate.requests.map((request) => request.title),
      ['child', 'last words'],
    );
  });
});
