/** A finished task as a document: everything history knows of it. Pure. */
import { stripVTControlCharacters } from 'node:util';
import type { PastTask } from '../../core/history/pastTask.ts';
import type { Instant } from '../../core/model.ts';
import type { AgentDescription } from '../../core/ports.ts';
import { clockText, counted, durationText } from '../present/words.ts';

export interface PastFacts {
  readonly task: PastTask;
  /** Undefined when it is not known any more. */
  readonly agent: Pick<AgentDescription, 'label' | 'simulated'> | undefined;
  /** As it can be typed; absent when the task brought none. */
  readonly commandLine: string | undefined;
  /** Absolute path of what its latest run printed, while that is kept. */
  readonly logFile: string | undefined;
  readonly now: Instant;
}

const rule = '─'.repeat(72);
const ends = { completed: 'Completed', failed: 'Failed', cancelled: 'Cancelled' } as const;

export function pastText({ task, agent, commandLine, logFile, now }: PastFacts): string {
  const name = agent?.label ?? task.agentId;
  const { startedAt, finishedAt, error, tokens, attempt } = task;
  const took = startedAt === null ? '' : `, after ${durationText(finishedAt - startedAt)}`;
  const lines: readonly (readonly [string, string])[] = [
    ['Task', task.title],
    [ends[task.status], `${dayText(finishedAt, now)}${took}`],
    ['Added', `${dayText(task.createdAt, now)}, by ${task.createdBy === 'user' ? 'you' : 'an agent'}`],
    ['Folder', task.workspaceName],
    ['Agent', agent?.simulated === true ? `${name} (simulated: the results are made up)` : name],
    ['Priority', `${task.priority}, score ${task.score}`],
    ...(attempt === 0 ? [] : [['Attempts', `${counted(attempt, 'attempt')} failed`] as const]),
    ...(tokens === 0 ? [] : [['Tokens', String(tokens)] as const]),
    ...(commandLine === undefined ? [] : [['Command', commandLine] as const]),
    ...(logFile === undefined ? [] : [['Output', logFile] as const]),
    ['Id', task.id],
  ];
  const head = lines.map(([label, text]) => `${label.padEnd(11)}${text}`).join('\n');
  const result = task.result === null || task.result === '' ? 'This task left no result.' : task.result;
  const sections = [
    ...(task.description === '' ? [] : [section('Description', task.description)]),
    ...(error === null ? [] : [section('Error', `${error.message} (${error.code})`)]),
    section('Result', result),
  ];
  return [head, ...sections].join('\n');
}

function section(name: string, text: string): string {
  return `${rule}\n${name}\n\n${plain(text)}\n`;
}

function plain(text: string): string {
  return stripVTControlCharacters(text).replaceAll('\r\n', '\n');
}

/** With the year when it is another one. */
function dayText(at: Instant, now: Instant): string {
  const year = new Date(at).getFullYear();
  return year === new Date(now).getFullYear() ? clockText(at, now) : `${clockText(at, now)}, ${year}`;
}
