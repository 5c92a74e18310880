/**
 * Whatever agents ask for, and whatever parents they claim, no budget is exceeded; and a restart at any moment changes
 * nothing of what is let in afterwards.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fusePolicies } from '../../src/core/fuses/fuseBox.ts';
import type { FusePolicies } from '../../src/core/fuses/fuseBox.ts';
import { defaultFuses } from '../../src/core/fuses/fuseSettings.ts';
import type { FuseSettings } from '../../src/core/fuses/fuseSettings.ts';
import { shareOf } from '../../src/core/fuses/treeBudget.ts';
import type { Task, TaskId } from '../../src/core/model.ts';
import type { Admission, Store } from '../../src/core/ports.ts';
import { scoreOf } from '../../src/core/priority/score.ts';
import { FakeClock } from '../support/fakeClock.ts';
import { SimulatedFiles } from '../support/simulatedFiles.ts';
import { allTasks, claim, completion, draft, openHarness, putHome } from '../support/storeHarness.ts';

/** Small, so that short sequences reach them. */
const limits: FuseSettings = {
  ...defaultFuses,
  ...{ depth: 3, children: 4, treeTasks: 9, pending: 14, creations: 8, antiLoop: 5, approvalDepth: 3 },
};
const minute = 60_000;

type Step =
  | { readonly kind: 'create'; readonly parent: number; readonly claimed: number }
  | { readonly kind: 'run' | 'complete' }
  | { readonly kind: 'wait'; readonly milliseconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('create' as const),
      parent: fc.nat(30),
      claimed: fc.integer({ min: -5, max: 5 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('run' as const, 'complete' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), milliseconds: fc.nat(2 * minute) }),
  },
);

/** What came of a sequence of steps. */
interface Trace {
  readonly answers: readonly string[];
  readonly starts: readonly { readonly at: number; readonly byAgent: boolean }[];
  readonly created: readonly number[];
  readonly tasks: readonly Task[];
}

/** @param restartAfter the store is closed without a word and opened again after so many steps */
async function perform(
  steps: readonly Step[],
  restartAfter: number | null,
  policies: FusePolicies = fusePolicies(() => limits),
): Promise<Trace> {
  const clock = new FakeClock();
  const files = new SimulatedFiles();
  const open = async (): Promise<Awaited<ReturnType<typeof openHarness>>> =>
    await openHarness({ files, clock, policies: { ...policies, score: scoreOf } });
  let store = await open();
  await putHome(store);
  const names: TaskId[] = [];
  for (const name of ['root 1', 'root 2']) {
    await store.addTasks([draft(name, { createdAt: clock.wallClock() })]);
    names.push(name as TaskId);
  }
  const answers: string[] = [];
  const starts: { at: number; byAgent: boolean }[] = [];
  const created: number[] = [];
  for (const [number, one] of steps.entries()) {
    if (number === restartAfter) {
      await store.abandon();
      store = await open();
    }
    if (one.kind === 'wait') await clock.advance(one.milliseconds);
    if (one.kind === 'create') {
      const admission = await create(store, names, one, number, clock);
      answers.push(admission.kind === 'refused' ? admission.code : admission.kind);
      if (admission.kind === 'added') {
        names.push(admission.id);
        created.push(clock.wallClock());
      }
    }
    if (one.kind === 'run')
      for (const { task } of await claim(store, 2)) {
        starts.push({ at: clock.wallClock(), byAgent: task.createdBy === 'agent' });
        answers.push(`start ${task.id}`);
      }
    if (one.kind === 'complete') await completeOne(store);
  }
  const tasks = await allTasks(store);
  await store.close();
  return { answers, starts, created, tasks };
}

async function create(
  store: Store,
  names: readonly TaskId[],
  { parent, claimed }: Extract<Step, { kind: 'create' }>,
  number: number,
  clock: FakeClock,
): Promise<Admission> {
  const parentId = names[parent % names.length] ?? null;
  const [admission] = await store.addTasks([
    {
      ...draft(`task ${number}`, { parentId, createdBy: 'agent', createdAt: clock.wallClock() }),
      // What no caller is asked for.
      ...({ contextData: { delegation_depth: claimed }, rootId: 'root 1', depth: claimed } as object),
    },
  ]);
  assert.ok(admission);
  return admission;
}

async function completeOne(store: Store): Promise<void> {
  const running = (await allTasks(store)).find(({ status }) => status === 'running');
  if (running !== undefined) await store.settle({ taskId: running.id, claim: running.claim }, completion);
}

/** Every limit that a trace breaks; empty when all is well. */
function broken({ tasks, starts, created }: Trace): readonly string[] {
  const wrong: string[] = [];
  const childrenOf = (id: TaskId): readonly Task[] => tasks.filter(({ parentId }) => parentId === id);
  const sizeOf = (task: Task): number =>
    1 + childrenOf(task.id).reduce((sum: number, child) => sum + sizeOf(child), 0);
  for (const task of tasks) {
    const parent = tasks.find(({ id }) => id === task.parentId);
    const depth = parent === undefined ? 0 : parent.contextData.delegation_depth + 1;
    if (task.contextData.delegation_depth !== depth) wrong.push(`${task.id} claims another depth`);
    if (depth > limits.depth) wrong.push(`${task.id} is too deep`);
    if (task.rootId !== (parent?.rootId ?? task.id)) wrong.push(`${task.id} has another root`);
    if (childrenOf(task.id).length > limits.children) wrong.push(`${task.id} has too many children`);
    if (sizeOf(task) > shareOf(limits.treeTasks, depth)) wrong.push(`${task.id} has more than its share`);
  }
  const waiting = tasks.filter(
    ({ createdBy, status }) => createdBy === 'agent' && (status === 'pending' || status === 'needs_input'),
  );
  if (waiting.length > limits.pending) wrong.push('too many wait');
  if (mostWithin(created, minute) > limits.creations) wrong.push('too many were made in a minute');
  const ofAgents = starts.filter(({ byAgent }) => byAgent).map(({ at }) => at);
  if (mostWithin(ofAgents, limits.antiLoopWindow) > limits.antiLoop) wrong.push('too many were started');
  return wrong;
}

/** Most instants in any window that is open at its beginning. */
function mostWithin(instants: readonly number[], window: number): number {
  return Math.max(
    0,
    ...instants.map((end) => instants.filter((at) => at > end - window && at <= end).length),
  );
}

describe('No sequence of creations by agents', function () {
  this.timeout(60_000);

  it('exceeds a budget, whatever depths and parents a caller claims', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60 }), async (steps) => {
        assert.deepEqual(broken(await perform(steps, null)), []);
      }),
      { numRuns: 60 },
    );
  });

  it('comes out otherwise when the store is opened again in the middle', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 20, maxLength: 40 }),
        fc.nat(40),
        async (steps, restartAfter) => {
          const whole = await perform(steps, null);
          const cut = await perform(steps, restartAfter);
          assert.deepEqual(cut.answers, whole.answers);
        },
      ),
      { numRuns: 40 },
    );
  });

  // What would be let in if a fuse were not asked: each shows that the property above can fail.
  for (const [name, change] of Object.entries({
    depth: { depth: 1_000 },
    children: { children: 0 },
    'tree-tasks': { treeTasks: 0 },
    pending: { pending: 0 },
    'creation-rate': { creations: 0 },
    'anti-loop': { antiLoop: 0 },
  } satisfies Record<string, Partial<FuseSettings>>)) {
    it(`keeps within it without the fuse "${name}"`, async () => {
      const mutant = fusePolicies(() => ({ ...limits, ...change }));
      const result = await fc.check(
        fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 90 }), async (steps) => {
          assert.deepEqual(broken(await perform(steps, null, mutant)), []);
        }),
        // Always the same sequences: a mutant that is found is found again.
        { seed: 5, numRuns: 400, endOnFailure: true },
      );
      assert.equal(result.failed, true);
    });
  }
});
