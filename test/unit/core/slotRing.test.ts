import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Meter } from '../../../src/core/metrics/meter.ts';
import { metricRanges } from '../../../src/core/metrics/metrics.ts';
import type { MetricRange, MetricsSeries } from '../../../src/core/metrics/metrics.ts';
import { noTasks } from '../../../src/core/metrics/snapshot.ts';
import { longestPast } from '../../../src/core/metrics/savedPast.ts';
import { SlotRing } from '../../../src/core/metrics/slotRing.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { steadyMemory } from '../../support/steadyMemory.ts';

const start = Date.UTC(2030, 0, 1);
const ranges = Object.keys(metricRanges) as MetricRange[];

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** What was counted, by how many slots before the last. */
function byAge({ counted }: MetricsSeries): Map<number, number> {
  const { added } = counted;
  return new Map(added.flatMap((count, index) => (count === 0 ? [] : [[added.length - 1 - index, count]])));
}

describe('a ring of slots', () => {
  it('is as long as its range and ends with the slot of now', () => {
    for (const range of ranges) {
      const { at, step } = new SlotRing(range).series(start + 1_234);
      assert.equal(at.length, metricRanges[range].slots);
      assert.ok(at.every((instant, index) => index === 0 || instant === (at[index - 1] ?? 0) + step));
      assert.ok((at.at(-1) ?? 0) <= start + 1_234 && (at.at(-1) ?? 0) + step > start + 1_234);
    }
  });

  it('leaves a gap where nothing happened, however long', () => {
    const ring = new SlotRing('5 min');
    ring.count(start, 'added', 1);
    ring.count(start + 250_000, 'added', 2);
    assert.deepEqual(
      byAge(ring.series(start + 250_000)),
      new Map(
        [
          [250, 1],
          [0, 2],
        ].map(pair),
      ),
    );
    assert.deepEqual(
      byAge(ring.series(start + 299_999)),
      new Map(
        [
          [299, 1],
          [49, 2],
        ].map(pair),
      ),
    );
    assert.deepEqual(byAge(ring.series(start + 300_000)), new Map([[50, 2]].map(pair)));
    assert.deepEqual(byAge(ring.series(start + 86_400_000)), new Map());
  });

  it('begins anew after a sleep that was longer than the range', () => {
    const ring = new SlotRing('5 min');
    for (let second = 0; second < 300; second += 1) ring.count(start + second * 1_000, 'added', 1);
    const later = start + 10 * 300_000 + 7_000;
    ring.count(later, 'added', 5);
    assert.deepEqual(byAge(ring.series(later)), new Map([[0, 5]].map(pair)));
  });

  it('brings what lies ahead of a clock that was put back to the present, and forgets nothing', () => {
    const ring = new SlotRing('5 min');
    ring.count(start, 'added', 1);
    ring.count(start + 60_000, 'added', 2);
    ring.time(start + 60_000, 'wait', 10);
    ring.read(start + 60_000, 'ready', 4);
    ring.count(start + 61_000, 'added', 3);
    ring.count(start + 1_000, 'added', 4);
    const series = ring.series(start + 1_000);
    assert.deepEqual(
      byAge(series),
      new Map(
        [
          [1, 1],
          [0, 9],
        ].map(pair),
      ),
    );
    assert.equal(series.timed.wait.all.count, 1);
    assert.equal(series.gauges.ready.at(-1), 4);
  });

  it('counts everything of its range once, whatever the clock does', () => {
    const jumps = fc.array(fc.integer({ min: -400_000, max: 400_000 }), { maxLength: 40 });
    fc.assert(
      fc.property(jumps, (steps) => {
        const ring = new SlotRing('1 h');
        let now = start;
        let counted = 0;
        let highest = start;
        for (const step of steps) {
          now += step;
          highest = Math.max(highest, now);
          ring.count(now, 'added', 1);
          counted += 1;
        }
        const total = sum(ring.series(now).counted.added);
        assert.ok(total <= counted);
        if (highest - start < 3_000_000 && now > start) assert.equal(total, counted);
      }),
    );
  });

  it('gives percentiles of each slot and of the whole range', () => {
    const ring = new SlotRing('1 h');
    ring.time(start, 'run', 100);
    ring.time(start + 10_000, 'run', 300);
    ring.time(start + 10_000, 'run', 300);
    const { run } = ring.series(start + 10_000).timed;
    assert.deepEqual(run.p50.slice(-3), [null, 100, 300]);
    assert.deepEqual([run.all.count, run.all.longest], [3, 300]);
  });
});

describe('the saved past', () => {
  const clock = new FakeClock(start);
  const meterAt = (at: FakeClock): Meter => new Meter({ clock: at, memory: steadyMemory });
  const histories = (meter: Meter): readonly MetricsSeries[] => ranges.map((range) => meter.history(range));

  it('comes back as it was', async () => {
    const time = new FakeClock(start);
    const meter = meterAt(time);
    for (let minute = 0; minute < 100; minute += 1) {
      meter.committed();
      meter.synced(minute / 7);
      meter.counted('w' as never, { ...noTasks, ready: minute });
      meter.read(10, { tail: { records: 1, bytes: minute }, snapshotBytes: null, databaseBytes: 1 });
      await time.advance(60_000);
    }
    const again = meterAt(time);
    assert.equal(again.restore(meter.save()), true);
    const rounded = (all: readonly MetricsSeries[]): unknown =>
      JSON.parse(JSON.stringify(all), (_key, value: unknown) =>
        typeof value === 'number' ? Math.round(value * 100) / 100 : value,
      );
    assert.deepEqual(rounded(histories(again)), rounded(histories(meter)));
  });

  it('is added to what was measured before it was read', () => {
    const [before, after] = [meterAt(clock), meterAt(clock)];
    before.committed();
    after.committed();
    assert.equal(after.restore(before.save()), true);
    assert.equal(after.history('5 min').counted.commits.at(-1), 2);
  });

  it('loses what is older than its range, and shows where nothing was measured', async () => {
    const time = new FakeClock(start);
    const meter = meterAt(time);
    meter.committed();
    const text = meter.save();
    await time.advance(400_000);
    const again = meterAt(time);
    assert.equal(again.restore(text), true);
    assert.deepEqual(
      histories(again).map(({ counted }) => sum(counted.commits)),
      [0, 1, 1],
    );
  });

  it('of a clock that was ahead counts as of now', () => {
    const meter = meterAt(new FakeClock(start + 3_600_000));
    meter.committed();
    const again = meterAt(clock);
    assert.equal(again.restore(meter.save()), true);
    assert.equal(again.history('5 min').counted.commits.at(-1), 1);
  });

  it('is read of an older version, too, which measured less', () => {
    const meter = meterAt(clock);
    meter.committed();
    meter.synced(3);
    const past = JSON.parse(meter.save()) as { ranges: Record<string, [number, ...unknown[][]][]> };
    for (const slots of Object.values(past.ranges))
      for (const [, , gauges, timed] of slots) {
        gauges?.splice(-1);
        timed?.splice(-2);
      }
    const again = meterAt(clock);
    assert.equal(again.restore(JSON.stringify(past)), true);
    again.called(4_200);
    const { counted, timed } = again.history('5 min');
    assert.deepEqual([counted.commits.at(-1), timed.sync.all.count, timed.judge.all.longest], [1, 1, 4_200]);
    assert.equal(meterAt(clock).restore(again.save()), true);
  });

  it('is no text but one that was saved', () => {
    const meter = meterAt(clock);
    meter.committed();
    const good = JSON.parse(meter.save()) as { version: unknown; ranges: Record<string, unknown[][]> };
    const damaged = (damage: (past: typeof good) => void): string => {
      const past = structuredClone(good);
      damage(past);
      return JSON.stringify(past);
    };
    const first = (past: typeof good): unknown[] => past.ranges['5 min']?.[0] ?? [];
    const rubbish = [
      '',
      'null',
      '[]',
      '{}',
      meter.save().slice(0, -20),
      damaged((past) => (past.version = 2)),
      damaged((past) => delete past.ranges['1 h']),
      damaged((past) => (first(past)[0] = -1)),
      damaged((past) => (first(past)[1] = [-1])),
      damaged((past) => (first(past)[1] = Array.from({ length: 10 }, () => 1))),
      damaged((past) => (first(past)[2] = 'x')),
      damaged((past) => (first(past)[3] = [[1], [], [], [], []])),
      damaged((past) => (first(past)[3] = Array.from({ length: 8 }, () => []))),
      damaged((past) => (past.ranges['5 min'] = Array.from({ length: 301 }, () => first(past)))),
      ' '.repeat(longestPast + 1),
    ];
    const empty = JSON.stringify(histories(meterAt(clock)));
    for (const text of rubbish) {
      const fresh = meterAt(clock);
      assert.equal(fresh.restore(text), false, text.slice(0, 80));
      assert.equal(JSON.stringify(histories(fresh)), empty);
    }
  });

  it('takes at most half a megabyte, and gives up the oldest of the finest first', async () => {
    const time = new FakeClock(start);
    const meter = meterAt(time);
    // A day in which every column of every slot has something, spread over many buckets.
    for (let slot = 0; slot < 900; slot += 1) {
      for (let one = 0; one < 40; one += 1) {
        const took = 2 ** ((one * 20) / 40 - 4);
        meter.held('pass', took);
        meter.synced(took);
        meter.fired(took);
      }
      await time.advance(slot < 288 ? 300_000 : slot < 600 ? 10_000 : 1_000);
    }
    const text = meter.save();
    assert.ok(text.length <= longestPast, `${text.length} bytes`);
    const again = meterAt(time);
    assert.equal(again.restore(text), true);
    const [fine, , coarse] = histories(again);
    assert.deepEqual(coarse?.counted, meter.history('24 h').counted);
    const kept = fine?.counted.syncs ?? [];
    const wanted = meter.history('5 min').counted.syncs;
    const from = kept.findIndex((count) => count > 0);
    assert.deepEqual(kept.slice(from), wanted.slice(from), 'the newest are whole');
  });
});

function pair([age = 0, count = 0]: number[]): [number, number] {
  return [age, count];
}
