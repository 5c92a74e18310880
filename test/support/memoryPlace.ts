/** Keeps what was measured in memory, and counts how often. */
import type { PastPlace } from '../../src/core/ports.ts';

export class MemoryPlace implements PastPlace {
  text: string | undefined;
  writes = 0;
  broken = false;

  read(): Promise<string | undefined> {
    return Promise.resolve(this.text);
  }

  write(text: string, mayReplace: () => boolean): Promise<void> {
    if (this.broken) return Promise.reject(new Error('The disk is full.'));
    this.writes += 1;
    if (mayReplace()) this.text = text;
    return Promise.resolve();
  }
}
