import { styleText } from 'node:util';
import type { PodiumEvent } from './eventLog.ts';

type Style = Parameters<typeof styleText>[0];

/** How an event looks in the terminal; what is not listed is printed plainly. */
const looks: Readonly<Record<string, readonly [sign: string, style: Style]>> = {
  added: ['+', 'dim'],
  scored: ['·', 'dim'],
  started: ['▶', 'cyan'],
  completed: ['✔', 'green'],
  failed: ['✖', 'red'],
  cancelled: ['■', 'yellow'],
  needs_input: ['?', 'yellow'],
  pending: ['↻', 'yellow'],
  running: ['▶', 'cyan'],
};

/** Control characters in a title must not reach the terminal. */
const printable = (text: string): string => text.replace(/\p{Cc}+/gu, ' ').trim();

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const graphemes = new Intl.Segmenter();

function cut(text: string, width: number): string {
  const characters = Array.from(graphemes.segment(printable(text)), ({ segment }) => segment);
  return characters.length <= width ? characters.join('') : `${characters.slice(0, width - 1).join('')}…`;
}

/** One event as a line for the terminal; undefined for events without a task. */
export function eventLine(event: PodiumEvent): string | undefined {
  if (event.task === undefined) return undefined;
  const finished = event.event === 'finished';
  const word = finished ? (event.status ?? 'finished') : event.event;
  const [sign, style] = looks[word] ?? ['·', 'reset'];
  const facts: string[] = [];
  if (event.event === 'scored' && event.score !== undefined) facts.push(`score ${Math.round(event.score)}`);
  if (event.agent !== undefined && event.event === 'started') facts.push(event.agent);
  if (event.attempt !== undefined && event.attempt > 0) facts.push(`try ${event.attempt + 1}`);
  if (finished && event.startedAt !== undefined && event.finishedAt !== undefined) {
    facts.push(seconds(event.finishedAt - event.startedAt));
  }
  if (event.message !== undefined && event.message !== '' && word !== 'completed')
    facts.push(cut(event.message, 80));
  const time = new Date(event.at).toTimeString().slice(0, 8);
  const start = `${styleText('dim', time)}  ${styleText(style, `${sign} ${word.replace('_', ' ').padEnd(11)}`)}`;
  const end = facts.length > 0 ? styleText('dim', `  ${facts.join(', ')}`) : '';
  return `${start} ${cut(event.title ?? event.task, 80)}${end}`;
}

/** What became of one task. */
export interface TaskResult {
  readonly title: string;
  readonly agent: string;
  readonly status: string;
  readonly score: number | undefined;
  readonly attempt: number | undefined;
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

/** What an event says about a task's state without saying it. */
const statusAfter: Readonly<Record<string, string>> = { added: 'pending', started: 'running' };

/** The last known state of every task in the log, in the order they started; unstarted ones at the end. */
export function taskResults(events: readonly PodiumEvent[]): TaskResult[] {
  const tasks = new Map<string, TaskResult>();
  for (const event of events) {
    if (event.task === undefined) continue;
    const before = tasks.get(event.task);
    tasks.set(event.task, {
      title: event.title ?? before?.title ?? event.task,
      agent: event.agent ?? before?.agent ?? '',
      status: event.status ?? statusAfter[event.event] ?? before?.status ?? event.event,
      score: event.score ?? before?.score,
      attempt: event.attempt ?? before?.attempt,
      startedAt: event.startedAt ?? (event.event === 'started' ? event.at : before?.startedAt),
      finishedAt: event.event === 'started' ? undefined : (event.finishedAt ?? before?.finishedAt),
    });
  }
  return [...tasks.values()].sort((a, b) => (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity) || 0);
}

/** The results as a table for the terminal, with a line of totals below it. */
export function resultTable(results: readonly TaskResult[]): string {
  const origin = Math.min(...results.map(({ startedAt }) => startedAt ?? Infinity));
  const head = ['Task', 'Agent', 'Score', 'Started', 'Took', 'Tries', 'Result'];
  const body = results.map((task) => {
    const { startedAt, finishedAt } = task;
    const took = startedAt !== undefined && finishedAt !== undefined ? seconds(finishedAt - startedAt) : '';
    return [
      cut(task.title, 44),
      cut(task.agent, 16),
      task.score === undefined ? '' : String(Math.round(task.score)),
      startedAt === undefined ? '' : `+${seconds(startedAt - origin)}`,
      took,
      task.attempt === undefined ? '' : String(task.attempt + 1),
      task.status.replace('_', ' '),
    ];
  });
  const numeric = new Set([2, 3, 4, 5]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...body.map((row) => row[column]!.length)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        numeric.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('──');
  const rows = body.map((row, index) => styleText(looks[results[index]!.status]?.[1] ?? 'reset', line(row)));
  return [styleText('bold', line(head)), rule, ...rows, rule, totals(results)].join('\n');
}

function totals(results: readonly TaskResult[]): string {
  const counts = new Map<string, number>();
  for (const { status } of results) counts.set(status, (counts.get(status) ?? 0) + 1);
  const parts = [...counts].map(([status, count]) => `${count} ${status.replace('_', ' ')}`);
  return `${results.length} tasks: ${parts.join(', ')}; at most ${mostAtOnce(results)} at the same time`;
}

/** The largest number of tasks that ran at one moment. */
function mostAtOnce(results: readonly TaskResult[]): number {
  const edges = results.flatMap(({ startedAt, finishedAt }) =>
    startedAt === undefined || finishedAt === undefined
      ? []
      : [[startedAt, 1] as const, [finishedAt, -1] as const],
  );
  // At the same instant an end counts before a start: touching is not overlapping.
  edges.sort(([a, da], [b, db]) => a - b || da - db);
  let now = 0;
  let most = 0;
  for (const [, change] of edges) most = Math.max(most, (now += change));
  return most;
}
