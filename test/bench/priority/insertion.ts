/**
 * What a rank costs, on the real clock: from the moment a task is given to the desk until it is acknowledged with a
 * score, how much of that it is until it has its provisional place (all tasks have descriptions of 400 bytes), and from
 * the moment another task begins to wait for it until its score says so. Everything else that the
 * house does meanwhile counts as well, and whatever else the machine does: the clock of a thread's CPU ticks in
 * steps of 4 ms on some systems, too coarse for single tasks, so that one only gives the mean. Files are in memory: a
 * disk would be waited for, and costs no work.
 */
import { setImmediate } from 'node:timers/promises';
import { Desk } from '../../../src/core/desk.ts';
import { fusePolicies } from '../../../src/core/fuses/fuseBox.ts';
import { Meter } from '../../../src/core/metrics/meter.ts';
import type { LatencySummary } from '../../../src/core/metrics/metrics.ts';
import type { WorkspaceId } from '../../../src/core/model.ts';
import type { Places } from '../../../src/core/ports.ts';
import type { Meanings } from '../../../src/core/priority/meanings.ts';
import { Refiner } from '../../../src/core/priority/refiner.ts';
import { scoreOf } from '../../../src/core/priority/score.ts';
import { Spend } from '../../../src/core/priority/spend.ts';
import { defaultRetryPolicy } from '../../../src/core/workers/retryPolicy.ts';
import { openStore } from '../../../src/store/embeddedStore.ts';
import { systemChance } from '../../../src/system/systemChance.ts';
import { systemClock } from '../../../src/system/systemClock.ts';
import { systemMemory } from '../../../src/system/systemMemory.ts';
import { RecordingLog } from '../../support/recordingLog.ts';
import { agentsOf, completed, ScriptedAgent } from '../../support/scriptedAgent.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { threadTime } from '../house.ts';
import { priorityTrace } from '../priorityTrace.ts';
import { descriptionOf } from './descriptions.ts';
import { settings } from './house.ts';
import { SimulatedModel } from './simulatedModel.ts';
import { truthsOf } from './truths.ts';

export interface InsertionTimes {
  /** Milliseconds by the clock on the wall, by task. */
  readonly added: readonly number[];
  readonly gained: readonly number[];
  /** Milliseconds of CPU of one task, on average. */
  readonly cpuOfAdded: number;
  /** Milliseconds from taking a task up until it has its provisional place, as the metrics panel shows them. */
  readonly provisional: LatencySummary;
}

const home = 'home' as WorkspaceId;
/** Before it is measured, so that the code is compiled. */
const warmUp = 200;
const gains = 300;

const places: Places = {
  folderOf: () => '/home',
  runDirectory: ({ taskId, claim }) => `/runs/${taskId}/${String(claim)}`,
  makeRunDirectory: (ref) => Promise.resolve(places.runDirectory(ref)),
};

/** A thousand tasks, added one after the other while all workers are busy and a model is asked. */
export async function insertionTimes(seed: number, meanings: () => Meanings): Promise<InsertionTimes> {
  const trace = priorityTrace(seed);
  const clock = systemClock;
  const log = new RecordingLog();
  const files = new SimulatedFiles();
  const meter = new Meter({ clock, memory: systemMemory });
  const store = await openStore({
    directory: '/store',
    files,
    clock,
    policies: { ...fusePolicies(), score: scoreOf },
    log,
    watch: meter,
  });
  const model = new SimulatedModel({ clock, seed, truths: truthsOf(trace) });
  const release = Promise.withResolvers<undefined>();
  const agent = new ScriptedAgent(clock, async () => {
    await release.promise;
    return completed;
  });
  const desk = new Desk({
    store,
    takeOver: () => Promise.resolve(),
    agents: agentsOf(agent),
    places,
    clock,
    chance: systemChance,
    log,
    meter,
    trusted: () => true,
    workers: settings.workers,
    retry: () => defaultRetryPolicy,
    refine: (house) =>
      new Refiner({
        store: store.judgements,
        models: { scoring: () => model },
        meanings: meanings(),
        spend: new Spend(store),
        clock,
        chance: systemChance,
        log,
        settings: () => ({ timeout: settings.modelTimeout, dailyTokens: settings.dailyTokens }),
        house,
      }),
  });
  await desk.start([{ id: home, uri: 'file:///home', name: 'home' }]);
  await desk.setGoal(home, trace.goal.en);
  const { id: agentId } = agent.description;
  const [added, gained]: [number[], number[]] = [[], []];
  const cpu = threadTime();
  for (const { text } of trace.tasks) {
    const began = performance.now();
    const id = await desk.addTask({
      workspaceId: home,
      title: text,
      description: descriptionOf(text),
      agentId,
    });
    added.push(performance.now() - began);
    if (id === '') throw new Error('A task was not added.');
    await setImmediate();
  }
  const cpuOfAdded = (threadTime() - cpu) / trace.tasks.length;
  const provisional = desk.history('1 h').timed.rank.all;
  for (const task of (await store.unfinished(home, warmUp + gains)).filter(
    ({ status }) => status === 'pending',
  )) {
    const began = performance.now();
    await desk.addTask({ workspaceId: home, title: trace.tasks[0]?.text ?? '', agentId, needs: [task.id] });
    while ((await desk.task(task.id))?.scoreParts.unblocking === 0) await setImmediate();
    gained.push(performance.now() - began);
  }
  const stopping = desk.stop();
  release.resolve(undefined);
  await stopping;
  await store.close();
  return { added: added.slice(warmUp), gained: gained.slice(warmUp), cpuOfAdded, provisional };
}
