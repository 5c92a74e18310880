/** What each kind of document says, and what tells whether it would say something else by now. */
import { stat } from 'node:fs/promises';
import type { Task, TaskId } from '../../core/model.ts';
import type { House, UiHost } from '../uiHost.ts';
import { standingText } from '../present/standingText.ts';
import { logText, resultText } from './documentText.ts';
import { meaningsText } from './meaningsText.ts';
import { pastText } from './pastText.ts';
import { readTail } from './tail.ts';
import { treeDocument } from './treeDocument.ts';
import { whyDocument } from './whyDocument.ts';

/** `history` is all that is known of a finished task, `meanings` what was learned of words. */
export type DocumentKind = 'log' | 'result' | 'history' | 'why' | 'tree' | 'meanings';

export interface PageName {
  readonly kind: DocumentKind;
  readonly taskId: TaskId;
}

export interface PageText {
  readonly text: string;
  /** Another one when the text would be another; empty when it never is. */
  readonly version: string;
}

type Host = Pick<UiHost, 'clock' | 'models'>;

/** More than this of a file is not shown. */
const shownBytes = 1024 * 1024;

export async function pageText(page: PageName, house: House, host: Host): Promise<PageText> {
  const { kind, taskId } = page;
  switch (kind) {
    case 'meanings':
      return { text: meaningsText(await house.meanings.learned()), version: '' };
    case 'history':
      return { text: await textOfPast(taskId, house, host), version: '' };
    case 'why':
    case 'tree': {
      const text = await explained(page, house, host);
      return { text: text ?? (await textOfPast(taskId, house, host)), version: withoutAges(text) };
    }
    case 'log':
    case 'result':
      return await textOfRun(page, house, host);
  }
}

/** @returns undefined when there is no such task any more */
export async function pageVersion(page: PageName, house: House, host: Host): Promise<string | undefined> {
  const { kind, taskId } = page;
  if (kind === 'why' || kind === 'tree') return withoutAges(await explained(page, house, host));
  const task = await house.control.task(taskId);
  return task === undefined ? undefined : await versionOf(task, fileOf(kind, task, house));
}

async function explained(
  { kind, taskId }: PageName,
  house: House,
  { clock, models }: Host,
): Promise<string | undefined> {
  const now = clock.wallClock();
  if (kind === 'tree') return await treeDocument(taskId, house, now);
  return await whyDocument(taskId, house, now, standingText(models.house.standing));
}

async function textOfRun({ kind, taskId }: PageName, house: House, host: Host): Promise<PageText> {
  const task = await house.control.task(taskId);
  // It may have been put into the archive meanwhile.
  if (task === undefined) return { text: await textOfPast(taskId, house, host), version: '' };
  const file = fileOf(kind, task, house);
  const version = await versionOf(task, file);
  const facts = {
    task,
    agent: house.control.agents().find(({ id }) => id === task.agentId),
    commandLine: task.input.argv === undefined ? undefined : house.formatCommandLine(task.input.argv),
    file,
    tail: file === undefined ? undefined : await readTail(file, shownBytes),
    now: host.clock.wallClock(),
  };
  return { text: kind === 'log' ? logText(facts) : resultText(facts), version };
}

async function textOfPast(id: TaskId, house: House, host: Host): Promise<string> {
  const task = await house.history.find(id);
  if (task === undefined) return 'This task does not exist any more.';
  const logFile = house.logFileOf(task);
  return pastText({
    task,
    agent: house.control.agents().find((agent) => agent.id === task.agentId),
    commandLine: task.argv === null ? undefined : house.formatCommandLine(task.argv),
    logFile: logFile !== undefined && (await sizeOf(logFile)) >= 0 ? logFile : undefined,
    now: host.clock.wallClock(),
  });
}

function fileOf(kind: DocumentKind, task: Task, house: House): string | undefined {
  return kind === 'log' ? house.logFileOf(task) : house.resultFileOf(task);
}

/** Ages change all the time: they are told anew with whatever else is. */
function withoutAges(text: string | undefined): string {
  return (text ?? '').replaceAll(/\d+ (?:s|min|h|d) (?:\d+ (?:s|min|h) )?ago|As of .*/gu, '');
}

async function versionOf(task: Task, file: string | undefined): Promise<string> {
  const size = file === undefined ? 0 : await sizeOf(file);
  return `${task.claim} ${task.status} ${size}`;
}

/** @returns -1 when there is no such file */
async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return -1;
    throw thrown;
  }
}
