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
  readonly past: Pick<History, 'findMany'>;
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
  const unknown: TaskId[] = [];
  for (const id of needs) {
    if (!known.has(id) && (await store.task(id)) === undefined) unknown.push(id);
  }
  const gone = await past.findMany(unknown);
  for (const found of gone.values()) {
    if (found.status !== 'completed') {
      throw new PodiumError(
        'unknown-dependency',
        `"${clip(found.title)}" cannot be waited for: it ${ends[found.status]} and is in the archive.`,
      );
    }
  }
  return needs.filter((id) => !gone.has(id));
}

const ends = { failed: 'failed', cancelled: 'was cancelled' } as const;

function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
