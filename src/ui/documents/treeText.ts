/** A tree of tasks as a document to read: who made what, when, how deep, and what is left of its budgets. Pure. */
import { approvedLeft } from '../../core/fuses/fuseBox.ts';
import type { FuseSettings } from '../../core/fuses/fuseSettings.ts';
import { extended } from '../../core/fuses/gateFuse.ts';
import { shareOf } from '../../core/fuses/treeBudget.ts';
import type { FuseId, Trip } from '../../core/fuses/trip.ts';
import { isFinished } from '../../core/model.ts';
import type { Instant, Task } from '../../core/model.ts';
import type { TreeStanding } from '../../core/trees.ts';
import { alikeTogether } from '../present/alike.ts';
import { fuseNames } from '../present/tripRow.ts';
import {
  amountText,
  clipped,
  clockText,
  counted,
  durationText,
  momentText,
  moneyText,
} from '../present/words.ts';
import { censusOf } from './treeRoom.ts';
import type { TreeCensus, TreeLimits } from './treeRoom.ts';

export interface TreeFacts {
  /** The root first, parents before their sub-tasks. */
  readonly tasks: readonly Task[];
  /** Fuses of this tree, or of its folder, that have not been answered. */
  readonly trips: readonly Trip[];
  readonly standing: TreeStanding;
  readonly settings: FuseSettings;
  readonly now: Instant;
}

const rule = '─'.repeat(72);

export function treeText(facts: TreeFacts): string {
  const { tasks, trips, settings, now } = facts;
  const [root] = tasks;
  if (root === undefined) return 'This tree does not exist any more.';
  const limits: TreeLimits = {
    treeTasks: limitOf(facts, 'tree-tasks', settings.treeTasks),
    children: limitOf(facts, 'children', settings.children),
    depth: settings.depth,
  };
  const census = censusOf(tasks, limits);
  return [
    `Tree: ${clipped(root.title, 160)}`,
    rule,
    `${counted(tasks.length, 'task')}, of which agents have made ${tasks.filter(({ createdBy }) => createdBy === 'agent').length}.`,
    '',
    ...(trips.length === 0 ? [] : ['Fuses', ...trips.map((trip) => `  ${tripText(trip, now)}`), '']),
    'Budgets',
    ...budgetLines(facts, root, limits, census).map((text) => `  ${text}`),
    '',
    'Who made what',
    ...branchLines(root, census, now, '  '),
    '',
    'Podium: Stop Tree ends all of it, Podium: Drop Branch a task and what is under it. Podium: Resume Branch lets what',
    'waits of a task and under it run, although a fuse holds the tree.',
    `As of ${clockText(now, now)}.`,
    '',
  ].join('\n');
}

/** A limit with what a person has added by answering. */
function limitOf({ standing }: TreeFacts, fuse: FuseId, limit: number): number {
  return extended(limit, standing.answers[fuse] ?? 0);
}

function tripText({ fuse, at, reason, resumesAt }: Trip, now: Instant): string {
  const until = resumesAt === null ? '' : ` It goes on ${momentText(resumesAt, now)}.`;
  return `${clockText(at, now)}  ${fuseNames[fuse]}: ${reason}${until}`;
}

function budgetLines(
  facts: TreeFacts,
  root: Task,
  { treeTasks, children, depth }: TreeLimits,
  census: TreeCensus,
): readonly string[] {
  const { settings, standing } = facts;
  const { tokens, costMicros, time } = standing.used;
  const deepest = Math.max(...facts.tasks.map(({ contextData }) => contextData.delegation_depth));
  const approved = approvedLeft(root);
  const share = treeTasks === 0 ? '' : `; a branch directly under the root may have ${shareOf(treeTasks, 1)}`;
  return [
    line('Tasks', `${budgetText(census.sizes.get(root.id) ?? 1, treeTasks, amountText)}${share}`),
    line('Sub-tasks', children === 0 ? 'no limit' : `${amountText(children)} of each task`),
    line('Depth', budgetText(deepest, depth, String)),
    line('Tokens', budgetText(tokens, limitOf(facts, 'tree-tokens', settings.treeTokens), amountText)),
    line('Cost', budgetText(costMicros, limitOf(facts, 'tree-cost', settings.treeCostMicros), moneyText)),
    line('Time of runs', budgetText(time, limitOf(facts, 'tree-time', settings.treeTime), durationText)),
    ...(approved === 0
      ? []
      : [line('Approved', `${counted(approved, 'task')} that may still be made uncounted`)]),
    'Each answer of yours to a fuse of this tree adds its limit once more; what you approve is not counted.',
  ];
}

/** `40 of 50, 10 left`. @param limit 0 for none */
function budgetText(used: number, limit: number, text: (amount: number) => string): string {
  if (limit === 0) return `${text(used)}, no limit`;
  return `${text(used)} of ${text(limit)}, ${used >= limit ? 'nothing' : text(limit - used)} left`;
}

function line(name: string, text: string): string {
  return `${name.padEnd(14)}${text}`;
}

/** A task and what is under it; siblings that mean the same stand together. */
function branchLines(task: Task, census: TreeCensus, now: Instant, indent: string): readonly string[] {
  const children = alikeTogether(census.childrenOf.get(task.id) ?? [], (child) => child);
  return [
    `${indent}${clipped(task.title, 60)}  ${aboutText(task, census, now)}`,
    ...children.flatMap((child) => branchLines(child, census, now, `${indent}    `)),
  ];
}

function roomText(room: number): string {
  if (room === Infinity) return 'may make any number more';
  return room === 0 ? 'may make no more' : `may make ${amountText(room)} more`;
}

function aboutText(task: Task, { room, sizes }: TreeCensus, now: Instant): string {
  const { id, contextData, createdAt, createdBy, status, held, agentId } = task;
  return [
    `depth ${contextData.delegation_depth}`,
    createdBy === 'user' ? 'made by you' : 'made by the task above',
    clockText(createdAt, now),
    `agent ${agentId}`,
    held && status === 'pending' ? 'held' : status.replace('_', ' '),
    contextData.approval === 'given' ? 'approved' : '',
    contextData.similar_to === undefined ? '' : 'like a sibling',
    (sizes.get(id) ?? 1) === 1 ? '' : `${amountText(sizes.get(id) ?? 1)} in its branch`,
    // What is finished makes nothing any more.
    isFinished(status) ? '' : roomText(room.get(id) ?? 0),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
