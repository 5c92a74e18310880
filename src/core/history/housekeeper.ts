/**
 * When the house puts the past away: some seconds after the last event, and at the latest some minutes after the
 * first, so that a house that is never quiet does not fill up. Nothing happens without events, so an idle house has no
 * timer.
 */
import { messageOf } from '../errors.ts';
import type { Milliseconds } from '../model.ts';
import type { Clock, Log } from '../ports.ts';

/** As long as the store waits before it writes a snapshot. */
const quiet: Milliseconds = 5_000;
/** Even a busy house has a moment for this every few minutes. */
const longest: Milliseconds = 120_000;

export interface HousekeeperPorts {
  readonly clock: Clock;
  readonly log: Log;
  /** Puts away what is due; one at a time. Ends soon after `signal` is aborted. */
  readonly tidy: (signal: AbortSignal) => Promise<void>;
}

export class Housekeeper {
  readonly #ports: HousekeeperPorts;
  readonly #stop = new AbortController();
  #timer: Disposable | undefined;
  /** Monotonic instant of the first event since the last tidying. */
  #since: Milliseconds | undefined;
  #tidying: Promise<void> | undefined;

  constructor(ports: HousekeeperPorts) {
    this.#ports = ports;
  }

  /** Something happened. */
  changed(): void {
    if (this.#stop.signal.aborted) return;
    const now = this.#ports.clock.monotonic();
    this.#since ??= now;
    this.#timer?.[Symbol.dispose]();
    const delay = Math.max(0, Math.min(quiet, this.#since + longest - now));
    this.#timer = this.#ports.clock.setTimer(delay, () => this.#begin());
  }

  /** Resolves when what is under way has stopped; nothing begins any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#timer?.[Symbol.dispose]();
    await this.#tidying;
  }

  #begin(): void {
    this.#timer = undefined;
    this.#since = undefined;
    if (this.#tidying !== undefined) {
      this.changed(); // once more, after this time's
      return;
    }
    this.#tidying = this.#tidy().finally(() => (this.#tidying = undefined));
  }

  async #tidy(): Promise<void> {
    try {
      await this.#ports.tidy(this.#stop.signal);
    } catch (thrown) {
      if (this.#stop.signal.aborted) return;
      this.#ports.log.write('warn', `The history could not be put in order: ${messageOf(thrown)}`);
    }
  }
}
