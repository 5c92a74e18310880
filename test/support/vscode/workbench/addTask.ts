import type { Workbench } from './workbench.ts';

/** What a person answers to add a command; `needs` are titles to tick. */
export interface TaskWish {
  readonly title: string;
  readonly command: string;
  readonly agent?: 'Read-only command' | 'Command line';
  readonly priority?: 'High' | 'Medium' | 'Low';
  readonly needs?: readonly string[];
}

/** Adds a task from the palette, question by question. */
export async function addTask(workbench: Workbench, wish: TaskWish): Promise<void> {
  const { quickInput } = workbench;
  await workbench.runCommand('Podium: Add Task…');
  await quickInput.answer('Title', wish.title);
  await quickInput.answer('Description', '');
  await quickInput.asks('Agent');
  await quickInput.choose(wish.agent ?? 'Read-only command');
  await quickInput.answer('Command line', wish.command);
  await quickInput.asks('Priority');
  await quickInput.choose(wish.priority ?? 'Medium');
  await quickInput.asks(/Depends on|No other task/);
  for (const need of wish.needs ?? []) await quickInput.tick(need);
  await quickInput.accept();
}
