import assert from 'node:assert/strict';
import {
  clipped,
  clockText,
  counted,
  durationText,
  growingText,
  listed,
  momentText,
  ordinal,
  spokenDuration,
} from '../../../src/ui/present/words.ts';
import { now } from './pictures.ts';

const minute = 60_000;
const hour = 60 * minute;

describe('the words of the screens', () => {
  it('names a duration with two units at most', () => {
    const texts = [-5, 999, 12_000, 185_000, 2 * hour + 7 * minute, 76 * hour].map(durationText);
    assert.deepEqual(texts, ['0 s', '0 s', '12 s', '3 min 05 s', '2 h 07 min', '3 d 4 h']);
  });

  it('speaks a duration so that it does not change every second', () => {
    assert.equal(spokenDuration(12_000), spokenDuration(13_000));
    assert.equal(spokenDuration(61_000), '1 minute');
    assert.equal(spokenDuration(3 * hour), '3 hours');
  });

  it('counts down to what is near and names the clock for what is not', () => {
    assert.equal(momentText(now + 12_000, now), 'in 15 s');
    assert.equal(momentText(now - 1, now), 'in 0 s');
    assert.equal(momentText(now + 3.5 * hour, now), '15:30');
    assert.equal(clockText(now + 24 * hour, now), '16 Jan 12:00');
  });

  it('lets a running duration grow in steps, exactly at first and roughly later', () => {
    const texts = [3_400, 12_000, 59_000, 100_000, 45 * minute + 20_000].map(growingText);
    assert.deepEqual(texts, ['3 s', '10 s', '55 s', '1 min 30 s', '45 min 00 s']);
  });

  it('clips to characters, in one line, and never in the middle of one', () => {
    assert.equal(clipped('a\n b\tc', 20), 'a b c');
    assert.equal(clipped('abcdef', 4), 'abc…');
    assert.equal(clipped('🎻🎻🎻🎻', 3), '🎻🎻…');
    assert.equal(clipped('x'.repeat(100_000), 10).length, 10);
    assert.equal(clipped(`${' '.repeat(100)}x`, 10), '…');
  });

  it('joins and counts', () => {
    assert.deepEqual([listed([]), listed(['a']), listed(['a', 'b', 'c'])], ['', 'a', 'a, b and c']);
    assert.deepEqual([counted(1, 'task'), counted(0, 'task')], ['1 task', '0 tasks']);
    assert.deepEqual(
      [1, 2, 3, 4, 11, 12, 21, 111].map(ordinal).join(' '),
      '1st 2nd 3rd 4th 11th 12th 21st 111th',
    );
  });
});
