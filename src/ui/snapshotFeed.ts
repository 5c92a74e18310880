/**
 * Snapshots for the screens. They are pulled, not pushed: after an event, when something visible wants one, and not
 * before the shortest interval of the visible screens has passed. With nothing visible there is no timer and no read.
 */
import type { Control, SnapshotWish } from '../core/control.ts';
import type { Snapshot } from '../core/metrics/snapshot.ts';
import type { Milliseconds } from '../core/model.ts';
import type { Clock } from '../core/ports.ts';

export interface FeedPorts {
  readonly control: Pick<Control, 'snapshot' | 'subscribe' | 'hold'>;
  readonly clock: Clock;
  /** Told why a snapshot could not be had; the feed tries again at the next event. */
  readonly onError: (thrown: unknown) => void;
}

interface Screen {
  readonly interval: Milliseconds;
  readonly draw: (snapshot: Snapshot) => void;
  readonly wish: () => SnapshotWish | undefined;
  visible: boolean;
  /** Whether something happened since it was drawn. */
  stale: boolean;
  drawnAt: Milliseconds;
}

/** A screen's end of the feed. */
export interface Subscription extends Disposable {
  /** A hidden screen is not drawn; one that comes back is drawn when it missed something. */
  setVisible(visible: boolean): void;
  /** Draws this screen again although nothing happened, for instance because time has passed. */
  refresh(): void;
}

export class SnapshotFeed implements Disposable {
  readonly #ports: FeedPorts;
  readonly #screens = new Set<Screen>();
  readonly #events: Disposable;
  #timer: Disposable | undefined;
  #pulling = false;
  #disposed = false;

  constructor(ports: FeedPorts) {
    this.#ports = ports;
    this.#events = ports.control.subscribe(() => this.invalidate());
  }

  /**
   * Draws now and after every change.
   * @param interval shortest time between two drawings
   * @param wish asked each time: for a screen that shows other tasks than the first ones
   */
  show(
    interval: Milliseconds,
    draw: (snapshot: Snapshot) => void,
    visible = true,
    wish: Screen['wish'] = () => undefined,
  ): Subscription {
    const screen: Screen = { interval, draw, wish, visible, stale: true, drawnAt: -Infinity };
    this.#screens.add(screen);
    this.#schedule();
    return {
      setVisible: (now) => {
        screen.visible = now;
        this.#schedule();
      },
      refresh: () => {
        screen.stale = true;
        this.#schedule();
      },
      [Symbol.dispose]: () => {
        this.#screens.delete(screen);
        this.#schedule();
      },
    };
  }

  /** Something a screen may show has changed. */
  invalidate(): void {
    for (const screen of this.#screens) screen.stale = true;
    this.#schedule();
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#screens.clear();
    this.#schedule();
    this.#events[Symbol.dispose]();
  }

  /** One timer, for the screen that may be drawn first. */
  #schedule(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
    if (this.#pulling) return;
    const due = Math.min(...this.#waiting().map(({ drawnAt, interval }) => drawnAt + interval));
    if (due === Infinity) return;
    const delay = Math.max(0, due - this.#ports.clock.monotonic());
    this.#timer = this.#ports.clock.setTimer(delay, () => void this.#pull());
  }

  #waiting(): readonly Screen[] {
    return [...this.#screens].filter(({ visible, stale }) => visible && stale);
  }

  async #pull(): Promise<void> {
    this.#timer = undefined;
    this.#pulling = true;
    const now = this.#ports.clock.monotonic();
    const due = this.#waiting().filter(({ drawnAt, interval }) => drawnAt + interval <= now);
    for (const screen of due) {
      screen.stale = false;
      screen.drawnAt = now;
    }
    try {
      const { control } = this.#ports;
      const plain = due.filter(({ wish }) => wish() === undefined);
      if (plain.length > 0) {
        const snapshot = await control.snapshot();
        for (const screen of plain) this.#draw(screen, snapshot);
      }
      for (const screen of due.filter((one) => !plain.includes(one))) {
        this.#draw(screen, await control.snapshot(screen.wish()));
      }
    } catch (thrown) {
      if (!this.#disposed) this.#ports.onError(thrown);
    } finally {
      this.#pulling = false;
      this.#schedule();
    }
  }

  #draw(screen: Screen, snapshot: Snapshot): void {
    if (!this.#screens.has(screen)) return;
    try {
      this.#ports.control.hold('render', () => screen.draw(snapshot));
    } catch (thrown) {
      this.#ports.onError(thrown);
    }
  }
}
