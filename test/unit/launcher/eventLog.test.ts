import assert from 'node:assert/strict';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EventLog } from '../../support/vscode/eventLog.ts';

describe('the log of events, read while it grows', () => {
  let folder: string;
  let log: EventLog;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'podium-log-'));
    log = new EventLog(path.join(folder, 'events.jsonl'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const names = async (): Promise<string[]> => (await log.read()).map(({ event }) => event);

  it('is empty while there is no file', async () => {
    assert.deepEqual(await names(), []);
  });

  it('gives a line once it is complete, even if it was written in pieces inside a character', async () => {
    const bytes = Buffer.from('{"at":1,"event":"añadido"}\n');
    const middle = bytes.indexOf(0xc3) + 1;
    await appendFile(log.file, bytes.subarray(0, middle));
    assert.deepEqual(await names(), []);
    await appendFile(log.file, bytes.subarray(middle));
    assert.deepEqual(await names(), ['añadido']);
  });

  it('skips what is not an event and goes on behind it', async () => {
    await appendFile(log.file, '{"at":1,"eve\nnull\n{"at":2,"event":"idle"}\n');
    assert.deepEqual(await names(), ['idle']);
  });

  it('gives every event once, however many read at the same time', async () => {
    await appendFile(log.file, '{"at":1,"event":"added"}\n{"at":2,"event":"idle"}\n');
    await Promise.all([log.read(), log.read(), log.read()]);
    assert.deepEqual(await names(), ['added', 'idle']);
  });

  it('waits for an event that is yet to come, and only for later ones when asked to', async () => {
    await appendFile(log.file, '{"at":1,"event":"idle"}\n');
    const waiting = log.until(({ event }) => event === 'idle', 1);
    await appendFile(log.file, '{"at":2,"event":"idle"}\n');
    assert.equal((await waiting).at, 2);
  });

  it('shows the last events when the one waited for does not come', async () => {
    await appendFile(log.file, '{"at":1,"event":"added"}\n');
    await assert.rejects(
      log.until(({ event }) => event === 'idle', 0, { timeout: 0 }),
      /"event":"added"/,
    );
  });
});
