/**
 * The table of the README: everything that acts by itself, and every limit on it, with the numbers of the code.
 *
 *     node test/support/limitsTable.ts      writes it into README.md
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { creationWindow, defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import { batchLimit } from '../../src/core/priority/prompt.ts';
import { callsAtOnce, longestWait } from '../../src/core/priority/callPace.ts';
import {
  defaultRetryPolicy,
  maxInterruptions,
  temporaryAttempts,
} from '../../src/core/workers/retryPolicy.ts';
import { numberRules } from '../../src/ui/settings/settingsModel.ts';

const count = (value: number): string => value.toLocaleString('en-US');
const minutes = (milliseconds: number): string => `${count(milliseconds / 60_000)} min`;
const of = (key: keyof typeof numberRules): string => count(numberRules[key].default);

const columns = ['who acts', 'how many', 'how long', 'how much', 'at the limit'] as const;

const rows: readonly (readonly [string, string, string, string, string])[] = [
  [
    'a run of a task',
    `${of('workers')} at a time, one for each folder it writes to`,
    `${of('defaultTimeoutMinutes')} min, then it is ended with all it started`,
    `${of('outputLimitMegabytes')} MB of output; tokens as below`,
    'it fails, or is cut',
  ],
  [
    'a retry',
    `3 runs if it may be repeated, else 1; ${temporaryAttempts} when it asks for another; ${maxInterruptions} interruptions`,
    `waits ${count(defaultRetryPolicy.baseDelay / 1_000)} s, doubling, at most ${minutes(defaultRetryPolicy.maxDelay)}`,
    'as the first run',
    'it fails for good, or asks you',
  ],
  [
    'an agent that makes tasks',
    `${count(defaultFuses.children)} for each task, ${count(defaultFuses.depth)} levels deep; one that repeats what is above it waits, the third is refused`,
    'while its own run lasts',
    'nothing but the task',
    'refused with a sentence the agent reads; you are told once',
  ],
  [
    'a tree of tasks',
    `${count(defaultFuses.treeTasks)} tasks, half of that for each branch, and so on; ${count(defaultFuses.failures)} failures in a row`,
    `${count(defaultFuses.treeTime / 3_600_000)} h of runs`,
    `${count(defaultFuses.treeTokens)} tokens; money as you set it`,
    'more tasks are refused, or the tree is paused; you are told once',
  ],
  [
    'the agents of a folder',
    `${count(defaultFuses.creations)} tasks made in ${minutes(creationWindow)}, ${count(defaultFuses.pending)} waiting, ${count(defaultFuses.antiLoop)} starts in ${minutes(defaultFuses.antiLoopWindow)}`,
    `a pause lasts ${minutes(defaultFuses.antiLoopWindow)}, doubling until you answer`,
    `${count(defaultFuses.dailyTokens)} tokens a day; money as you set it`,
    'more tasks are refused, or the folder is paused; you are told once',
  ],
  [
    'the judging model',
    `${count(callsAtOnce)} calls of ${count(batchLimit)} tasks at a time, one after a failure`,
    `${of('model.timeoutSeconds')} s a call; after failures it is left alone for up to 5 min, or as long as it asks for, ${count(longestWait / 3_600_000)} h at most`,
    `${of('model.dailyTokens')} tokens a day`,
    'tasks keep the order they have',
  ],
  [
    'a prompt task',
    'as any run, one call each',
    `${of('defaultTimeoutMinutes')} min`,
    'the tokens of its tree and of the day',
    'it fails; the tree or the folder is paused',
  ],
];

export const marks = { begin: '<!-- limits: begin -->', end: '<!-- limits: end -->' } as const;
export const readme = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../README.md');

/** Every row with a text in each column. @throws Error for a blank cell */
export function limitsTable(): string {
  const blank = rows.find((cells) => cells.some((cell) => cell.trim() === '' || cell.includes('NaN')));
  if (blank !== undefined) throw new Error(`${blank[0]} has a blank cell.`);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(columns), `|${columns.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = readFileSync(readme, 'utf8');
  const [before = '', rest = ''] = text.split(marks.begin);
  const after = rest.split(marks.end)[1] ?? '';
  writeFileSync(readme, `${before}${marks.begin}\n\n${limitsTable()}\n\n${marks.end}${after}`);
}
