/** What tells whether a new task means what others mean: one above it, which makes a loop, or one beside it. */
import type { Task, TaskId } from '../model.ts';
import type { Store, TaskDraft } from '../ports.ts';

export interface Likeness {
  /** Tasks above it that mean the same. */
  readonly reentries: number;
  /** Equal for tasks that mean the same; kept with the task, so that it can be looked up among its siblings. */
  readonly likeness: string;
}

/** @param meaningOf gives equal texts for titles that mean the same */
export async function likenessOf(
  draft: Pick<TaskDraft, 'title' | 'input'>,
  parent: Task,
  store: Pick<Store, 'task'>,
  meaningOf: (title: string) => string,
): Promise<Likeness> {
  const textOf = ({ title, input }: Pick<Task, 'title' | 'input'>): string =>
    `${meaningOf(title)}\n${numberFor(JSON.stringify(input.argv ?? []))}`;
  const likeness = textOf(draft);
  let reentries = 0;
  for (let task: Task | undefined = parent; task !== undefined;) {
    if (textOf(task) === likeness) reentries += 1;
    const above: TaskId | null = task.parentId;
    task = above === null ? undefined : await store.task(above);
  }
  return { reentries, likeness };
}

/** Short, and hardly ever the same for two commands; that two are taken for one only flags a task. */
function numberFor(text: string): string {
  let sum = 0;
  for (let index = 0; index < text.length; index += 1)
    sum = (Math.imul(sum, 31) + text.charCodeAt(index)) | 0;
  return `${text.length}.${sum}`;
}
