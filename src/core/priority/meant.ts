/** The keys under which what is said of tasks is kept. */
import type { Clock } from '../ports.ts';
import type { MeantTask } from './batch.ts';
import { breathe } from './breathe.ts';
import type { UnjudgedTask } from './judgementStore.ts';
import type { Meanings } from './meanings.ts';

/** Meanings worked out without giving the thread back: a few milliseconds. */
const stride = 20;

/** @param frame what keys begin with */
export async function meantTasks(
  tasks: readonly UnjudgedTask[],
  frame: string,
  meanings: Pick<Meanings, 'keysOf'>,
  clock: Clock,
): Promise<readonly MeantTask[]> {
  const meant: MeantTask[] = [];
  for (const task of tasks) {
    if (meant.length % stride === stride - 1) await breathe(clock);
    const { own, shared } = meanings.keysOf(task);
    meant.push({ task, own: frame + own, shared: frame + shared });
  }
  return meant;
}
