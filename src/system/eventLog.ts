/**
 * One JSON object per line for programs outside the editor, e.g. the launcher: what was added, scored, started and
 * finished. Written only when the environment names a file in `PODIUM_EVENT_LOG`.
 */
import { appendFileSync } from 'node:fs';
import type { PodiumEvent } from '../core/events.ts';
import type { Clock, Log } from '../core/ports.ts';
import { messageOf } from '../core/errors.ts';

type Line = Readonly<Record<string, unknown>>;

/** The lines an event is worth; `at` is wall-clock milliseconds. */
export function eventLines(event: PodiumEvent, at: number): readonly Line[] {
  if (event.type === 'changed' || event.type === 'judged' || event.type === 'judging') return [];
  if (event.type === 'idle') return [{ at, event: 'idle' }];
  if (event.type === 'tripped') {
    const { fuse, reason, rootId } = event.trip;
    return [{ at, event: 'tripped', fuse, reason, root: rootId }];
  }
  const about = { at, task: event.taskId, title: event.title, agent: event.agentId };
  switch (event.type) {
    case 'added':
      return [
        { ...about, event: 'added', by: event.by },
        { ...about, event: 'scored', score: event.score },
      ];
    case 'started':
      return [{ ...about, event: 'started', claim: event.claim, attempt: event.attempt, score: event.score }];
    case 'settled': {
      const { claim, status, message } = event;
      const name = status === 'pending' || status === 'needs_input' ? status : 'finished';
      return [
        { ...about, event: name, claim, status, message, startedAt: at - event.duration, finishedAt: at },
      ];
    }
  }
}

/** Appends events to a file. A file that cannot be written is reported once and then left alone. */
export class EventLog {
  readonly #file: string;
  readonly #clock: Clock;
  readonly #log: Log;
  #broken = false;

  constructor(file: string, clock: Clock, log: Log) {
    this.#file = file;
    this.#clock = clock;
    this.#log = log;
  }

  write(event: PodiumEvent): void {
    const lines = eventLines(event, this.#clock.wallClock());
    if (this.#broken || lines.length === 0) return;
    try {
      appendFileSync(this.#file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    } catch (thrown) {
      this.#broken = true;
      this.#log.write('warn', `The event log cannot be written: ${messageOf(thrown)}`);
    }
  }
}
