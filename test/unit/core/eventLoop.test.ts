import assert from 'node:assert/strict';
import fc from 'fast-check';
import { DueHeap } from '../../../src/core/loop/dueHeap.ts';
import { ActivityTracker } from '../../../src/core/loop/activityTracker.ts';
import { EventLoop, lagThreshold } from '../../../src/core/loop/eventLoop.ts';
import { pollingTiers, tierFor } from '../../../src/core/loop/pollingTiers.ts';
import type { Tier } from '../../../src/core/loop/pollingTiers.ts';
import { noTasks } from '../../../src/core/metrics/snapshot.ts';
import type { WorkspaceId } from '../../../src/core/model.ts';
import type { Agenda } from '../../../src/core/ports.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { RecordingLog } from '../../support/recordingLog.ts';

const one = 'one' as WorkspaceId;
const two = 'two' as WorkspaceId;

function agenda(workspaceId: WorkspaceId, over: Partial<Agenda> = {}): Agenda {
  return { workspaceId, ready: 1, running: 0, unfinished: 1, counts: noTasks, nextAt: null, ...over };
}

function bench(answer: (ids: readonly WorkspaceId[], clock: FakeClock) => Promise<readonly Agenda[]>): {
  clock: FakeClock;
  log: RecordingLog;
  loop: EventLoop;
  scans: { at: number; ids: readonly WorkspaceId[] }[];
} {
  const clock = new FakeClock();
  const log = new RecordingLog();
  const scans: { at: number; ids: readonly WorkspaceId[] }[] = [];
  const scan = (ids: readonly WorkspaceId[]): Promise<readonly Agenda[]> => {
    scans.push({ at: clock.monotonic(), ids });
    return answer(ids, clock);
  };
  return { clock, log, loop: new EventLoop({ clock, log, scan }), scans };
}

describe('the due heap', () => {
  it('gives back what is due, earliest first, whatever was added, moved and deleted', () => {
    const step = fc.record({ key: fc.nat(12), due: fc.nat(50), drop: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), fc.nat(50), (steps, now) => {
        const heap = new DueHeap<number>();
        const model = new Map<number, number>();
        for (const { key, due, drop } of steps) {
          if (drop) {
            heap.delete(key);
            model.delete(key);
          } else {
            heap.set(key, due);
            model.set(key, due);
          }
        }
        assert.equal(heap.nextDue, model.size === 0 ? undefined : Math.min(...model.values()));
        const taken = heap.takeDue(now);
        const dues = taken.map((key) => model.get(key) ?? -1);
        assert.deepEqual(
          dues,
          [...dues].sort((a, b) => a - b),
        );
        assert.deepEqual(
          [...taken].sort(),
          [...model]
            .filter(([, due]) => due <= now)
            .map(([key]) => key)
            .sort(),
        );
        assert.equal(heap.size, model.size - taken.length);
      }),
    );
  });
});

describe('the tiers', () => {
  it('put every workspace in exactly one, whatever its activity and history', () => {
    const tiers: (Tier | undefined)[] = [undefined, ...pollingTiers.map((rule) => rule.tier)];
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.constantFrom(...tiers),
        (activity, current) => {
          assert.ok(pollingTiers.includes(tierFor(activity, current)));
        },
      ),
    );
  });

  it('do not flap at a boundary', () => {
    for (const rule of pollingTiers.slice(0, -1)) {
      let tier = tierFor(rule.enterAt, undefined).tier;
      let changes = 0;
      for (let turn = 0; turn < 20; turn += 1) {
        const next = tierFor(rule.enterAt + (turn % 2 === 0 ? -0.01 : 0.01), tier).tier;
        if (next !== tier) changes += 1;
        tier = next;
      }
      assert.equal(changes, 0, rule.tier);
    }
  });

  it('follow an activity that halves every minute', () => {
    const tracker = new ActivityTracker();
    for (let event = 0; event < 8; event += 1) tracker.record(one, 0);
    assert.equal(tracker.level(one, 60_000), 4);
    assert.equal(tracker.level(one, 0), 8);
    assert.equal(tracker.level(two, 0), 0);
  });
});

describe('the event loop', () => {
  it('scans an event at once, without waiting for a tier', async () => {
    const { clock, loop, scans } = bench((ids) => Promise.resolve(ids.map((id) => agenda(id))));
    loop.start([]);
    await clock.advance(1_000);
    loop.wake(one);
    await clock.advance(0);
    assert.deepEqual(scans, [{ at: 1_000, ids: [one] }]);
  });

  it('scans a workspace of each tier at its interval: 5, 15, 60 and 300 seconds', async () => {
    for (const rule of pollingTiers) {
      const clock = new FakeClock();
      const at: number[] = [];
      const scan = (ids: readonly WorkspaceId[]): Promise<readonly Agenda[]> => {
        at.push(clock.monotonic());
        return Promise.resolve(ids.map((id) => agenda(id)));
      };
      const loop = new EventLoop({ clock, log: new RecordingLog(), scan }, [
        { ...rule, enterAt: 0, leaveBelow: 0 },
      ]);
      loop.start([one]);
      await clock.advance(rule.interval * 3);
      const intervals = at.slice(1).map((instant, index) => instant - (at[index] ?? 0));
      assert.deepEqual(intervals, [rule.interval, rule.interval, rule.interval]);
    }
  });

  it('moves a workspace up with its activity, and down again as that fades', async () => {
    const { clock, loop } = bench((ids) => Promise.resolve(ids.map((id) => agenda(id))));
    loop.start([one]);
    await clock.advance(1);
    assert.equal(loop.tierOf(one), 'dormant');
    const seen: Tier[] = [];
    for (let event = 0; event < 6; event += 1) {
      loop.wake(one);
      await clock.advance(1);
    }
    for (let minute = 0; minute < 20; minute += 1) {
      if (seen.at(-1) !== loop.tierOf(one)) seen.push(loop.tierOf(one));
      await clock.advance(60_000);
    }
    assert.deepEqual(seen, ['active', 'normal', 'low', 'dormant']);
  });

  it('has no timer while nothing is unfinished', async () => {
    const { clock, loop, scans } = bench((ids) =>
      Promise.resolve(ids.map((id) => agenda(id, { unfinished: 0, ready: 0 }))),
    );
    loop.start([one, two]);
    await clock.advance(1);
    assert.equal(clock.waiting, 0);
    await clock.advance(3_600_000);
    assert.equal(scans.length, 1);
  });

  it('has no timer after it was stopped', async () => {
    const { clock, loop, scans } = bench((ids) => Promise.resolve(ids.map((id) => agenda(id))));
    loop.start([one]);
    await clock.advance(1);
    loop.stop();
    assert.equal(clock.waiting, 0);
    loop.wake(one);
    await clock.advance(3_600_000);
    assert.equal(scans.length, 1);
  });

  it('wakes for a retry that falls due before the tier does', async () => {
    const { clock, loop, scans } = bench((ids, time) =>
      Promise.resolve(
        ids.map((id) =>
          agenda(id, {
            ready: 0,
            nextAt: time.monotonic() < 2_000 ? time.wallClock() - time.monotonic() + 2_000 : null,
          }),
        ),
      ),
    );
    loop.start([one]);
    await clock.advance(2_500);
    assert.ok(scans.some((scan) => scan.at === 2_000));
  });

  it('goes on after a scan that throws', async () => {
    let fails = 1;
    const { clock, loop, scans, log } = bench((ids) =>
      (fails -= 1) >= 0
        ? Promise.reject(new Error('injected'))
        : Promise.resolve(ids.map((id) => agenda(id))),
    );
    loop.start([one]);
    await clock.advance(300_000);
    assert.ok(scans.length >= 2);
    assert.ok(log.lines.some((line) => line.level === 'error' && line.message.includes('injected')));
  });

  it('does not let a batch that hangs delay the others', async () => {
    const { clock, loop, scans } = bench((ids) =>
      ids.includes(one) ? new Promise(() => undefined) : Promise.resolve(ids.map((id) => agenda(id))),
    );
    loop.start([one]);
    await clock.advance(1);
    for (let turn = 1; turn <= 3; turn += 1) {
      loop.wake(two);
      await clock.advance(1);
    }
    assert.equal(scans.filter((scan) => scan.ids.includes(two)).length, 3);
  });

  it('scans once more when something happens during a scan', async () => {
    const gates = [Promise.withResolvers<undefined>()];
    const { clock, loop, scans } = bench(async (ids) => {
      await gates[0]?.promise;
      return ids.map((id) => agenda(id));
    });
    loop.start([one]);
    await clock.advance(0);
    loop.wake(one);
    loop.wake(one);
    gates[0]?.resolve(undefined);
    await clock.advance(1);
    assert.equal(scans.length, 2);
  });

  it('records when something held the thread, and goes on after the machine slept', async () => {
    const { clock, loop, log } = bench((ids) => Promise.resolve(ids.map((id) => agenda(id))));
    loop.start([one]);
    await clock.advance(1);
    loop.wake(one);
    clock.jump(lagThreshold);
    await clock.advance(1);
    assert.equal(loop.state.longestLag, lagThreshold);
    loop.wake(one);
    clock.jump(7_200_000);
    await clock.advance(1);
    assert.equal(loop.state.sleeps, 1);
    assert.equal(loop.state.longestLag, lagThreshold);
    assert.equal(log.lines.filter((line) => line.level === 'warn').length, 2);
  });

  it('never spins: with work ready that cannot start it waits for the tier', async () => {
    const { clock, loop, scans } = bench((ids, time) =>
      Promise.resolve(ids.map((id) => agenda(id, { nextAt: time.wallClock() - 1 }))),
    );
    loop.start([one]);
    await clock.advance(100);
    assert.ok(scans.length <= 101);
  });

  it('warns of a backlog once, and again only after it has halved', async () => {
    let ready = 250;
    const { clock, loop, log } = bench((ids) => Promise.resolve(ids.map((id) => agenda(id, { ready }))));
    const warnings = (): number =>
      log.lines.filter((line) => line.message.includes('wait for a worker')).length;
    loop.start([one]);
    for (const [count, expected] of [
      [250, 1],
      [300, 1],
      [90, 1],
      [220, 2],
    ] as const) {
      ready = count;
      loop.wake(one);
      await clock.advance(1);
      assert.equal(warnings(), expected);
    }
  });

  it('looks once more where nothing is left to do but a pause ends by itself, and then has no timer', async () => {
    const endsAt = 7_200_000;
    const { clock, loop, scans } = bench((ids, time) => {
      const end = time.wallClock() - time.monotonic() + endsAt;
      const nextAt = end > time.wallClock() ? end : null;
      return Promise.resolve(ids.map((id) => agenda(id, { ready: 0, unfinished: 0, nextAt })));
    });
    loop.start([one]);
    await clock.advance(1);
    loop.wake(one);
    await clock.advance(1);
    const before = scans.length;
    await clock.advance(endsAt);
    assert.deepEqual(
      scans.slice(before).map(({ at }) => at),
      [endsAt],
    );
    assert.equal(clock.waiting, 0);
  });

  it('costs a dormant workspace at most fourteen scans an hour, and wakes it at once', async () => {
    const { clock, loop, scans } = bench((ids) => Promise.resolve(ids.map((id) => agenda(id))));
    loop.start([one]);
    await clock.advance(1);
    scans.length = 0;
    await clock.advance(3_600_000);
    assert.ok(scans.length <= 14 && scans.length >= 11, String(scans.length));
    const asleep = scans.length;
    loop.wake(one);
    await clock.advance(0);
    assert.equal(scans.length, asleep + 1);
  });
});
