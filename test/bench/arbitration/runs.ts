/** What each system makes of the tasks of a trace: the baselines as plain workers, Podium as the product has it. */
import type { Resource, Resources } from '../../../src/core/arbitration/resource.ts';
import { priorityLevels } from '../../../src/core/model.ts';
import type { Milliseconds, WorkspaceId } from '../../../src/core/model.ts';
import type { AgentOutcome } from '../../../src/core/ports.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { completed, pass } from '../../support/scriptedAgent.ts';
import { seededRandom } from '../../support/seededChance.ts';
import { openTestDesk } from '../../support/testDesk.ts';
import type { TestDesk } from '../../support/testDesk.ts';
import { apiNames, Apis, quotas, researchCalls } from './apis.ts';
import type { ApiName, ApisOptions } from './apis.ts';
import type { TraceTask } from './trace.ts';

export interface Outcome {
  /** When each task was done, since all came. */
  readonly done: ReadonlyMap<TraceTask, Milliseconds>;
  readonly apis: Apis;
  readonly executions: number;
}

export type World = Omit<ApisOptions, 'clock'>;

const workers = 10;
const minute: Milliseconds = 60_000;
/** A signal of its own for each wait: what listens to it is gone with it. */
const never = (): AbortSignal => new AbortController().signal;

interface Baseline {
  /** Before each task: a judgement on the worker, of a model that takes 3 to 5.4 s. */
  readonly judges: 'each' | 'each meaning' | 'none';
  /** Takes tasks by the level their user has given, instead of as they came. */
  readonly byLevel?: boolean;
  /** Waits on the worker for a token of a bucket that is filled as the quotas say. */
  readonly buckets: boolean;
}

export const baselines: Readonly<Record<string, Baseline>> = {
  S0: { judges: 'none', byLevel: true, buckets: false },
  S1: { judges: 'each', buckets: false },
  S1n: { judges: 'none', buckets: false },
  S2: { judges: 'each meaning', buckets: true },
};

/** Meanings among the tasks, for a cache that knows each after its first. */
const meanings = 100;

/** Ten workers that take one task after the other, and try again blindly after 0.25 to 1 s. */
export async function runBaseline(
  trace: readonly TraceTask[],
  { judges, byLevel = false, buckets }: Baseline,
  world: World,
  seed: number,
): Promise<Outcome> {
  const clock = new FakeClock();
  const began = clock.monotonic();
  const apis = new Apis({ clock, ...world });
  const random = seededRandom(seed);
  const levelOf = ({ priority }: TraceTask): number => priorityLevels.indexOf(priority);
  const queue = byLevel ? trace.toSorted((one, other) => levelOf(one) - levelOf(other)) : [...trace];
  const done = new Map<TraceTask, Milliseconds>();
  const known = new Set<number>();
  const filled = new Map(apiNames.map((name) => [name, { level: quotas[name].capacity, at: began }]));

  const acquire = async (name: ApiName): Promise<void> => {
    const bucket = filled.get(name);
    if (bucket === undefined) return;
    for (;;) {
      const { capacity, perSecond } = quotas[name];
      const now = clock.monotonic();
      bucket.level = Math.min(capacity, bucket.level + ((now - bucket.at) / 1_000) * perSecond);
      bucket.at = now;
      if (bucket.level >= 1) {
        bucket.level -= 1;
        return;
      }
      await pass(clock, Math.ceil(((1 - bucket.level) / perSecond) * 1_000), never());
    }
  };
  const work = async (): Promise<void> => {
    for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
      const meaning = trace.indexOf(task) % meanings;
      if (judges === 'each' || (judges === 'each meaning' && !known.has(meaning)))
        await pass(clock, Math.round(3_000 + 2_400 * random()), never());
      known.add(meaning);
      if (!task.research) await pass(clock, task.duration, never());
      for (const name of task.research ? researchCalls : []) {
        for (;;) {
          if (buckets) await acquire(name);
          if ((await apis.call(name, never())).ok) break;
          await pass(clock, Math.round(250 + 750 * random()), never());
        }
      }
      done.set(task, clock.monotonic() - began);
    }
  };
  const all = Promise.all(Array.from({ length: workers }, work));
  while (done.size < trace.length) await clock.advance(1_000);
  await all;
  return { done, apis, executions: done.size };
}

/** What a user types to tell Podium of the three interfaces. */
export function typed(over: { readonly times?: number; readonly spikes?: boolean } = {}): Resources {
  const { times = 1, spikes = true } = over;
  return new Map(
    apiNames.map((name): [string, Resource] => {
      const { capacity, perSecond, spike } = quotas[name];
      return [
        name,
        {
          kind: 'rate',
          capacity: capacity * times,
          perSecond: perSecond * times,
          spike: spikes ? spike : null,
        },
      ];
    }),
  );
}

const amounts: Readonly<Record<ApiName, number>> = {
  google_search_api: 3,
  twitter_api: 2,
  news_api: 2,
};

/**
 * Podium, with tasks that name what they use, and an agent that says when it was refused and ends.
 * @param resources null for Podium without its arbitrator: tasks name nothing, and the agent tries again blindly
 */
export async function runPodium(
  trace: readonly TraceTask[],
  resources: Resources | null,
  world: World,
  seed: number,
): Promise<Outcome> {
  const clock = new FakeClock();
  const random = seededRandom(seed);
  const byName = new Map(trace.map((task) => [task.name, task]));
  const done = new Map<TraceTask, Milliseconds>();
  let executions = 0;
  const apis = new Apis({ clock, ...world });
  let began = 0;
  const ids = [...new Set(trace.map(({ workspace }) => workspace))].map((one) => `w${one}` as WorkspaceId);
  const house: TestDesk = await openTestDesk({
    clock,
    seed,
    workers,
    workspaces: ids,
    resources: resources ?? new Map(),
    // Without the arbitrator a run tries again for as long as it takes.
    agent: { timeout: 60 * minute },
    script: async ({ title }, _run, signal): Promise<AgentOutcome> => {
      const task = byName.get(title);
      if (task === undefined) throw new Error('Something ran that is not of the trace.');
      if (!task.research) await pass(clock, task.duration, signal);
      const used: Record<string, number> = {};
      for (const name of task.research ? researchCalls : []) {
        for (;;) {
          const reply = await apis.call(name, signal);
          used[name] ??= 0;
          if (reply.ok) {
            used[name] += 1;
            break;
          }
          if (resources !== null) {
            const error = { code: 'exit', message: `${name} refused` };
            const rateLimited = { resource: name, retryAfter: reply.retryAfter };
            return {
              kind: 'failed',
              error,
              retryable: false,
              rateLimited,
              used: { ...Object.fromEntries(apiNames.map((one) => [one, 0])), ...used },
            };
          }
          await pass(clock, Math.round(250 + 750 * random()), signal);
        }
      }
      executions += 1;
      done.set(task, clock.monotonic() - began);
      return completed;
    },
  });
  await using _house = house;
  // All at once: they are there before anything starts.
  await house.desk.pause('all', 'until all have come');
  for (const { name, workspace, research, priority } of trace) {
    const wish = research && resources !== null ? { resources: amounts } : {};
    await house.add(name, { workspaceId: `w${workspace}` as WorkspaceId, priority, ...wish });
  }
  began = clock.monotonic();
  await house.desk.resume('all');
  for (let passed = 0; done.size < trace.length && passed < 120; passed += 1) await clock.advance(minute);
  if (done.size < trace.length)
    throw new Error(`Podium has done ${done.size} of ${trace.length} in two hours.`);
  return { done, apis, executions };
}
