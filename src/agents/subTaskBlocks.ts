/** The tasks that an answer of a model asks for, in blocks fenced as `podium-tasks`. Trusted in nothing. */
import { parseOutboxLine } from './outboxLine.ts';
import type { OutboxLine } from './outboxLine.ts';

/** Tasks of one answer that are looked at; the gate has limits of its own. */
export const blockLimit = 50;

export function subTasksIn(answer: string): readonly OutboxLine[] {
  return [...answer.matchAll(/^```podium-tasks[^\n]*\n([\s\S]*?)^```/gm)]
    .flatMap(([, block = '']) => itemsOf(block))
    .slice(0, blockLimit);
}

function itemsOf(block: string): readonly OutboxLine[] {
  let value: unknown;
  try {
    value = JSON.parse(block);
  } catch {
    return [{ kind: 'invalid', message: 'The block is not JSON.' }];
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => parseOutboxLine(JSON.stringify(item)));
}
