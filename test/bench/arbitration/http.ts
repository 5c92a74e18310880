/**
 * The workload `W-HTTP`: ten workers do prompts on the real clock, through the real library and real HTTP, with a
 * server on this machine that enforces its quota. Systems: `library` has the pool without the arbitrator and lets the
 * library try again as it does by itself, which heeds how long a refusal says to wait; `blind` tries again after 0.25
 * to 1 s; `P` is told the quota, `P headers` hears of it in every answer, `P untold` hears nothing but refusals.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import OpenAI, { RateLimitError } from 'openai';
import { PromptAgent, promptDefinition } from '../../../src/agents/promptAgent.ts';
import { modelResource, withModels } from '../../../src/core/arbitration/resource.ts';
import type { Resource } from '../../../src/core/arbitration/resource.ts';
import { Desk } from '../../../src/core/desk.ts';
import { defaultFuses } from '../../../src/core/fuses/fuseSettings.ts';
import { Meter } from '../../../src/core/metrics/meter.ts';
import type { WorkspaceId } from '../../../src/core/model.ts';
import type { Models } from '../../../src/core/models.ts';
import { defaultRetryPolicy } from '../../../src/core/workers/retryPolicy.ts';
import { parseEndpoint } from '../../../src/models/endpoint.ts';
import { OpenAiModel } from '../../../src/models/openaiModel.ts';
import { systemChance } from '../../../src/system/systemChance.ts';
import { systemClock } from '../../../src/system/systemClock.ts';
import { systemMemory } from '../../../src/system/systemMemory.ts';
import { RecordingLog } from '../../support/recordingLog.ts';
import { agentsOf } from '../../support/scriptedAgent.ts';
import { withStore } from '../house.ts';
import { check } from '../report.ts';
import type { WorkloadReport, Workloads } from '../report.ts';
import { quota, QuotaServer } from './quotaServer.ts';
import type { Words } from './quotaServer.ts';

const prompts = 150;
const workers = 10;
/** What is there at once, and then as it comes back. */
const bound = (prompts - quota.capacity) / quota.perSecond;

type Figures = Readonly<Record<string, number>>;

async function measured(words: Words, run: (server: QuotaServer) => Promise<void>): Promise<Figures> {
  await using server = await QuotaServer.start(words);
  const began = performance.now();
  await run(server);
  const seconds = (performance.now() - began) / 1_000;
  if (server.served !== prompts) throw new Error(`${server.served} of ${prompts} prompts were answered.`);
  return {
    'refused %': server.refusedShare,
    'refused calls': server.refused,
    'makespan s': seconds,
    'makespan over the bound': seconds / bound,
  };
}

/** The pool without the arbitrator. @param retries of the library; 0 tries again blindly */
async function pool(server: QuotaServer, retries: number): Promise<void> {
  const client = new OpenAI({ baseURL: server.url, apiKey: 'none', maxRetries: retries });
  let left = prompts;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      for (let isAnswered = false; !isAnswered;) {
        try {
          const messages = [{ role: 'user' as const, content: 'Do it.' }];
          await client.chat.completions.create({ model: 'any', messages });
          isAnswered = true;
        } catch (thrown) {
          if (retries > 0 || !(thrown instanceof RateLimitError)) throw thrown;
          await delay(250 + 750 * Math.random());
        }
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
}

/** @param told what the settings say of the model; undefined when they say nothing */
async function podium(server: QuotaServer, told: Resource | undefined): Promise<void> {
  const parsed = parseEndpoint(server.url);
  if (parsed.kind === 'invalid') throw new Error(parsed.problem);
  const model = new OpenAiModel({ endpoint: parsed.endpoint, model: 'any', key: null });
  const models: Models = { scoring: () => null, working: () => model };
  const agent = new PromptAgent(promptDefinition(60_000, 100_000), models);
  const known = new Map(told === undefined ? [] : [[modelResource(model), told]]);
  const shared = { known, windowShare: 1 };
  const runs = await mkdtemp(path.join(tmpdir(), 'podium-prompts-'));
  const directoryOf = ({ taskId, claim }: { taskId: string; claim: number }): string =>
    path.join(runs, taskId, String(claim));
  const id = 'workspace' as WorkspaceId;
  const meter = new Meter({ clock: systemClock, memory: systemMemory });
  try {
    await withStore(meter, async (store) => {
      const desk = new Desk({
        store,
        takeOver: () => Promise.resolve(),
        agents: agentsOf(agent),
        places: {
          folderOf: () => runs,
          runDirectory: directoryOf,
          makeRunDirectory: async (ref) => {
            await mkdir(directoryOf(ref), { recursive: true });
            return directoryOf(ref);
          },
        },
        clock: systemClock,
        chance: systemChance,
        log: new RecordingLog(),
        meter,
        trusted: () => true,
        workers,
        retry: () => defaultRetryPolicy,
        fuses: () => defaultFuses,
        resources: withModels(models, () => shared),
      });
      await desk.start([{ id, uri: 'file:///workspace', name: 'workspace' }]);
      const all = Array.from({ length: prompts }, (_, number) => ({
        key: String(number),
        workspaceId: id,
        title: `Prompt ${number}`,
        agentId: agent.description.id,
      }));
      await desk.addBatch(all);
      while ((await desk.snapshot()).totals.completed < prompts) await delay(20);
      await desk.stop();
    });
  } finally {
    await rm(runs, { recursive: true, force: true });
  }
}

async function http(): Promise<WorkloadReport> {
  const told: Resource = { kind: 'rate', ...quota, spike: null };
  const systems = {
    library: await measured('when', (server) => pool(server, 1_000)),
    blind: await measured('when', (server) => pool(server, 0)),
    P: await measured('when', (server) => podium(server, told)),
    'P headers': await measured('how many', (server) => podium(server, undefined)),
    'P untold': await measured('nothing', (server) => podium(server, undefined)),
  };
  const share = (system: keyof typeof systems): number => systems[system]['refused %'] ?? NaN;
  return {
    systems,
    checks: [
      check('refused, told', share('P'), '<=', 0.5, '%'),
      check('refused, told by headers', share('P headers'), '<=', 2, '%'),
      check('fewer refusals than the library', 100 * (1 - share('P') / share('library')), '>=', 95, '%'),
      check('makespan over the bound, told', systems.P['makespan over the bound'] ?? NaN, '<=', 1.1, 'x'),
    ],
  };
}

export const workloads: Workloads = { 'W-HTTP': http };
