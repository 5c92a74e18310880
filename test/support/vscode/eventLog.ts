import { open } from 'node:fs/promises';
import { eventually } from './eventually.ts';
import type { Patience } from './eventually.ts';

/** One line of the file that Podium writes when `PODIUM_EVENT_LOG` names one. Instants are wall-clock ms. */
export interface PodiumEvent {
  readonly at: number;
  /**
   * `added`, `scored`, `started`; `finished` with a status; `pending` (to be tried again) or `needs_input` for a
   * run that did not finish its task; `idle` when nothing that could run is left.
   */
  readonly event: string;
  readonly task?: string;
  readonly title?: string;
  readonly status?: string;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  readonly agent?: string;
  readonly score?: number;
  /** How often an agent had failed at the task before this run. */
  readonly attempt?: number;
  /** Rises with every start of the task. */
  readonly claim?: number;
  /** Why a run ended as it did. */
  readonly message?: string;
}

function parse(line: string): PodiumEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'event' in value) return value as PodiumEvent;
  } catch {
    // A line that was cut off by a kill; the next one starts afresh.
  }
  return undefined;
}

/** Reads a growing file of events. Several extension hosts may append to it one after another. */
export class EventLog {
  readonly file: string;
  readonly #events: PodiumEvent[] = [];
  #position = 0;
  #rest: Buffer = Buffer.alloc(0);
  #reading: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.file = file;
  }

  /** All events so far, oldest first; none while the file does not exist. */
  async read(): Promise<readonly PodiumEvent[]> {
    // One after the other: two reads at once would take the same bytes.
    const reading = this.#reading.then(() => this.#readOn());
    this.#reading = reading.catch(() => undefined);
    await reading;
    return this.#events;
  }

  async #readOn(): Promise<void> {
    const handle = await open(this.file, 'r').catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    });
    if (!handle) return;
    try {
      const chunk = Buffer.alloc(65_536);
      for (;;) {
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, this.#position);
        if (bytesRead === 0) return;
        this.#position += bytesRead;
        this.#accept(chunk.subarray(0, bytesRead));
      }
    } finally {
      await handle.close();
    }
  }

  /**
   * Waits for an event.
   * @param matches what it is recognised by
   * @param after only events from this index on count, default 0
   * @param patience default 30 s
   * @throws Error with the last events when it does not come
   */
  async until(
    matches: (event: PodiumEvent) => boolean,
    after = 0,
    patience: Patience = {},
  ): Promise<PodiumEvent> {
    try {
      return await eventually(async () => (await this.read()).slice(after).find(matches), {
        timeout: 30_000,
        ...patience,
      });
    } catch (cause) {
      if (patience.signal?.aborted) throw cause;
      const last = this.#events.slice(-20).map((event) => JSON.stringify(event));
      throw new Error(`The event did not come; the last ones are:\n${last.join('\n')}`, { cause });
    }
  }

  #accept(chunk: Buffer): void {
    let text = Buffer.concat([this.#rest, chunk]);
    for (let end = text.indexOf(10); end >= 0; end = text.indexOf(10)) {
      const event = parse(text.subarray(0, end).toString());
      if (event) this.#events.push(event);
      text = text.subarray(end + 1);
    }
    this.#rest = Buffer.from(text);
  }
}
