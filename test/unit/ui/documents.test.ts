import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { documentName, logText, resultText } from '../../../src/ui/documents/documentText.ts';
import type { DocumentFacts } from '../../../src/ui/documents/documentText.ts';
import { readTail } from '../../../src/ui/documents/tail.ts';
import { failed, finished, now, running } from './pictures.ts';

describe('the tail of a file', () => {
  let folder: string;
  let file: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'podium-tail-'));
    file = path.join(folder, 'output.log');
  });

  after(() => rm(folder, { recursive: true }));

  it('is the whole of a short one', async () => {
    await writeFile(file, 'one\ntwo\n');
    assert.deepEqual(await readTail(file, 100), { text: 'one\ntwo\n', size: 8, skipped: 0 });
  });

  it('starts with a whole line', async () => {
    await writeFile(file, 'one\ntwo\nthree\n');
    assert.deepEqual(await readTail(file, 8), { text: 'three\n', size: 14, skipped: 8 });
  });

  it('starts with a whole character when there is no line end', async () => {
    await writeFile(file, '🎻🎻🎻');
    assert.deepEqual(await readTail(file, 6), { text: '🎻', size: 12, skipped: 8 });
  });

  it('is nothing when there is no file', async () => {
    assert.equal(await readTail(path.join(folder, 'none'), 10), undefined);
    assert.equal(await readTail(path.join(file, 'below'), 10), undefined);
  });
});

function facts(over: Partial<DocumentFacts>): DocumentFacts {
  return {
    task: running('a').task,
    agent: undefined,
    file: '/run/output.log',
    tail: undefined,
    now,
    ...over,
  };
}

describe('a document of a task', () => {
  it('heads the log with task, agent and claim', () => {
    const task = running('Count words', { claim: 3, attempt: 1 }).task;
    const text = logText(facts({ task, tail: { text: 'hello\n', size: 6, skipped: 0 } }));
    assert.match(
      text,
      /^Task {5}Count words\nAgent {4}command\nRun {6}claim 3, running since 11:59, 1 failed before\n/,
    );
    assert.match(text, /\nhello\n$/);
  });

  it('leaves colours and cursor movements of terminals out', () => {
    assert.match(
      logText(facts({ tail: { text: '\u001b[31mred\u001b[0m\r\n', size: 14, skipped: 0 } })),
      /\nred\n$/,
    );
  });

  it('says what it leaves out', () => {
    const text = logText(facts({ tail: { text: 'x', size: 5_000_000, skipped: 4_000_000 } }));
    assert.match(text, /Left out the first 3\.8 MB/);
  });

  it('says that there is nothing yet', () => {
    assert.match(logText(facts({})), /Nothing printed yet\.$/);
    assert.match(logText(facts({ task: finished('a').task })), /This run printed nothing\.$/);
  });

  it('shows why a task failed above what it left', () => {
    const text = resultText(facts({ task: failed('a', { result: 'half of it' }).task }));
    assert.match(text, /Error \(exit\): exit code 1\n\nhalf of it$/);
  });

  it('shows the result that was kept rather than everything that was printed', () => {
    const tail = { text: 'chatter\n42\n', size: 11, skipped: 0 };
    assert.match(resultText(facts({ task: finished('a', { result: '42' }).task, tail })), /─\n42$/);
    const silent = { ...finished('a').task, result: null };
    assert.match(resultText(facts({ task: silent, tail })), /─\nchatter\n42\n$/);
  });

  it('is named after its task, whatever the title holds', () => {
    assert.equal(documentName('a/b:c?d#e%2f', '.log'), 'a b c d e 2f.log');
    assert.equal(documentName('///', '.log'), 'task.log');
  });
});
