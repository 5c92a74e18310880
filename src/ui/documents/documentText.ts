/** What the log and the result of a task look like as a document. Pure. */
import { stripVTControlCharacters } from 'node:util';
import type { Instant, Task } from '../../core/model.ts';
import type { AgentDescription } from '../../core/ports.ts';
import { clipped, clockText, durationText } from '../present/words.ts';
import type { Tail } from './tail.ts';

export interface DocumentFacts {
  readonly task: Task;
  readonly agent: AgentDescription | undefined;
  /** As it can be typed; absent when the task brings none. */
  readonly commandLine?: string | undefined;
  /** Absolute path shown to the reader. */
  readonly file: string | undefined;
  /** Undefined when there is no such file. */
  readonly tail: Tail | undefined;
  readonly now: Instant;
}

const rule = '─'.repeat(72);

/** The output of the latest run, the oldest of it left out when it is long. */
export function logText(facts: DocumentFacts): string {
  const { task, tail } = facts;
  const body =
    tail === undefined || tail.size === 0
      ? task.status === 'running'
        ? 'Nothing printed yet.'
        : 'This run printed nothing.'
      : stripVTControlCharacters(tail.text).replaceAll('\r\n', '\n');
  return `${header(facts)}${body}`;
}

/** The result of a finished task, with what went wrong when it failed; what was printed when it has none. */
export function resultText(facts: DocumentFacts): string {
  const { task, tail } = facts;
  const error = task.error === null ? '' : `Error (${task.error.code}): ${task.error.message}\n\n`;
  const result = task.result ?? tail?.text ?? '';
  const body = result === '' && error === '' ? 'This task left no result.' : result;
  return `${header({ ...facts, tail: task.result === null ? tail : undefined })}${error}${stripVTControlCharacters(body).replaceAll('\r\n', '\n')}`;
}

/** A name for the tab that no file system minds. */
export function documentName(title: string, suffix: string): string {
  const safe = title.replace(/[\\/:*?"<>|#%\p{Cc}]+/gu, ' ');
  return `${clipped(safe, 60) || 'task'}${suffix}`;
}

function header({ task, agent, commandLine, file, tail, now }: DocumentFacts): string {
  const name = agent?.label ?? task.agentId;
  const lines: readonly (readonly [string, string])[] = [
    ['Task', task.title],
    ['Agent', agent?.simulated === true ? `${name} (simulated: the results are made up)` : name],
    ['Run', `claim ${task.claim}, ${runText(task, now)}`],
    ...(commandLine === undefined ? [] : [['Command', commandLine] as const]),
    ...(file === undefined ? [] : [['File', file] as const]),
    ...(tail === undefined || tail.skipped === 0 ? [] : [['Left out', skippedText(tail.skipped)] as const]),
  ];
  return `${lines.map(([label, text]) => `${label.padEnd(9)}${text}`).join('\n')}\n${rule}\n`;
}

function runText({ status, attempt, startedAt, finishedAt }: Task, now: Instant): string {
  const failed = attempt === 0 ? '' : `, ${attempt} failed before`;
  if (startedAt === null) return `${words[status]}${failed}`;
  if (status === 'running') return `running since ${clockText(startedAt, now)}${failed}`;
  const took = finishedAt === null ? '' : ` after ${durationText(finishedAt - startedAt)}`;
  return `${words[status]}${took}${status === 'failed' ? '' : failed}`;
}

const words: Readonly<Record<Task['status'], string>> = {
  pending: 'pending',
  running: 'running',
  needs_input: 'needs input',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

function skippedText(bytes: number): string {
  const size =
    bytes < 1024 * 1024 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  return `the first ${size}; the file has everything that was kept`;
}
