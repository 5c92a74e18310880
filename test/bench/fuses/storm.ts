/**
 * The workload `W-STORM`: agents that create tasks for ever, in eight shapes, beside a workspace that works as ever.
 * What each fuse must do is checked, and that the one acts first that is to; each limit has a mutant without it.
 */
import { defaultFuses } from '../../../src/core/fuses/fuseSettings.ts';
import { noFuses } from '../../support/noFuses.ts';
import { check } from '../report.ts';
import type { Check, WorkloadReport, Workloads } from '../report.ts';
import { manyRoots, shapes, threeARun, urgent } from './shapes.ts';
import { weather } from './weather.ts';
import type { Outcome } from './weather.ts';

const second = 1_000;
const minute = 60 * second;
const length = 20 * minute;

function figuresOf(outcome: Outcome): Record<string, number> {
  const { first } = outcome;
  return {
    'tasks of the largest tree': outcome.tasks,
    'waiting at one time, most': outcome.pendingPeak,
    'starts of agents’ tasks': outcome.starts,
    'the same in five minutes, most': outcome.startsInWindow,
    'creations refused': outcome.refused,
    [`first fuse: ${first?.fuse ?? 'none'}, after ms`]: first?.at ?? NaN,
    'work wasted, %': (100 * outcome.wasted) / outcome.worked,
    'latency of the neighbour, p99 ms': outcome.neighbour99,
  };
}

async function storm(): Promise<WorkloadReport> {
  const calm = await weather(null, undefined, length);
  const systems: Record<string, Record<string, number>> = {
    'P calm': {
      'load of the neighbour, %': 100 * calm.load,
      'latency of the neighbour, p99 ms': calm.neighbour99,
    },
  };
  const outcomes: Outcome[] = [];
  for (const shape of shapes) {
    const outcome = await weather(shape, undefined, length);
    outcomes.push(outcome);
    systems[`P ${shape.name}`] = figuresOf(outcome);
  }
  // Without fuses, for a tenth of the time; and with all but one.
  const none = await weather(threeARun, { ...noFuses, depth: 1_000 }, 2 * minute);
  const noCeiling = await weather(manyRoots, { ...defaultFuses, pending: 0 }, length);
  const noLoop = await weather(threeARun, { ...defaultFuses, antiLoop: 0 }, 2 * minute);
  // The two that would act in its place are off as well.
  const untied = { ...defaultFuses, treeTasks: 0, antiLoop: 0, reproduction: 0 };
  const noTree = await weather(threeARun, untied, 5 * minute);
  const twins = await weather(urgent, { ...noFuses, depth: 1_000 }, 2 * minute);
  systems['P! no fuses'] = figuresOf(none);
  systems['P! no fuses, URGENT'] = figuresOf(twins);
  systems['P! no ceiling'] = figuresOf(noCeiling);
  systems['P! no anti-loop'] = figuresOf(noLoop);
  systems['P! no tree budget'] = figuresOf(noTree);
  const most = (of: (outcome: Outcome) => number): number => Math.max(...outcomes.map(of));
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    systems,
    checks: [
      ...limits(most),
      check(
        'shapes in which the fuse acts first that is to',
        outcomes.filter(({ first }, index) => first?.fuse === shapes[index]?.acts).length,
        '>=',
        shapes.length,
        'shapes',
      ),
      check('work wasted', (100 * sum(({ wasted }) => wasted)) / sum(({ worked }) => worked), '<=', 1, '%'),
      ...neighbourChecks(outcomes, calm),
      check('the ceiling is reached', outcomes.at(-1)?.pendingPeak ?? 0, '>=', 200, 'tasks'),
      check('mutant without fuses: tasks of one tree', none.tasks, '>=', 51, 'tasks'),
      check(
        'mutant without fuses: p99 of the neighbour over calm',
        none.neighbour99 / calm.neighbour99,
        '>=',
        1.11,
        'x',
      ),
      check('mutant without fuses: work wasted', (100 * twins.wasted) / twins.worked, '>=', 1.01, '%'),
      check('mutant without a ceiling: waiting tasks of agents', noCeiling.pendingPeak, '>=', 201, 'tasks'),
      check('mutant without anti-loop: starts in five minutes', noLoop.startsInWindow, '>=', 21, 'starts'),
      check('mutant without a tree budget: tasks of one tree', noTree.tasks, '>=', 51, 'tasks'),
    ],
  };
}

function limits(most: (of: (outcome: Outcome) => number) => number): readonly Check[] {
  return [
    check(
      'tasks of one tree',
      most(({ tasks }) => tasks),
      '<=',
      50,
      'tasks',
    ),
    check(
      'waiting tasks of agents',
      most(({ pendingPeak }) => pendingPeak),
      '<=',
      200,
      'tasks',
    ),
    check(
      'starts of agents’ tasks in five minutes',
      most(({ startsInWindow }) => startsInWindow),
      '<=',
      20,
      'starts',
    ),
    check(
      'from asking to being refused',
      most(({ refusalTook }) => refusalTook),
      '<=',
      0,
      'ms',
    ),
    check(
      'from a crossing to its alert',
      most(({ alertTook }) => alertTook),
      '<=',
      second,
      'ms',
    ),
    check(
      'alerts of one root and cause',
      most(({ alertsOfOne }) => alertsOfOne),
      '<=',
      1,
      'alerts',
    ),
  ];
}

function neighbourChecks(outcomes: readonly Outcome[], calm: Outcome): readonly Check[] {
  const ratios = outcomes.map(({ neighbour99 }) => neighbour99 / calm.neighbour99);
  return [
    check('load of the neighbour, least', 100 * calm.load, '>=', 50, '%'),
    check('tasks of the neighbour lost', Math.max(...outcomes.map(({ lost }) => lost)), '<=', 0, 'tasks'),
    check('p99 of the neighbour over calm, worst shape', Math.max(...ratios), '<=', 1.1, 'x'),
    check('p99 of the neighbour over calm, best shape', Math.min(...ratios), '>=', 0.9, 'x'),
  ];
}

export const workloads: Workloads = { 'W-STORM': storm };
