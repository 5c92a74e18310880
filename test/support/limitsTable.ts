/**
 * The table of the README: everything that acts by itself, and every limit on it, with the numbers of the code.
 *
 *     node test/support/limitsTable.ts      writes it into README.md
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultAttempts } from '../../src/agents/builtInAgents.ts';
import { requestLimit } from '../../src/agents/outbox.ts';
import { blockLimit } from '../../src/agents/subTaskBlocks.ts';
import { creationWindow, defaultFuses as fuses } from '../../src/core/fuses/fuseSettings.ts';
import { reentryDelay } from '../../src/core/fuses/reentry.ts';
import { shareOf } from '../../src/core/fuses/treeBudget.ts';
import { batchLimit } from '../../src/core/priority/prompt.ts';
import { backoff, callsAtOnce, longestWait } from '../../src/core/priority/callPace.ts';
import {
  defaultRetryPolicy,
  maxDeferrals,
  maxInterruptions,
  temporaryAttempts,
} from '../../src/core/workers/retryPolicy.ts';
import { numberRules } from '../../src/ui/settings/settingsModel.ts';

const count = (value: number): string => value.toLocaleString('en-US');
const minutes = (milliseconds: number): string => `${count(milliseconds / 60_000)} min`;
const seconds = (milliseconds: number): string => `${count(milliseconds / 1_000)} s`;
const hours = (milliseconds: number): string => `${count(milliseconds / 3_600_000)} h`;
const of = (key: keyof typeof numberRules): string => count(numberRules[key].default);
/** 0 is for a limit that is off until somebody sets it. */
const money = (micros: number): string =>
  micros === 0 ? 'money as you set it' : `${(micros / 1e6).toFixed(2)} of money`;

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
    `${defaultAttempts(true)} runs if it may be repeated, else ${defaultAttempts(false)}; ${temporaryAttempts} when it asks for another; ${maxInterruptions} interruptions`,
    `waits ${seconds(defaultRetryPolicy.baseDelay)}, doubling, at most ${minutes(defaultRetryPolicy.maxDelay)}`,
    'as the first run',
    'it fails for good, or asks you',
  ],
  [
    'a run that is told to slow down',
    `${maxDeferrals} times in a row`,
    `waits as long as it is told, else ${seconds(defaultRetryPolicy.baseDelay)}, doubling, at most ${minutes(defaultRetryPolicy.maxDelay)}`,
    'no attempt; what it used is counted',
    'it asks you',
  ],
  [
    'an agent that makes tasks',
    `${count(fuses.children)} for each task, ${count(fuses.depth)} levels deep; ${count(fuses.reentries)} that repeat what is above them`,
    `while its own run lasts; a repetition waits ${seconds(reentryDelay(1))}, then ${seconds(reentryDelay(2))}`,
    `${count(requestLimit)} lines of \`$PODIUM_OUTBOX\` in a run, ${count(blockLimit)} tasks in an answer of a model`,
    'refused with a sentence the agent reads; you are told once',
  ],
  [
    'a tree of tasks',
    `${count(fuses.treeTasks)} tasks, of which a branch has ${shareOf(fuses.treeTasks, 1)}, one under it ${shareOf(fuses.treeTasks, 2)}, and so on; ${count(fuses.failures)} failures in a row`,
    `${hours(fuses.treeTime)} of runs; new tasks wait when the last ${count(fuses.reproduction)} completed ones made more than they were`,
    `${count(fuses.treeTokens)} tokens; ${money(fuses.treeCostMicros)}`,
    'more tasks are refused, or the tree is paused; you are told once',
  ],
  [
    'the agents of a folder',
    `${count(fuses.creations)} tasks made in ${minutes(creationWindow)}, ${count(fuses.pending)} waiting, ${count(fuses.antiLoop)} starts in ${minutes(fuses.antiLoopWindow)}`,
    `a pause lasts ${minutes(fuses.antiLoopWindow)}, doubling until you answer`,
    `${count(fuses.dailyTokens)} tokens a day; ${money(fuses.dailyCostMicros)}`,
    'more tasks are refused, or the folder is paused; you are told once',
  ],
  [
    'the judging model',
    `${count(callsAtOnce)} calls of ${count(batchLimit)} tasks at a time, one alone after a failure`,
    `${of('model.timeoutSeconds')} s a call; after failures it is left alone for ${seconds(backoff.baseDelay)}, doubling, at most ${minutes(backoff.maxDelay)}, or as long as it asks for, ${count(longestWait / 3_600_000)} h at most`,
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
  [
    'another extension',
    'any number: what it adds counts as added by you',
    'as any run of yours',
    `the budget of the folder for a day: ${count(fuses.dailyTokens)} tokens`,
    'the folder is paused; what agents make under its tasks is limited as above',
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
