import { PodiumError } from '../../core/errors.ts';
import type { TaskId } from '../../core/model.ts';
import type { DocumentPlace } from '../documents/taskDocuments.ts';
import type { Session } from './session.ts';

/** @throws PodiumError `unknown-task` */
export async function openDocument(
  session: Session,
  kind: 'log' | 'result' | 'why' | 'tree',
  id: TaskId,
  place: DocumentPlace = { keepFocus: false, preview: true },
): Promise<void> {
  const task = await session.control.task(id);
  if (task === undefined) throw new PodiumError('unknown-task', 'This task does not exist any more.');
  await session.documents.open(kind, task, place);
}

/** Opens several so that each keeps its place; one alone makes room for the next. */
export async function openDocuments(
  session: Session,
  kind: 'log' | 'result' | 'why' | 'tree',
  ids: readonly TaskId[],
  keepFocus: boolean,
): Promise<void> {
  for (const id of ids) await openDocument(session, kind, id, { keepFocus, preview: ids.length === 1 });
}
