import { PodiumError } from '../../core/errors.ts';
import type { TaskId } from '../../core/model.ts';
import type { Session } from './session.ts';

/** @throws PodiumError `unknown-task` */
export async function openDocument(
  session: Session,
  kind: 'log' | 'result',
  id: TaskId,
  keepFocus = false,
): Promise<void> {
  const task = await session.control.task(id);
  if (task === undefined) throw new PodiumError('unknown-task', 'This task does not exist any more.');
  await session.documents.open(kind, task, keepFocus);
}
