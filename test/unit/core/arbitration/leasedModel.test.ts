/** The only way to a model. */
import assert from 'node:assert/strict';
import { Arbitrator } from '../../../../src/core/arbitration/arbitrator.ts';
import { LeasedModel } from '../../../../src/core/arbitration/leasedModel.ts';
import { RunHandles } from '../../../../src/core/arbitration/runHandles.ts';
import { modelResource, tokenResource, withModels } from '../../../../src/core/arbitration/resource.ts';
import type { Resource } from '../../../../src/core/arbitration/resource.ts';
import type { Answer } from '../../../../src/core/arbitration/answers.ts';
import { tooLate } from '../../../../src/core/models.ts';
import type { Model, ModelReply, Permit } from '../../../../src/core/models.ts';
import { FakeClock } from '../../../support/fakeClock.ts';

const request = { messages: [] };
const signal = new AbortController().signal;
const fine: ModelReply = {
  kind: 'answered',
  text: 'Yes.',
  usage: { promptTokens: 30, completionTokens: 10 },
  whole: true,
};

class Bench {
  readonly clock = new FakeClock();
  /** Requests that left the house; each call sends so many. */
  calls = 0;
  requests = 1;
  reply: ModelReply = fine;
  readonly learned: Answer[] = [];
  lastPermit: Permit | undefined;
  readonly model: Model = {
    name: 'm at host',
    ask: async ({ permit }) => {
      this.lastPermit = permit;
      for (let sent = 0; sent < this.requests; sent += 1) {
        await permit.send();
        this.calls += 1;
      }
      return this.reply;
    },
  };
  readonly resource = modelResource(this.model);
  readonly tokens = tokenResource(this.model);
  readonly resources = new Map<string, Resource>([
    [this.resource, { kind: 'rate', capacity: 10, perSecond: 0.2, spike: null }],
    [this.tokens, { kind: 'rate', capacity: 100, perSecond: 1, spike: null }],
  ]);
  readonly arbitrator = new Arbitrator({ resources: () => this.resources, trusted: () => true });

  lease(prepaid: number, model = this.model): LeasedModel {
    return new LeasedModel({
      model,
      prepaid,
      arbitrator: this.arbitrator,
      clock: this.clock,
      resources: () => this.resources,
      keep: () => Promise.resolve(),
      learn: (answer) => Promise.resolve(void this.learned.push(answer)),
    });
  }

  levelOf(name: string): number {
    return this.arbitrator.bucketAt(name, this.clock.wallClock()).level;
  }
}

describe('a handle to a model', () => {
  it('takes nothing for the call its task has paid for, and what each further one uses', async () => {
    const bench = new Bench();
    const lease = bench.lease(1);
    await lease.ask(request, signal);
    assert.equal(bench.levelOf(bench.resource), 10);
    assert.deepEqual(lease.used, { [bench.resource]: 1, [bench.tokens]: 40 });
    await lease.ask(request, signal);
    assert.equal(bench.levelOf(bench.resource), 9);
    assert.equal(bench.levelOf(bench.tokens), 60, 'tokens of what nobody paid for are charged at once');
    assert.deepEqual(lease.used, { [bench.resource]: 1, [bench.tokens]: 40 });
  });

  it('takes for each request that leaves the house, not for each call', async () => {
    const bench = new Bench();
    bench.requests = 3;
    const lease = bench.lease(1);
    await lease.ask(request, signal);
    assert.equal(bench.calls, 3);
    assert.equal(bench.levelOf(bench.resource), 8);
    bench.requests = 0;
    assert.deepEqual(bench.lease(1).used, { [bench.resource]: 0, [bench.tokens]: 0 });
  });

  it('calls nothing once it is closed, and its permits are worth nothing once a call is over', async () => {
    const bench = new Bench();
    const lease = bench.lease(1);
    await lease.ask(request, signal);
    await assert.rejects(bench.lastPermit?.send() ?? Promise.resolve(), { code: 'no-permit' });
    lease[Symbol.dispose]();
    await assert.rejects(lease.ask(request, signal), { code: 'no-permit' });
    assert.equal(bench.calls, 1);
    assert.equal(bench.levelOf(bench.resource), 10);
  });

  it('calls nothing when there is nothing left, and says for how long', async () => {
    const bench = new Bench();
    bench.arbitrator.take(`${bench.resource}*10`, bench.clock.wallClock());
    bench.arbitrator.give(`${bench.resource}*10`, bench.clock.wallClock());
    const reply = await bench.lease(0).ask(request, signal);
    assert.equal(bench.calls, 0);
    assert.ok(reply.kind === 'failed' && reply.failure === 'rate-limited' && reply.notSent === true);
    assert.equal(reply.retryAfter, 5_000);
    assert.deepEqual(bench.learned, [], 'the other side has said nothing');
  });

  it('waits for tokens as well: for as many as the last call used', async () => {
    const bench = new Bench();
    const lease = bench.lease(0);
    for (let call = 0; call < 2; call += 1) await lease.ask(request, signal);
    const reply = await lease.ask(request, signal);
    assert.equal(bench.calls, 2);
    assert.ok(reply.kind === 'failed' && reply.retryAfter === 20_000, '20 are left of the 40 it takes');
  });

  it('of the judging has a quarter of the rate while tasks wait for the model, and all of it else', async () => {
    const bench = new Bench();
    bench.reply = { ...fine, usage: { promptTokens: 1, completionTokens: 0 } };
    const lease = bench.lease(0);
    for (let call = 0; call < 5; call += 1) await lease.ask(request, signal);
    assert.equal(bench.calls, 5);
    // A task waits: of twelve a minute three are for the judging, and five were made.
    bench.arbitrator.grantable(`${bench.resource}*9`, [], bench.clock.wallClock());
    const reply = await lease.ask(request, signal);
    assert.equal(bench.calls, 5);
    assert.ok(reply.kind === 'failed' && reply.retryAfter === 60_000);
  });

  it('passes on what an answer says of the model', async () => {
    const bench = new Bench();
    bench.reply = { kind: 'failed', failure: 'rate-limited', message: 'Slow.', retryAfter: 7_000 };
    const startedAt = bench.clock.wallClock();
    await bench.lease(1).ask(request, signal);
    bench.reply = { ...bench.reply, failure: 'unavailable' };
    await bench.lease(1).ask(request, signal);
    bench.reply = { ...bench.reply, failure: 'refused' };
    await bench.lease(1).ask(request, signal);
    assert.deepEqual(bench.learned, [
      { kind: 'limited', startedAt, retryAfter: 7_000 },
      { kind: 'failing', retryAfter: 7_000 },
    ]);
    const requests = { limit: 60, remaining: 3, reset: 0 };
    const tokens = { limit: 1_000, remaining: 50, reset: 0 };
    bench.reply = { ...fine, limits: { requests, tokens } };
    await bench.lease(1).ask(request, signal);
    assert.deepEqual([bench.levelOf(bench.resource), bench.levelOf(bench.tokens)], [3, 50]);
  });

  it('takes a call that was ended because it took too long for a failing model, at once, and no other', async () => {
    const bench = new Bench();
    const deaf: Model = {
      name: bench.model.name,
      ask: async ({ permit }) => {
        await permit.send();
        return await Promise.withResolvers<ModelReply>().promise;
      },
    };
    for (const reason of ['cancel', tooLate]) {
      const ending = new AbortController();
      void bench.lease(1, deaf).ask(request, ending.signal);
      await bench.clock.advance(0);
      ending.abort(reason);
      await bench.clock.advance(0);
    }
    assert.deepEqual(bench.learned, [{ kind: 'failing', retryAfter: null }]);
  });
});

describe('the handles of a run', () => {
  const open = (bench: Bench, signature: string): RunHandles =>
    new RunHandles(signature, [bench.resource], (model, prepaid) => bench.lease(prepaid, model));

  it('have what the claim has taken, and are the same however often they are asked for', async () => {
    const bench = new Bench();
    const handles = open(bench, `${bench.resource}*2`);
    for (let call = 0; call < 3; call += 1) await handles.lease(bench.model).ask(request, signal);
    assert.equal(bench.levelOf(bench.resource), 9, 'two were paid for');
    assert.equal(handles.used[bench.resource], 2);
    handles[Symbol.dispose]();
    await assert.rejects(handles.lease(bench.model).ask(request, signal), { code: 'no-permit' });
  });

  it('have nothing when the claim has taken nothing of the model', async () => {
    const bench = new Bench();
    const handles = open(bench, 'something else');
    await handles.lease(bench.model).ask(request, signal);
    assert.equal(bench.levelOf(bench.resource), 9);
    assert.deepEqual(handles.used, {});
  });

  it('say that nothing was used of a model that was never called', () => {
    const bench = new Bench();
    assert.deepEqual(open(bench, bench.resource).used, { [bench.resource]: 0 });
  });
});

describe('the resources of a model', () => {
  it('are those of its key, and this window has its part of them', () => {
    const model = { name: 'm at host', account: '1f', ask: new Bench().model.ask };
    const named = new Map<string, Resource>([
      ['model m at host', { kind: 'rate', capacity: 5, perSecond: 1, spike: null }],
    ]);
    const settings = { known: named, windowShare: 0.5 };
    const known = withModels({ scoring: () => model, working: () => model }, () => settings)();
    assert.equal(known.get('model m at host key 1f')?.capacity, 5, 'as the settings say of the model');
    assert.equal(known.get('tokens m at host key 1f')?.capacity, 1_000_000);
  });
});
