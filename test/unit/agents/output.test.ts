import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OutputLog, tailLimit } from '../../../src/agents/outputLog.ts';
import type { OutputSummary } from '../../../src/agents/outputLog.ts';
import { AgentBench, identityIn } from '../../support/agentBench.ts';
import { until } from '../../support/until.ts';

describe('the output of a program', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(path.join(tmpdir(), 'podium-output-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  /** Feeds chunks to a log and returns its file and its summary. */
  function keep(limit: number, chunks: readonly (Buffer | string)[]): OutputSummary & { file: string } {
    const file = path.join(directory, 'output.log');
    const descriptor = openSync(file, 'w');
    const log = new OutputLog(descriptor, limit);
    for (const chunk of chunks) log.write('stdout', Buffer.from(chunk));
    const summary = log.finish();
    closeSync(descriptor);
    return { ...summary, file: readFileSync(file, 'utf8') };
  }

  it('is kept whole while it is short', () => {
    const kept = keep(100, ['one ', 'two']);
    assert.deepEqual(kept, { bytes: 7, dropped: 0, tail: 'one two', problem: null, file: 'one two' });
  });

  it('is put together again wherever a character was cut', () => {
    const text = 'aé漢🎻z';
    const bytes = Buffer.from(text);
    for (let cut = 0; cut <= bytes.length; cut += 1) {
      assert.equal(keep(100, [bytes.subarray(0, cut), bytes.subarray(cut)]).file, text);
    }
    assert.equal(
      keep(
        100,
        [...bytes].map((byte) => Buffer.of(byte)),
      ).tail,
      text,
    );
  });

  it('keeps characters whole when the two streams alternate', () => {
    const file = path.join(directory, 'both.log');
    const descriptor = openSync(file, 'w');
    const log = new OutputLog(descriptor, 100);
    const [first, second] = [Buffer.from('漢'), Buffer.from('🎻')];
    log.write('stdout', first.subarray(0, 1));
    log.write('stderr', second.subarray(0, 2));
    log.write('stdout', first.subarray(1));
    log.write('stderr', second.subarray(2));
    assert.equal(log.finish().tail, '漢🎻');
    closeSync(descriptor);
  });

  it('takes bytes that are no text as they are', () => {
    const kept = keep(100, [Buffer.from([0xff, 0xfe, 0x80, 0x41, 0xc3])]);
    assert.equal(kept.bytes, 5);
    assert.equal(kept.tail, '\ufffd\ufffd\ufffdA\ufffd');
  });

  it('keeps beginning and end when it is long, never half a character, and says how much is missing', () => {
    const all = Buffer.from('é漢🎻'.repeat(40_000));
    for (const limit of [9, 10, 11, 12, 13, 14, 15, 16, 17]) {
      const { file, tail, bytes, dropped } = keep(limit, [all]);
      assert.equal(bytes, all.length);
      const [head = '', rest = ''] = file.split(`\n[Podium: ${dropped} bytes were left out here.]\n`);
      assert.equal(rest, tail);
      assert.ok(!file.includes('\ufffd'));
      assert.equal(Buffer.byteLength(head) + dropped + Buffer.byteLength(tail), bytes);
      assert.ok(Buffer.byteLength(head) <= limit && Buffer.byteLength(head) > limit - 4);
      assert.ok(Buffer.byteLength(tail) <= tailLimit && Buffer.byteLength(tail) > tailLimit - 4);
    }
  });

  it('leaves nothing out when beginning and end meet', () => {
    const { file, dropped } = keep(10, ['x'.repeat(1_000)]);
    assert.deepEqual([file, dropped], ['x'.repeat(1_000), 0]);
  });

  it('goes on being counted when the file takes no more', () => {
    const descriptor = openSync(path.join(directory, 'read-only'), 'w');
    const reading = openSync(path.join(directory, 'read-only'), 'r');
    const log = new OutputLog(reading, 100);
    log.write('stdout', Buffer.from('lost'));
    const { bytes, tail, problem } = log.finish();
    assert.deepEqual([bytes, tail], [4, 'lost']);
    assert.match(problem ?? '', /EBADF/);
    closeSync(descriptor);
    closeSync(reading);
  });

  it('of 100 MB takes bounded space on disk and in memory', async function () {
    this.timeout(30_000);
    using bench = new AgentBench();
    const script = bench.script(
      'loud.mjs',
      `import { existsSync, writeSync } from 'node:fs';
      const line = Buffer.from('x'.repeat(99_999) + '\\n');
      for (let count = 0; count < 1000; count += 1)
        for (let sent = 0; sent < line.length; ) try { sent += writeSync(1, line, sent) } catch {}
      while (!existsSync('measured')) await new Promise((resolve) => setTimeout(resolve, 10));
      console.log('the end')`,
    );
    const running = bench
      .agent({ outputLimit: 1_000_000 })
      .run(bench.run(script), new AbortController().signal);
    if (process.platform === 'linux') {
      await until(() => (bench.readRun('output.log')?.length ?? 0) >= 900_000);
      const { pid } = identityIn(bench.readRun('started.json'), 'supervisor')!;
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      const peak = Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]);
      assert.ok(peak < 150_000, `the supervisor took ${peak} kB`);
    }
    bench.write('measured', '');
    const outcome = await running;
    assert.equal(outcome.kind, 'completed');
    assert.ok(outcome.result.endsWith('the end') && outcome.result.length <= 4_000);
    const log = bench.readRun('output.log') ?? '';
    assert.ok(log.length < 1_100_000);
    assert.match(log, /\[Podium: 98\d{6} bytes were left out here\.\]/);
    assert.ok(log.endsWith('the end\n'));
  });
});
