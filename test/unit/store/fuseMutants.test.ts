/** For what fuses promise: a check, and a variant that breaks the promise on purpose, on which that check fails. */
import assert from 'node:assert/strict';
import type { EndFacts, Family } from '../../../src/core/fuses/family.ts';
import type { TaskId } from '../../../src/core/model.ts';
import type { Settlement } from '../../../src/core/ports.ts';
import { reads } from '../../../src/store/reads.ts';
import { writes } from '../../../src/store/statements.ts';
import { changed, FuseBench } from '../../support/fuseBench.ts';
import type { Variant } from '../../support/fuseBench.ts';
import { draft, task } from '../../support/storeHarness.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const error = { code: 'exit', message: 'It failed.' };
const done: Settlement = { event: 'complete', result: '' };
const failing: Settlement = { event: 'fail', error, result: null };

/** What is seen of a promise, with the parts given. */
type Look = (variant: Variant) => Promise<unknown>;

const looks = {
  alertsForOneCause: async (variant) => {
    const bench = await new FuseBench({ children: 2 }, variant).open();
    await bench.root();
    await bench.grow(5);
    await bench.restart();
    await bench.grow(5);
    return bench.told;
  },
  alertsForOneTree: async (variant) => {
    const bench = await new FuseBench({ depth: 1 }, variant).open();
    await bench.root();
    await bench.grow(2);
    await bench.grow(1, 't1');
    await bench.grow(1, 't2');
    return bench.told;
  },
  startsInAHeldTree: async (variant) => {
    const bench = await new FuseBench({ failures: 2 }, variant).open();
    await bench.root();
    await bench.grow(5);
    await bench.run('t1', failing);
    await bench.run('t2', failing);
    return await bench.starts();
  },
  tripsOfABrokenStreak: async (variant) => {
    const bench = await new FuseBench({ failures: 3 }, variant).open();
    await bench.root();
    await bench.grow(6);
    for (const [index, end] of [failing, failing, done, failing, failing].entries())
      await bench.run(`t${index + 1}`, end);
    const before = bench.told.length;
    await bench.run('t6', failing);
    return [before, bench.told.length];
  },
  tripsAfterAnAnsweredStreak: async (variant) => {
    const bench = await new FuseBench({ failures: 2 }, variant).open();
    await bench.root();
    await bench.grow(5);
    await bench.run('t1', failing);
    await bench.run('t2', failing);
    await bench.clock.advance(10);
    await bench.answer();
    await bench.clock.advance(10);
    await bench.run('t3', failing);
    return bench.told.length;
  },
  spendOfADay: async (variant) => {
    const bench = await new FuseBench({ dailyTokens: 100 }, variant).open();
    await bench.root('a', 60);
    await bench.root('b', 60);
    return bench.told;
  },
  spendOfTwoDays: async (variant) => {
    const bench = await new FuseBench({ dailyTokens: 100 }, variant).open();
    await bench.root('a', 100);
    await bench.answer();
    await bench.root('b', 100);
    await bench.answer();
    await bench.clock.advance(day);
    await bench.root('c', 100);
    return bench.told.length;
  },
  timeOfATree: async (variant) => {
    const bench = await new FuseBench({ treeTime: 10 * minute }, variant).open();
    await bench.root();
    await bench.grow(3);
    await bench.run('t1', { event: 'retry', error, notBefore: 0, duration: 6 * minute });
    await bench.run('t1', { ...done, duration: 6 * minute });
    return bench.told;
  },
  reentriesAfterAnAnswer: async (variant) => {
    const bench = await new FuseBench({ reentries: 2 }, variant).open();
    await bench.root();
    await bench.grow(1, 'root', { reentries: 3 });
    await bench.answer();
    const letIn: number[] = [];
    for (const reentries of [3, 4, 5]) letIn.push(await bench.grow(1, 'root', { reentries }));
    return [letIn, bench.told];
  },
  growthThatIsApproved: async (variant) => {
    const bench = await new FuseBench({ reproduction: 1 }, variant).open();
    await bench.root();
    await bench.store.approvePlan('root' as TaskId, 6);
    await bench.grow(3);
    await bench.grow(3, 't1');
    await bench.run('t1', done);
    return await bench.grow(1);
  },
  growthAfterAnAnswer: async (variant) => {
    const bench = await new FuseBench({ reproduction: 1 }, variant).open();
    await bench.root();
    await bench.grow(2);
    await bench.clock.advance(minute);
    await bench.grow(2, 't1');
    await bench.run('t1', done);
    const before = await bench.grow(1, 't2');
    await bench.answer();
    await bench.clock.advance(minute);
    return [before, await bench.grow(1, 't2')];
  },
  growthThatStaysRefused: async (variant) => {
    const bench = await new FuseBench({ reproduction: 1 }, variant).open();
    await bench.root();
    await bench.grow(2);
    await bench.grow(2, 't1');
    await bench.run('t1', done);
    await bench.grow(1, 't2');
    await bench.run('t3', done);
    return await bench.grow(1, 't2');
  },
  waits: async (variant) => {
    const bench = await new FuseBench({ antiLoop: 1, antiLoopWindow: minute }, variant).open();
    await bench.root();
    await bench.grow(8);
    const waited: number[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      await bench.starts();
      const [trip] = await bench.store.trips();
      const wait = (trip?.resumesAt ?? 0) - bench.clock.wallClock();
      waited.push(wait / minute);
      await bench.clock.advance(wait);
    }
    return [waited, bench.told];
  },
  childrenAfterAnAnswer: async (variant) => {
    const bench = await new FuseBench({ children: 2 }, variant).open();
    await bench.root();
    await bench.grow(3);
    await bench.answer();
    return await bench.grow(5);
  },
  pauseWithoutTasksOfAgents: async (variant) => {
    const bench = await new FuseBench({ antiLoop: 1 }, variant).open();
    await bench.root();
    await bench.grow(3);
    await bench.starts();
    await bench.store.addTasks([draft('mine')]);
    const before = await bench.starts();
    await bench.store.settle({ taskId: 't1' as TaskId, claim: 1 }, done);
    await bench.store.stopTree('root' as TaskId);
    return [before, await bench.starts()];
  },
  startOnTheEdge: async (variant) => {
    const bench = await new FuseBench({ antiLoop: 2, antiLoopWindow: minute }, variant).open();
    await bench.root();
    await bench.grow(5);
    const starts = [await bench.starts(2)];
    await bench.clock.advance(minute);
    starts.push(await bench.starts(1));
    return starts;
  },
  stoppedRunsComeBack: async (variant) => {
    const bench = await new FuseBench({}, variant).open();
    await bench.root();
    await bench.grow(1);
    await bench.starts();
    await bench.store.stopTree('root' as TaskId);
    const made = await bench.grow(1, 't1');
    await bench.store.settle({ taskId: 't1' as TaskId, claim: 1 }, { event: 'interrupt', notBefore: null });
    return [made, (await task(bench.store, 't1')).status];
  },
  waitingForAWord: async (variant) => {
    const bench = await new FuseBench({ pending: 2, approvalDepth: 1 }, variant).open();
    await bench.root();
    return await bench.grow(4);
  },
} as const satisfies Record<string, Look>;

/** A variant whose gate is told something else about the family than is so. */
function misled(mislead: (family: Family) => Partial<Family>): Variant {
  return {
    policies: ({ admit, ...honest }) => ({
      ...honest,
      admit: (one, family, now) => admit(one, family && { ...family, ...mislead(family) }, now),
    }),
  };
}

/** A variant that judges the end of a run by something else than is so. */
function misinformed(mislead: (facts: EndFacts) => Partial<EndFacts>): Variant {
  return {
    policies: ({ ended, ...honest }) => ({
      ...honest,
      ended: (facts, now) => ended({ ...facts, ...mislead(facts) }, now),
    }),
  };
}

const mutants: readonly (readonly [
  name: string,
  look: keyof typeof looks,
  expected: unknown,
  mutant: () => Variant,
])[] = [
  [
    'open trips are forgotten with a restart',
    'alertsForOneCause',
    ['children'],
    () => changed(reads.openTrips, 't.ended_at IS NULL', 't.ended_at IS NULL AND 0'),
  ],
  [
    'a trip is noted for the task and not for its tree',
    'alertsForOneTree',
    ['depth'],
    () => ({
      policies: ({ admit, ...honest }) => ({
        ...honest,
        admit: (one, family, now) => {
          const answer = admit(one, family, now);
          if (!('refused' in answer) || answer.trip === undefined) return answer;
          return { ...answer, trip: { ...answer.trip, rootId: one.parentId } };
        },
      }),
    }),
  ],
  [
    'a tree is not held',
    'startsInAHeldTree',
    0,
    () => changed(writes.holdUnstopped, 'finished_at IS NULL', 'finished_at IS NULL AND 0'),
  ],
  [
    'what was completed does not end a streak of failures',
    'tripsOfABrokenStreak',
    [0, 1],
    () => changed(reads.lastEnds, "('completed', 'failed')", "('failed')"),
  ],
  [
    'failures before an answer count after it',
    'tripsAfterAnAnsweredStreak',
    1,
    () => changed(reads.lastEnds, 'finished_at > ?2', 'finished_at > 0 * ?2'),
  ],
  [
    'what a day has cost is not added up',
    'spendOfADay',
    ['daily-tokens'],
    () => changed(writes.addSpend, 'tokens = tokens + ', 'tokens = '),
  ],
  [
    'answers of other days add to the budget of today',
    'spendOfTwoDays',
    3,
    () => misinformed((facts) => ({ answers: (fuse, tree) => facts.answers(fuse, tree) })),
  ],
  [
    'only the last run of a task counts',
    'timeOfATree',
    ['tree-time'],
    () => changed(writes.settleRun, 'used_time = used_time + ', 'used_time = '),
  ],
  [
    'an answer switches re-entry off',
    'reentriesAfterAnAnswer',
    [
      [1, 1, 0],
      ['re-entry', 're-entry'],
    ],
    () =>
      misled((family) => ({
        answers: (fuse) => ({ ...family.answers(fuse), byUser: family.answers(fuse).byUser * 1_000 }),
      })),
  ],
  [
    'what was approved makes a tree grow too fast',
    'growthThatIsApproved',
    1,
    () => changed(reads.offspring, "AND json_extract(context_data, '$.approval') IS NOT 'given'", ''),
  ],
  [
    'an answer to reproduction changes nothing',
    'growthAfterAnAnswer',
    [0, 1],
    () => changed(reads.offspring, 'finished_at > ?4', 'finished_at > 0 * ?4'),
  ],
  [
    'a tree that grows too fast is refused now and then only',
    'growthThatStaysRefused',
    0,
    () => misled(() => ({ isBlown: () => false })),
  ],
  [
    'pauses do not double',
    'waits',
    [[1, 2, 4, 8], ['anti-loop']],
    () => changed(reads.endings, "('user', 'time')", "('user')"),
  ],
  [
    'pauses that ended by time are taken for answers',
    'waits',
    [[1, 2, 4, 8], ['anti-loop']],
    () => changed(reads.endings, 'ended_at, ended_by', "ended_at, 'user'"),
  ],
  [
    'answers add nothing',
    'childrenAfterAnAnswer',
    2,
    () => changed(reads.endings, "('user', 'time')", "('time')"),
  ],
  [
    "a person's tasks keep the pause of agents",
    'pauseWithoutTasksOfAgents',
    [0, 1],
    () => changed(reads.madeOpen, "AND created_by = 'agent'", ''),
  ],
  [
    'a start as old as the window is long still counts',
    'startOnTheEdge',
    [2, 1],
    () => changed(reads.executions, 'at > ?', 'at >= ?'),
  ],
  [
    'what was stopped goes on',
    'stoppedRunsComeBack',
    [0, 'cancelled'],
    () => changed(writes.stopRunning, 'held = 2', 'held = NULL'),
  ],
  [
    'what waits for a word does not count as waiting',
    'waitingForAWord',
    2,
    () => changed(reads.madePending, "('pending', 'needs_input')", "('pending')"),
  ],
];

describe('The checks of the fuses', () => {
  for (const [name, look, expected, mutant] of mutants) {
    it(`fail when ${name}`, async () => {
      assert.deepEqual(await looks[look]({}), expected);
      assert.notDeepEqual(await looks[look](mutant()), expected);
    });
  }
});
