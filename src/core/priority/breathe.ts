import type { Clock } from '../ports.ts';

/** Gives the thread back for a moment. */
export async function breathe(clock: Pick<Clock, 'setTimer'>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  using _timer = clock.setTimer(0, () => resolve(undefined));
  await promise;
}
