import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { effect, Effects } from './effects.ts';
import { eventually } from './eventually.ts';
import type { Session } from './session.ts';

/** A way to fail, and what follows. */
export interface Failing {
  /** One word. */
  readonly name: string;
  /** What the tasks are about, and a digit: others each time, for a judgement counts for all that mean the same. */
  readonly about: string;
  readonly digit: 0 | 1 | 2 | 3 | 4;
  /** What the tree says above its rows. */
  readonly said: string;
  readonly mend: () => Promise<void> | void;
}

/** What models are to give a task of {@link outlives}: by the number in its title. */
export const valueByNumber = (title: string): number => Number(/\d+/.exec(title)?.[0] ?? 0) * 10;

/**
 * Gives a window with two workers seven tasks while its model fails: tasks go on in the order they have, the tree says
 * so once and nothing else does, and when the model is well again it judges what still waits.
 */
export async function outlives({ workbench, events, folder = '' }: Session, how: Failing): Promise<void> {
  const { name, about, digit, said, mend } = how;
  const effects = await Effects.in(folder);
  const tasks = Array.from({ length: 7 }, (_, index) => ({
    key: String(index),
    title: `${about} ${index}${digit}`,
    agent: 'check',
    argv: effect(`signal-${name}-${index < 2 ? 'first' : 'others'}`).split(' '),
  }));
  const started = async (): Promise<readonly string[]> =>
    (await events.read()).flatMap(({ event, title = '' }) =>
      event === 'started' && title.startsWith(about) ? [title] : [],
    );
  await writeFile(path.join(folder, 'podium.sample.json'), JSON.stringify({ tasks }));
  await workbench.runCommand('Podium: Add Sample Tasks');
  const message = async (): Promise<string> => await workbench.tasks.message();
  await eventually(async () => (await message()).includes(said), { timeout: 40_000 });
  assert.equal((await message()).split(said).length, 2, 'once');
  const told = (await workbench.notifications()).filter((text) => /model|priorit/i.test(text));
  assert.deepEqual(told, [], 'and nothing else does');
  await workbench.screenshot(`model-${name}`);
  await effects.signal(`signal-${name}-first`);
  await eventually(async () => (await started()).length === 4);
  assert.deepEqual(
    await started(),
    tasks.slice(0, 4).map(({ title }) => title),
    'tasks go on, the oldest first among equals',
  );
  await mend();
  await workbench.tasks.until((rows) => {
    const waiting = rows.filter(({ description }) => description.includes('pending'));
    const scores = waiting.map(({ description }) => Number.parseInt(description));
    return scores.join() === [600, 500, 400].map((value) => value + 10 * digit).join();
  }, 40_000);
  await eventually(async () => (await message()) === '');
  await effects.signal(`signal-${name}-others`);
  await eventually(async () => (await events.read()).filter(isEnd(about)).length === tasks.length, {
    timeout: 30_000,
  });
}

const isEnd =
  (about: string) =>
  ({ event, status, title = '' }: { event: string; status?: string; title?: string }): boolean =>
    event === 'finished' && status === 'completed' && title.startsWith(about);
