import assert from 'node:assert/strict';
import { EventHub } from '../../../src/core/events.ts';
import type { Snapshot } from '../../../src/core/metrics/snapshot.ts';
import { SnapshotFeed } from '../../../src/ui/snapshotFeed.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { snapshot } from './pictures.ts';

class Desk {
  readonly clock = new FakeClock();
  readonly hub = new EventHub((thrown) => assert.fail(String(thrown)));
  readonly errors: unknown[] = [];
  readonly held: string[] = [];
  reads = 0;
  readonly wishes: unknown[] = [];
  broken = false;
  readonly feed = new SnapshotFeed({
    control: {
      snapshot: (wish): Promise<Snapshot> => {
        this.reads += 1;
        this.wishes.push(wish);
        return this.broken ? Promise.reject(new Error('disk')) : Promise.resolve(snapshot([]));
      },
      subscribe: (listener) => this.hub.subscribe(listener),
      hold: (name, work) => {
        this.held.push(name);
        return work();
      },
    },
    clock: this.clock,
    onError: (thrown) => this.errors.push(thrown),
  });

  change(): void {
    this.hub.emit({ type: 'changed', workspaceId: null });
  }
}

describe('the snapshot feed', () => {
  it('reads apart for a screen with wishes of its own, and once for all others', async () => {
    const desk = new Desk();
    desk.feed.show(250, () => undefined);
    desk.feed.show(250, () => undefined);
    desk.feed.show(
      250,
      () => undefined,
      true,
      () => ({ unfinished: 400 }),
    );
    await desk.clock.advance(1_000);
    assert.deepEqual(desk.wishes, [undefined, { unfinished: 400 }]);
  });

  it('draws a screen at once, and then only after something happened', async () => {
    const desk = new Desk();
    let drawn = 0;
    desk.feed.show(250, () => (drawn += 1));
    await desk.clock.advance(0);
    assert.equal(drawn, 1);
    await desk.clock.advance(60_000);
    assert.equal(desk.reads, 1);
    desk.change();
    await desk.clock.advance(0);
    assert.equal(drawn, 2);
    assert.deepEqual(desk.held, ['render', 'render'], 'and the figures know how long it took');
  });

  it('turns a storm of events into four snapshots a second', async () => {
    const desk = new Desk();
    desk.feed.show(250, () => undefined);
    for (let passed = 0; passed < 999; passed += 1) {
      desk.change();
      await desk.clock.advance(1);
    }
    assert.equal(desk.reads, 4);
    await desk.clock.advance(1_000);
    assert.equal(desk.reads, 5, 'the last change is not forgotten');
  });

  it('reads nothing and waits for nothing while no screen is visible', async () => {
    const desk = new Desk();
    desk.feed.show(250, () => assert.fail('it is hidden'), false);
    desk.change();
    await desk.clock.advance(10_000);
    assert.deepEqual([desk.reads, desk.clock.waiting], [0, 0]);
  });

  it('draws a screen that comes back when it missed something, and only then', async () => {
    const desk = new Desk();
    let drawn = 0;
    const screen = desk.feed.show(250, () => (drawn += 1));
    await desk.clock.advance(0);
    screen.setVisible(false);
    screen.setVisible(true);
    await desk.clock.advance(1_000);
    assert.equal(drawn, 1);
    screen.setVisible(false);
    desk.change();
    await desk.clock.advance(1_000);
    screen.setVisible(true);
    await desk.clock.advance(0);
    assert.equal(drawn, 2);
  });

  it('gives every screen its own pace', async () => {
    const desk = new Desk();
    const drawn = { tree: 0, bar: 0 };
    desk.feed.show(250, () => (drawn.tree += 1));
    desk.feed.show(1_000, () => (drawn.bar += 1));
    for (let passed = 0; passed < 1_950; passed += 50) {
      desk.change();
      await desk.clock.advance(50);
    }
    assert.deepEqual(drawn, { tree: 8, bar: 2 });
  });

  it('goes on after a snapshot that could not be had', async () => {
    const desk = new Desk();
    desk.broken = true;
    let drawn = 0;
    desk.feed.show(250, () => (drawn += 1));
    await desk.clock.advance(0);
    assert.equal(desk.errors.length, 1);
    desk.broken = false;
    desk.change();
    await desk.clock.advance(250);
    assert.equal(drawn, 1);
  });

  it('leaves nothing behind', async () => {
    const desk = new Desk();
    desk.feed.show(250, () => assert.fail('it is gone'));
    desk.feed[Symbol.dispose]();
    desk.change();
    await desk.clock.advance(1_000);
    assert.deepEqual([desk.reads, desk.clock.waiting], [0, 0]);
  });
});
