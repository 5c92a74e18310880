import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { messageOf } from '../../../src/core/errors.ts';
import type { HistoryHit } from '../../../src/core/history/history.ts';
import type { TaskId } from '../../../src/core/model.ts';
import { pastText } from '../../../src/ui/documents/pastText.ts';
import { collectHits, shownHits } from '../../../src/ui/history/collectHits.ts';
import type { Collected } from '../../../src/ui/history/collectHits.ts';
import { writeLines } from '../../../src/ui/history/writeLines.ts';
import { historyItem } from '../../../src/ui/present/historyItem.ts';
import { withoutIcons } from '../../../src/ui/present/plain.ts';
import { pastTask } from '../../support/pastTask.ts';

const now = Date.UTC(2030, 5, 1);
const never = new AbortController().signal;

/** A past without end, which counts how far it was read. */
class EndlessPast {
  read = 0;
  onRead: (count: number) => void = () => undefined;

  async *search(_words: string, signal: AbortSignal): AsyncGenerator<HistoryHit> {
    for (;;) {
      await Promise.resolve();
      signal.throwIfAborted();
      this.read += 1;
      this.onRead(this.read);
      yield { task: pastTask({ id: `t${this.read}` as TaskId }), archived: true, excerpt: '' };
    }
  }
}

describe('A search of history', () => {
  it('reads no further than what is shown, and says that there is more', async () => {
    const past = new EndlessPast();
    const pictures: Collected[] = [];
    await collectHits(past, '', never, (picture) => pictures.push(picture));
    assert.equal(past.read, shownHits + 1);
    assert.deepEqual(
      pictures.map(({ hits, done, more }) => [hits.length, done, more]),
      [20, 40, 60, 80, 100].map((count) => [count, false, false]).concat([[100, true, true]]),
    );
  });

  it('stops when other words are typed, and shows nothing of the old ones any more', async () => {
    const past = new EndlessPast();
    const abort = new AbortController();
    const pictures: Collected[] = [];
    past.onRead = (count) => {
      if (count === 30) abort.abort();
    };
    await collectHits(past, '', abort.signal, (picture) => pictures.push(picture));
    assert.deepEqual([past.read, pictures.length], [30, 1]);
  });

  it('fails aloud when the past cannot be read', async () => {
    const broken = {
      async *search(): AsyncGenerator<HistoryHit> {
        await Promise.resolve();
        throw new Error('EIO');
      },
    };
    await assert.rejects(
      collectHits(broken, '', never, () => undefined),
      /EIO/,
    );
  });

  it('shows each task with how and when it ended, and takes its title for text', () => {
    const task = pastTask({
      title: '$(bug) done',
      finishedAt: Date.UTC(2028, 0, 15, 12),
      workspaceName: 'shop',
    });
    const item = historyItem({ task, archived: true, excerpt: 'some $(bug) words' }, now);
    assert.match(item.label, /^\$\(pass\) /);
    assert.equal(item.label, `$(pass) ${withoutIcons('$(bug) done')}`);
    assert.match(item.description, /^completed · 15 Jan .*, 2028 · shop · archived$/);
    assert.equal(item.detail, withoutIcons('some $(bug) words'));
  });
});

describe('The document of a past task', () => {
  it('says everything that is known, and leaves out what is not', () => {
    const full = pastText({
      task: pastTask({
        title: 'Write it',
        description: 'In two pages.',
        result: 'It is \u001b[31mwritten\u001b[0m.',
        status: 'failed',
        error: { code: 'exit', message: 'Exit code 2.' },
        attempt: 2,
      }),
      agent: { label: 'Writer', simulated: true },
      commandLine: 'write --it',
      logFile: '/runs/a/1/output.log',
      now,
    });
    for (const part of ['Write it', 'In two pages.', 'It is written.', 'Exit code 2. (exit)', 'Writer'])
      assert.ok(full.includes(part), part);
    for (const part of ['write --it', '/runs/a/1/output.log', '2 attempts failed', 'after 1 s', 'simulated'])
      assert.ok(full.includes(part), part);
    const bare = pastText({
      task: pastTask({ startedAt: null }),
      agent: undefined,
      commandLine: undefined,
      logFile: undefined,
      now,
    });
    assert.ok(bare.includes('This task left no result.') && bare.includes('check'));
    for (const part of ['Description', 'Error', 'Output', 'Command', 'Attempts', 'after'])
      assert.equal(bare.includes(part), false, part);
  });
});

describe('An exported file', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'podium-test-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function* lines(
    count: number,
    at: (index: number) => void = () => undefined,
  ): AsyncGenerator<string> {
    for (let index = 0; index < count; index += 1) {
      await Promise.resolve();
      at(index);
      yield `line ${index}\n`;
    }
  }

  it('has every line', async () => {
    const file = path.join(folder, 'a.csv');
    await writeLines(file, lines(10_000), never);
    assert.equal((await readFile(file, 'utf8')).split('\n').length, 10_001);
    assert.deepEqual(await readdir(folder), ['a.csv']);
  });

  it('is what it was before when the export is given up or fails', async () => {
    const file = path.join(folder, 'a.csv');
    await writeFile(file, 'before');
    const abort = new AbortController();
    const given = lines(1_000_000, (index) => {
      if (index === 100) abort.abort();
    });
    await assert.rejects(writeLines(file, given, abort.signal));
    const broken = lines(1_000, (index) => {
      if (index === 100) throw new Error('EIO');
    });
    const failure = await writeLines(file, broken, never).catch(messageOf);
    assert.equal(failure, 'EIO');
    assert.equal(await readFile(file, 'utf8'), 'before');
    assert.deepEqual(await readdir(folder), ['a.csv']);
  });
});
