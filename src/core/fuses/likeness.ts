/** Which tasks around a new one mean the same: those above it make a loop, those beside it a duplicate. */
import type { Task, TaskId } from '../model.ts';
import type { Store, TaskDraft } from '../ports.ts';

export interface Likeness {
  /** Tasks above it that mean the same. */
  readonly reentries: number;
  readonly similarTo?: TaskId;
}

/** @param meaningOf gives equal texts for titles that mean the same */
export async function likenessOf(
  draft: Pick<TaskDraft, 'title' | 'input'>,
  parent: Task,
  store: Pick<Store, 'task' | 'children'>,
  meaningOf: (title: string) => string,
): Promise<Likeness> {
  const meaning = meaningOf(draft.title);
  const isLike = ({ title, input }: Pick<Task, 'title' | 'input'>): boolean =>
    meaningOf(title) === meaning && JSON.stringify(input.argv) === JSON.stringify(draft.input.argv);
  let reentries = 0;
  for (let task: Task | undefined = parent; task !== undefined;) {
    if (isLike(task)) reentries += 1;
    task = task.parentId === null ? undefined : await store.task(task.parentId);
  }
  const twin = (await store.children(parent.id)).find(isLike);
  return { reentries, ...(twin === undefined ? {} : { similarTo: twin.id }) };
}
