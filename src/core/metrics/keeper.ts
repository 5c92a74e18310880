/**
 * Keeps what was measured across a reload: read when this window becomes the owner of the tasks, written at most once
 * a minute after something happened, and at the end. A lost minute is no harm, so nothing ever waits for it.
 */
import { messageOf } from '../errors.ts';
import type { Milliseconds } from '../model.ts';
import type { Clock, Log, PastPlace } from '../ports.ts';
import type { Meter } from './meter.ts';

/** From the first change to the next writing. */
export const saveInterval: Milliseconds = 60_000;

interface KeeperPorts {
  readonly meter: Meter;
  readonly place: PastPlace;
  readonly clock: Clock;
  readonly log: Log;
  /** Whether this window is the owner now; no other may write. */
  readonly mayWrite: () => boolean;
}

export class Keeper {
  readonly #ports: KeeperPorts;
  #isLoaded = false;
  #timer: Disposable | undefined;
  #saving: Promise<void> | undefined;

  constructor(ports: KeeperPorts) {
    this.#ports = ports;
  }

  /** Adds what was kept to what is measured; once, until `release`. A past that cannot be read is dropped. */
  async load(): Promise<void> {
    if (this.#isLoaded) return;
    this.#isLoaded = true;
    const { place, meter, log } = this.#ports;
    try {
      const text = await place.read();
      if (text === undefined || meter.restore(text)) return;
      log.write('warn', 'What was measured before could not be read and is forgotten.');
    } catch (thrown) {
      log.write('warn', `What was measured before could not be read: ${messageOf(thrown)}`);
    }
  }

  /** Something was measured. */
  changed(): void {
    if (this.#timer !== undefined || !this.#isLoaded) return;
    this.#timer = this.#ports.clock.setTimer(saveInterval, () => {
      this.#timer = undefined;
      this.#saving = this.#save();
    });
  }

  /** Another window owns the tasks now, and what was measured of them. */
  release(): void {
    this.#isLoaded = false;
    this.#timer?.[Symbol.dispose]();
    this.#timer = undefined;
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    const isLoaded = this.#isLoaded;
    this.release();
    await this.#saving;
    if (isLoaded) await this.#save();
  }

  async #save(): Promise<void> {
    const { meter, place, mayWrite, log } = this.#ports;
    try {
      await place.write(
        meter.hold('metrics', () => meter.save()),
        mayWrite,
      );
    } catch (thrown) {
      log.write('warn', `What was measured could not be kept: ${messageOf(thrown)}`);
    }
  }
}
