/**
 * Prerequisites that have left the store. A completed one is met for good, so the task need not wait for it; one that
 * failed or was cancelled can never be met. Looked up only when the store does not know a prerequisite.
 */
import { PodiumError } from '../errors.ts';
import type { TaskId } from '../model.ts';
import type { Store } from '../ports.ts';
import type { History } from './history.ts';

interface NeedPorts {
  readonly store: Pick<Store, 'task'>;
  readonly past: Pick<History, 'find'>;
}

/**
 * Those of `needs` that still have to be waited for, or are unknown to all.
 * @param known ids that will exist when they are needed
 * @throws PodiumError `unknown-dependency` for a task of the archive that was not completed
 */
export async function withoutPast(
  needs: readonly TaskId[],
  known: ReadonlySet<TaskId>,
  { store, past }: NeedPorts,
): Promise<readonly TaskId[]> {
  const left: TaskId[] = [];
  for (const id of needs) {
    const there = known.has(id) || (await store.task(id)) !== undefined;
    const found = there ? undefined : await past.find(id);
    if (found === undefined) {
      left.push(id);
    } else if (found.status !== 'completed') {
      throw new PodiumError(
        'unknown-dependency',
        `"${clip(found.title)}" cannot be waited for: it ${ends[found.status]} and is in the archive.`,
      );
    }
  }
  return left;
}

const ends = { failed: 'failed', cancelled: 'was cancelled' } as const;

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
