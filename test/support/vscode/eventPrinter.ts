import { setTimeout as delay } from 'node:timers/promises';
import type { EventLog } from './eventLog.ts';
import { eventLine } from './report.ts';

/** Prints what Podium does. */
export class EventPrinter {
  readonly #log: EventLog;
  #printed = 0;

  constructor(log: EventLog) {
    this.#log = log;
  }

  /** Prints what has happened since the last time. */
  async print(): Promise<void> {
    const events = await this.#log.read();
    const lines = events.slice(this.#printed).map(eventLine);
    this.#printed = events.length;
    for (const line of lines) if (line !== undefined) console.log(line);
  }

  /** Prints everything as it happens. */
  async follow(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.print();
      await delay(200, undefined, { signal }).catch(() => undefined);
    }
  }
}
