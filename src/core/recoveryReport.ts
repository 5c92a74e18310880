/**
 * What was cut when a window went away, kept in the store until a person has read it: a window that ends tidily and
 * one that dies leave the same report behind.
 */
import type { RecoveredTask, RecoveryReport } from './metrics/snapshot.ts';
import type { TaskId } from './model.ts';
import type { Store } from './ports.ts';

const noteName = 'recovery';
/** More than anyone reads; the tasks themselves say what happened to them. */
const longest = 100;

/** The report that nobody has dismissed yet, or null. */
export async function readReport(store: Pick<Store, 'note'>): Promise<RecoveryReport | null> {
  const interrupted = parseReport(await store.note(noteName));
  return interrupted.length === 0 ? null : { interrupted };
}

/** Adds to the report; of a task that is in it already the newest fate counts. */
export async function extendReport(
  store: Pick<Store, 'note' | 'putNote'>,
  latest: readonly RecoveredTask[],
): Promise<void> {
  if (latest.length === 0) return;
  const ids = new Set(latest.map((task) => task.id));
  const earlier = parseReport(await store.note(noteName)).filter((task) => !ids.has(task.id));
  await store.putNote(noteName, JSON.stringify([...latest, ...earlier].slice(0, longest)));
}

export async function dropReport(store: Pick<Store, 'putNote'>): Promise<void> {
  await store.putNote(noteName, null);
}

function parseReport(text: string | undefined): readonly RecoveredTask[] {
  if (text === undefined) return [];
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value.flatMap(parseTask) : [];
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return [];
    throw thrown;
  }
}

function parseTask(value: unknown): readonly RecoveredTask[] {
  if (typeof value !== 'object' || value === null) return [];
  const { id, title, fate } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string' || typeof title !== 'string') return [];
  if (fate !== 'adopted' && fate !== 'rerun' && fate !== 'asks') return [];
  return [{ id: id as TaskId, title, fate }];
}
