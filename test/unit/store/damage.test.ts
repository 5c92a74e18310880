import assert from 'node:assert/strict';
import { decodeRecord, checksum } from '../../../src/store/record.ts';
import { outcomeOf, smallLog, withSegment } from '../../support/storeLog.ts';
import type { SmallLog } from '../../support/storeLog.ts';

/** Where each record begins; the first opens the segment. */
function beginnings({ files, name }: SmallLog): number[] {
  const bytes = Buffer.from(files.get(name));
  const found: number[] = [];
  for (let offset = 0; ;) {
    const record = decodeRecord(bytes, offset, 1, checksum);
    if (record === undefined) return found;
    found.push(offset);
    offset = record.end;
  }
}

describe('A damaged journal', function () {
  this.timeout(60_000);
  let log: SmallLog;
  let starts: number[];

  before(async () => {
    log = await smallLog();
    starts = beginnings(log);
  });

  it('is a prefix of the commits when it is cut at any byte', async () => {
    for (let end = 0; end <= log.length; end += 1) {
      const { state, damaged } = await outcomeOf(withSegment(log, (bytes) => bytes.slice(0, end)));
      const whole = [...starts.slice(1), log.length].filter(
        (start, index) => index > 0 && start <= end,
      ).length;
      assert.equal(log.states.indexOf(state), whole, `cut at ${end}`);
      assert.equal(damaged, false, `cut at ${end} is a torn tail`);
    }
  });

  it('is a prefix of the commits when everything from any byte on is zero', async () => {
    for (let end = 0; end <= log.length; end += 3) {
      const { state, damaged } = await outcomeOf(withSegment(log, (bytes) => bytes.fill(0, end)));
      assert.notEqual(log.states.indexOf(state), -1, `zero from ${end}`);
      assert.equal(damaged, false);
    }
  });

  it('is a prefix of the commits when any byte is flipped, and damage is told from a torn tail', async () => {
    const lastStart = starts.at(-1) ?? 0;
    for (let at = 0; at < log.length; at += 1) {
      const flipped = withSegment(log, (bytes) => {
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
        return bytes;
      });
      const { state, damaged } = await outcomeOf(flipped);
      const record = starts.filter((start) => start <= at).length - 1;
      const expected = record === 0 ? log.states.length - 1 : record - 1;
      assert.equal(log.states.indexOf(state), expected, `flip at ${at} in record ${record}`);
      assert.equal(damaged, record > 0 && at < lastStart, `flip at ${at} in record ${record}`);
    }
  });

  it('ignores rubbish after its end', async () => {
    const { state, damaged } = await outcomeOf(
      withSegment(log, (bytes) => {
        bytes.fill(0xa5, log.length + 8, log.length + 300);
        return bytes;
      }),
    );
    assert.equal(state, log.states.at(-1));
    assert.equal(damaged, false);
  });
});
