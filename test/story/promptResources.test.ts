/** Prompts, their model and what they share: everything that calls it is counted once. In virtual time, in the whole house. */
import assert from 'node:assert/strict';
import { modelResource, tokenResource, withModels } from '../../src/core/arbitration/resource.ts';
import type { Resource } from '../../src/core/arbitration/resource.ts';
import type { ResourceView } from '../../src/core/arbitration/resourceControl.ts';
import type { Model, ModelReply } from '../../src/core/models.ts';
import type { AgentOutcome } from '../../src/core/ports.ts';
import { promptOutcome } from '../../src/agents/promptAgent.ts';
import { pass } from '../support/scriptedAgent.ts';
import type { Script } from '../support/scriptedAgent.ts';
import { openTestDesk } from '../support/testDesk.ts';
import type { TestDesk } from '../support/testDesk.ts';

const answered: ModelReply = {
  kind: 'answered',
  text: 'Done.',
  usage: { promptTokens: 800, completionTokens: 400 },
  whole: true,
};
const refusing = (failure: 'rate-limited' | 'unavailable'): ModelReply => ({
  kind: 'failed',
  failure,
  message: failure,
  retryAfter: null,
});

/** A house whose one agent is a prompt: each run calls the model, which counts what reaches it. */
class Prompts {
  reply: ModelReply = answered;
  reached = 0;
  #house: TestDesk | undefined;
  readonly model: Model = {
    name: 'm at host',
    account: '1f',
    ask: async ({ permit }, signal) => {
      await permit.send();
      this.reached += 1;
      await pass(this.house.clock, 1_000, signal);
      return this.reply;
    },
  };
  readonly requests = modelResource(this.model);
  readonly tokens = tokenResource(this.model);

  get house(): TestDesk {
    if (this.#house === undefined) throw new Error('It is not open.');
    return this.#house;
  }

  /** @param calls of the model in each run */
  async open(calls = 1, over: Readonly<Record<string, Resource>> = {}): Promise<TestDesk> {
    const script: Script = async (_task, run, signal): Promise<AgentOutcome> => {
      let last = answered;
      for (let call = 0; call < calls; call += 1)
        last = await run.lease(this.model).ask({ messages: [] }, signal);
      return promptOutcome(last, []);
    };
    const settings = { known: new Map(Object.entries(over)), windowShare: 1 };
    const models = { scoring: () => null, working: () => this.model };
    this.#house = await openTestDesk({
      script,
      resources: withModels(models, () => settings)(),
      agent: { calls: [{ resource: this.requests, amount: 1 }] },
    });
    return this.#house;
  }

  async view(name = this.requests): Promise<ResourceView> {
    const found = (await this.house.desk.snapshot()).resources.find((one) => one.name === name);
    if (found === undefined) throw new Error(`No resource is called ${name}.`);
    return found;
  }
}

describe('a prompt', () => {
  it('that is told to slow down counts once, and tells what share of the calls that was', async () => {
    const prompts = new Prompts();
    prompts.reply = refusing('rate-limited');
    await using house = await prompts.open();
    const id = await house.add('one');
    await house.clock.advance(1_500);
    const { answers, limited, heldUntil } = await prompts.view();
    assert.deepEqual([answers, limited], [1, 1]);
    assert.ok(heldUntil !== null);
    assert.equal((await house.desk.task(id))?.attempt, 0);
  });

  it('leaves the model alone at its fifth failure in a row, not before', async () => {
    const prompts = new Prompts();
    prompts.reply = refusing('unavailable');
    await using house = await prompts.open();
    for (let number = 1; number <= 4; number += 1) await house.add(`task ${number}`);
    await house.clock.advance(1_100);
    assert.equal((await prompts.view()).heldUntil, null, 'four have failed');
    await house.add('fifth');
    await house.clock.advance(1_100);
    const { heldUntil, answers } = await prompts.view();
    assert.ok(answers >= 5 && heldUntil !== null && heldUntil - house.clock.wallClock() <= 30_000);
  });

  it('starts again when a person has tried the model out, and it answers', async () => {
    const prompts = new Prompts();
    prompts.reply = { ...refusing('rate-limited'), retryAfter: 900_000 } as ModelReply;
    await using house = await prompts.open();
    const id = await house.add('one');
    await house.clock.advance(2_000);
    assert.notEqual((await prompts.view()).heldUntil, null);
    prompts.reply = answered;
    const tried = house.desk.resources
      .tryOut(prompts.model)
      .ask({ messages: [] }, new AbortController().signal);
    await house.clock.advance(1_100);
    assert.equal((await tried).kind, 'answered');
    assert.equal((await prompts.view()).heldUntil, null);
    await house.clock.advance(2_000);
    assert.equal(await house.status(id), 'completed');
  });

  it('waits for its model whatever the task says it uses, and pays for each call', async () => {
    const prompts = new Prompts();
    const search: Resource = { kind: 'rate', capacity: 9, perSecond: 1, spike: null };
    await using house = await prompts.open(3, { search });
    await house.add('declared', { resources: { search: 1 } });
    await house.clock.advance(0);
    const task = (await house.all())[0];
    assert.ok(task?.signature.includes(prompts.requests), task?.signature);
    await house.clock.advance(3_500);
    assert.equal(prompts.reached, 3);
    assert.equal((await prompts.view()).answers, 3);
  });

  it('gives back what it never sent, and is charged the tokens it used', async () => {
    const prompts = new Prompts();
    const limits: Resource = { kind: 'budget', capacity: 10, period: 'day' };
    const tokens: Resource = { kind: 'budget', capacity: 5_000, period: 'day' };
    const named = { 'model m at host': limits, 'tokens m at host': tokens };
    await using house = await prompts.open(0, named);
    await house.add('calls nothing');
    await house.clock.advance(100);
    assert.equal((await prompts.view()).level, 10);
    await using other = await prompts.open(1, named);
    await other.add('calls');
    await other.clock.advance(1_100);
    assert.deepEqual([(await prompts.view()).level, (await prompts.view(prompts.tokens)).level], [9, 3_800]);
    // The next ones wait for as many tokens.
    await other.add('next');
    assert.equal(
      (await other.all()).find(({ title }) => title === 'next')?.signature.includes('*1500'),
      true,
    );
  });
});
