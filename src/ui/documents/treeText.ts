/** A tree of tasks as a document to read: who made what, when, how deep, and what is left of its budgets. Pure. */
import { approvedLeft } from '../../core/fuses/fuseBox.ts';
import type { FuseSettings } from '../../core/fuses/fuseSettings.ts';
import { shareOf } from '../../core/fuses/treeBudget.ts';
import type { Trip } from '../../core/fuses/trip.ts';
import type { Instant, Task, TaskId } from '../../core/model.ts';
import { fuseNames } from '../present/tripRow.ts';
import { clipped, clockText, counted, durationText, momentText } from '../present/words.ts';

export interface TreeFacts {
  /** The root first, parents before their sub-tasks. */
  readonly tasks: readonly Task[];
  /** Fuses of this tree, or of its folder, that have not been answered. */
  readonly trips: readonly Trip[];
  readonly settings: FuseSettings;
  readonly now: Instant;
}

const rule = '─'.repeat(72);

export function treeText({ tasks, trips, settings, now }: TreeFacts): string {
  const [root] = tasks;
  if (root === undefined) return 'This tree does not exist any more.';
  return [
    `Tree: ${clipped(root.title, 160)}`,
    rule,
    counted(tasks.length, 'task') + `, of which agents have made ${tasks.length - 1}.`,
    '',
    ...(trips.length === 0 ? [] : ['Fuses', ...trips.map((trip) => `  ${tripText(trip, now)}`), '']),
    'Budgets',
    ...budgetLines(tasks, root, settings).map((line) => `  ${line}`),
    '',
    'Who made what',
    ...branchLines(tasks, root.id, now, '  '),
    '',
    'Podium: Stop Tree ends all of it, Podium: Drop Branch a task and what is under it.',
    `As of ${clockText(now, now)}.`,
    '',
  ].join('\n');
}

function tripText({ fuse, at, reason, resumesAt }: Trip, now: Instant): string {
  const until = resumesAt === null ? '' : ` It goes on ${momentText(resumesAt, now)}.`;
  return `${clockText(at, now)}  ${fuseNames[fuse]}: ${reason}${until}`;
}

function budgetLines(tasks: readonly Task[], root: Task, settings: FuseSettings): readonly string[] {
  const sum = (of: (task: Task) => number): number => tasks.reduce((total, task) => total + of(task), 0);
  const uncovered = tasks.filter(
    ({ id, contextData }) => id === root.id || contextData.approval !== 'given',
  ).length;
  const time = sum(({ startedAt, finishedAt }) =>
    startedAt === null || finishedAt === null ? 0 : finishedAt - startedAt,
  );
  const deepest = Math.max(...tasks.map(({ contextData }) => contextData.delegation_depth));
  const approved = approvedLeft(root);
  return [
    line(
      'Tasks',
      `${uncovered} of ${limitText(settings.treeTasks)}; a branch directly under the root ${settings.treeTasks === 0 ? 'has no limit' : `may have ${shareOf(settings.treeTasks, 1)}`}`,
    ),
    line('Sub-tasks', `${limitText(settings.children)} of each task`),
    line('Depth', `${deepest} of ${settings.depth}`),
    line('Tokens', `${sum(({ tokens }) => tokens)} of ${limitText(settings.treeTokens)}`),
    line(
      'Time of runs',
      `${durationText(time)} of ${settings.treeTime === 0 ? 'no limit' : durationText(settings.treeTime)}`,
    ),
    ...(approved === 0
      ? []
      : [line('Approved', `${counted(approved, 'task')} that may still be made uncounted`)]),
    'Each answer of yours to a fuse of this tree adds its limit once more.',
  ];
}

function line(name: string, text: string): string {
  return `${name.padEnd(14)}${text}`;
}

function limitText(limit: number): string {
  return limit === 0 ? 'no limit' : String(limit);
}

/** A task and what is under it; siblings that mean the same stand together. */
function branchLines(tasks: readonly Task[], id: TaskId, now: Instant, indent: string): readonly string[] {
  const task = tasks.find((one) => one.id === id);
  if (task === undefined) return [];
  const children = tasks.filter(({ parentId }) => parentId === id);
  const likeOf = ({ contextData, id: own }: Task): unknown => contextData.similar_to ?? own;
  const together = [...Map.groupBy(children, likeOf).values()].flat();
  return [
    `${indent}${clipped(task.title, 60)}  ${aboutText(task, now)}`,
    ...together.flatMap((child) => branchLines(tasks, child.id, now, `${indent}    `)),
  ];
}

function aboutText(task: Task, now: Instant): string {
  const { contextData, createdAt, createdBy, status, held, agentId } = task;
  return [
    `depth ${contextData.delegation_depth}`,
    createdBy === 'user' ? 'made by you' : 'made by the task above',
    clockText(createdAt, now),
    `agent ${agentId}`,
    held && status === 'pending' ? 'held' : status.replace('_', ' '),
    contextData.approval === 'given' ? 'approved' : '',
    contextData.similar_to === undefined ? '' : 'like a sibling',
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
