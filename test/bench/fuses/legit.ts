/**
 * The workload `W-LEGIT`: ordinary work, which no fuse may touch: a plan of 150 tasks that a person approved, made in
 * one burst; a hundred tasks of a person in five minutes; an approved tree of 1 + 8 + 32. The same tree unapproved
 * trips exactly once, and ends all the same. In virtual time on the real core and store.
 */
import type { Task } from '../../../src/core/model.ts';
import { completed, pass } from '../../support/scriptedAgent.ts';
import { openTestDesk } from '../../support/testDesk.ts';
import type { TestDesk } from '../../support/testDesk.ts';
import { check } from '../report.ts';
import type { WorkloadReport, Workloads } from '../report.ts';

const second = 1_000;
const minute = 60 * second;

interface Outcome {
  readonly trips: number;
  readonly refused: number;
  readonly completed: number;
  readonly unfinished: number;
}

/** @param children sub-tasks each task makes */
async function work(
  children: (task: Task) => number,
  begin: (house: TestDesk) => Promise<void>,
): Promise<Outcome> {
  let refused = 0;
  const house = await openTestDesk({
    script: async (task, run, signal) => {
      for (let index = 0; index < children(task); index += 1) {
        const answer = await run.createSubTask({ title: `${task.title}.${index}` });
        if (answer.kind === 'refused') refused += 1;
      }
      await pass(house.clock, second, signal);
      return completed;
    },
  });
  await using _house = house;
  await begin(house);
  await house.clock.advance(60 * minute);
  const counts = await house.counts();
  return {
    trips: house.events.filter(({ type }) => type === 'tripped').length,
    refused,
    completed: counts.completed,
    unfinished:
      counts.ready + counts.scheduled + counts.blocked + counts.held + counts.running + counts.attention,
  };
}

const depthOf = ({ contextData }: Task): number => contextData.delegation_depth;
const plan = (task: Task): number => (depthOf(task) === 0 ? 150 : 0);
const tree = (task: Task): number => [8, 4][depthOf(task)] ?? 0;

async function legit(): Promise<WorkloadReport> {
  const approvedPlan = await work(plan, async (house) => {
    await house.desk.fuses.approvePlan(await house.add('Plan'), 150);
  });
  const byHand = await work(
    () => 0,
    async (house) => {
      for (let number = 0; number < 100; number += 1) {
        await house.add(`Mine ${number}`);
        await house.clock.advance(3 * second);
      }
    },
  );
  const approvedTree = await work(tree, async (house) => {
    await house.desk.fuses.approvePlan(await house.add('Tree'), 40);
  });
  const unapproved = await work(tree, async (house) => {
    await house.add('Tree');
  });
  const figures = ({ trips, refused, completed: done, unfinished }: Outcome): Record<string, number> => ({
    trips,
    'creations refused': refused,
    completed: done,
    unfinished,
  });
  return {
    systems: {
      'approved plan of 150': figures(approvedPlan),
      '100 by hand in 5 min': figures(byHand),
      'approved 1 + 8 + 32': figures(approvedTree),
      'unapproved 1 + 8 + 32': figures(unapproved),
    },
    checks: [
      check('trips of an approved plan', approvedPlan.trips, '<=', 0, 'trips'),
      check('completed of an approved plan', approvedPlan.completed, '>=', 151, 'tasks'),
      check('trips of work by hand', byHand.trips, '<=', 0, 'trips'),
      check('completed by hand', byHand.completed, '>=', 100, 'tasks'),
      check('trips of an approved tree', approvedTree.trips, '<=', 0, 'trips'),
      check('completed of an approved tree', approvedTree.completed, '>=', 41, 'tasks'),
      check('trips of an unapproved tree, least', unapproved.trips, '>=', 1, 'trips'),
      check('trips of an unapproved tree, most', unapproved.trips, '<=', 1, 'trips'),
      check('completed of an unapproved tree', unapproved.completed, '>=', 41, 'tasks'),
    ],
  };
}

export const workloads: Workloads = { 'W-LEGIT': legit };
