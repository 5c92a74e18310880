/**
 * Feeds a page of metrics: a whole picture when the page is there, then when something happened, at most twice a
 * second; while tasks run also once for every slot of the past, because its window moves. Nothing while it is hidden.
 */
import type { Control } from '../core/control.ts';
import type { Milliseconds } from '../core/model.ts';
import type { Clock, Log } from '../core/ports.ts';
import type { Snapshot } from '../core/metrics/snapshot.ts';
import { parsePageMessage } from '../shared/metricsMessages.ts';
import type { PanelMessage } from '../shared/metricsMessages.ts';
import { metricsPicture } from './present/metricsPicture.ts';
import type { SnapshotFeed, Subscription } from './snapshotFeed.ts';

/** Shortest time between two pictures. */
const interval: Milliseconds = 500;

/** Where pictures come from while the store is open. */
export interface MetricsSource {
  readonly feed: Pick<SnapshotFeed, 'show'>;
  readonly control: Pick<Control, 'history'>;
}

export interface MetricsScreenPorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly post: (message: PanelMessage) => void;
}

export class MetricsScreen implements Disposable {
  readonly #ports: MetricsScreenPorts;
  #source: MetricsSource | undefined;
  /** Why there is no source. */
  #why = '';
  #subscription: Subscription | undefined;
  #timer: Disposable | undefined;
  #range: Parameters<Control['history']>[0] = '5 min';
  /** There is a page, and it can be seen. */
  #isSeen = false;

  constructor(ports: MetricsScreenPorts) {
    this.#ports = ports;
  }

  /** Draws from this source from now on. @param why what to say while there is none */
  follow(source: MetricsSource | undefined, why: string): void {
    this.#subscription?.[Symbol.dispose]();
    this.#stopTicking();
    this.#source = source;
    this.#why = why;
    this.#subscription = source?.feed.show(interval, (snapshot) => this.#draw(snapshot), this.#isSeen);
    this.#sayWhy();
  }

  /** Takes a message of the page; one that is not as agreed is dropped and logged. */
  receive(value: unknown): void {
    const message = parsePageMessage(value);
    if (message === undefined) {
      this.#ports.log.write('warn', 'A message of the metrics page is not as agreed.');
      return;
    }
    this.#range = message.range;
    this.#isSeen = true;
    this.#subscription?.setVisible(true);
    this.#subscription?.refresh();
    this.#sayWhy();
  }

  /** The editor throws a hidden page away; the new one says that it is there. */
  hide(): void {
    this.#isSeen = false;
    this.#subscription?.setVisible(false);
    this.#stopTicking();
  }

  [Symbol.dispose](): void {
    this.#subscription?.[Symbol.dispose]();
    this.#stopTicking();
  }

  #draw(snapshot: Snapshot): void {
    if (this.#source === undefined || !this.#isSeen) return;
    const series = this.#source.control.history(this.#range);
    this.#ports.post({ type: 'picture', picture: metricsPicture(snapshot, series) });
    this.#stopTicking();
    if (snapshot.totals.running === 0) return;
    this.#timer = this.#ports.clock.setTimer(series.step, () => this.#subscription?.refresh());
  }

  #sayWhy(): void {
    if (this.#source === undefined && this.#isSeen) this.#ports.post({ type: 'closed', why: this.#why });
  }

  #stopTicking(): void {
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }
}
