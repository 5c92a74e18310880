import assert from 'node:assert/strict';
import { Demands } from '../../../src/core/arbitration/demands.ts';
import { Gate } from '../../../src/core/fuses/gate.ts';
import type { Resources } from '../../../src/core/arbitration/resource.ts';
import type { TaskId } from '../../../src/core/model.ts';
import type { Agents } from '../../../src/core/ports.ts';
import type { EmbeddedStore } from '../../../src/store/embeddedStore.ts';
import { archiveOf, putAll } from '../../support/archiveHarness.ts';
import { FakeClock } from '../../support/fakeClock.ts';
import { RecordingLog } from '../../support/recordingLog.ts';
import { ScriptedAgent } from '../../support/scriptedAgent.ts';
import { SeededChance } from '../../support/seededChance.ts';
import { SimulatedFiles } from '../../support/simulatedFiles.ts';
import { draft, home, ids, openHarness, putHome, runOne, task } from '../../support/storeHarness.ts';

describe('A prerequisite that was archived', () => {
  const clock = new FakeClock();
  let store: EmbeddedStore;
  let gate: Gate;
  /** What the past was asked for. */
  let asked: TaskId[];
  const agent = new ScriptedAgent(clock, () => Promise.reject(new Error('It never runs.')));

  beforeEach(async () => {
    const files = new SimulatedFiles();
    store = await openHarness({ files, clock });
    await putHome(store);
    const archive = archiveOf(store, files, clock);
    asked = [];
    const agents: Agents = { get: () => agent, list: () => [agent.description] };
    const resources = (): Resources => new Map();
    gate = new Gate({
      store,
      past: {
        findMany: (unknown) => {
          asked.push(...unknown);
          return archive.history.findMany(unknown);
        },
      },
      agents,
      demands: new Demands({ store, agents, resources, log: new RecordingLog() }),
      clock,
      chance: new SeededChance(),
    });
    await store.addTasks([draft('done'), draft('dropped')]);
    await store.transition('dropped' as TaskId, 'cancel');
    await runOne(store);
    assert.equal(await putAll(archive, 0), 2);
    await store.addTasks([draft('open')]);
  });

  async function add(...needs: string[]): Promise<readonly TaskId[]> {
    const request = { workspaceId: home, title: 'new', agentId: agent.description.id, needs: ids(...needs) };
    const [added] = await gate.addForUser([request], ids('new'));
    return (await task(store, added?.id ?? '')).needs;
  }

  it('is met when it was completed', async () => {
    assert.deepEqual(await add('done', 'open'), ['open']);
    assert.equal((await task(store, 'new')).unmet, 1);
    assert.deepEqual(asked, ['done']);
  });

  it('is refused when it was not, with its name and its end', async () => {
    await assert.rejects(add('dropped'), {
      code: 'unknown-dependency',
      message: /"Task dropped" cannot be waited for: it was cancelled/,
    });
    assert.equal(await store.task('new' as TaskId), undefined);
  });

  it('is told apart from a task that never was', async () => {
    await assert.rejects(add('done', 'never'), { code: 'unknown-dependency', message: /"never"/ });
  });

  it('is met for an edited task and for a sub-task too', async () => {
    await gate.change(await task(store, 'open'), { needs: ids('done') });
    assert.deepEqual((await task(store, 'open')).needs, []);
    await assert.rejects(gate.change(await task(store, 'open'), { needs: ids('dropped') }), {
      code: 'unknown-dependency',
    });
    const parent = await task(store, 'open');
    const request = { title: 'part', agent: agent.description.id };
    const answer = await gate.addForAgent(parent, { ...request, needs: ['done'] });
    assert.equal(answer.kind, 'added');
    assert.equal((await gate.addForAgent(parent, { ...request, needs: ['dropped'] })).kind, 'refused');
  });

  it('costs a look only when the store does not know a prerequisite', async () => {
    await add('open');
    assert.deepEqual(asked, []);
  });
});
