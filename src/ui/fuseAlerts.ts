/**
 * Sees to it that every fuse that has blown is told of: the moment it blows and, as long as nobody has answered, once
 * again in each window that comes to own the tasks later.
 */
import type { Control } from '../core/control.ts';
import type { Snapshot } from '../core/metrics/snapshot.ts';

export class FuseAlerts implements Disposable {
  readonly #tell: (trip: number) => void;
  readonly #events: Disposable;
  readonly #told = new Set<number>();
  #owns = false;

  /** @param tell called once for each */
  constructor(control: Pick<Control, 'subscribe'>, tell: (trip: number) => void) {
    this.#tell = tell;
    this.#events = control.subscribe((event) => {
      if (event.type === 'tripped') this.#once(event.trip.id);
    });
  }

  /** What was open before anybody listened. A window that only watches could do nothing about it. */
  see({ role, trips }: Pick<Snapshot, 'role' | 'trips'>): void {
    const begins = role.kind === 'owner' && !this.#owns;
    this.#owns = role.kind === 'owner';
    // From then on events tell what is worth telling.
    if (begins) for (const { id } of trips) this.#once(id);
  }

  [Symbol.dispose](): void {
    this.#events[Symbol.dispose]();
  }

  #once(trip: number): void {
    if (this.#told.has(trip)) return;
    this.#told.add(trip);
    this.#tell(trip);
  }
}
