/** The only way to a model. */
import assert from 'node:assert/strict';
import { Arbitrator } from '../../../../src/core/arbitration/arbitrator.ts';
import { LeasedModel } from '../../../../src/core/arbitration/leasedModel.ts';
import { modelResource } from '../../../../src/core/arbitration/resource.ts';
import type { Resource } from '../../../../src/core/arbitration/resource.ts';
import type { Answer } from '../../../../src/core/arbitration/arbitrator.ts';
import type { Model, ModelReply } from '../../../../src/core/models.ts';
import { FakeClock } from '../../../support/fakeClock.ts';

const request = { messages: [] };
const signal = new AbortController().signal;
const fine: ModelReply = {
  kind: 'answered',
  text: 'Yes.',
  usage: { promptTokens: 1, completionTokens: 1 },
  whole: true,
};

class Bench {
  readonly clock = new FakeClock();
  calls = 0;
  reply: ModelReply = fine;
  readonly learned: Answer[] = [];
  readonly model: Model = {
    name: 'm at host',
    ask: () => {
      this.calls += 1;
      return Promise.resolve(this.reply);
    },
  };
  readonly resource = modelResource(this.model);
  readonly resources = new Map<string, Resource>([
    [this.resource, { kind: 'rate', capacity: 10, perSecond: 0.2, spike: null }],
  ]);
  readonly arbitrator = new Arbitrator({ resources: () => this.resources, trusted: () => true });

  lease(prepaid: number): LeasedModel {
    return new LeasedModel({
      model: this.model,
      prepaid,
      resource: this.resource,
      arbitrator: this.arbitrator,
      clock: this.clock,
      resources: () => this.resources,
      keep: () => Promise.resolve(),
      learn: (answer) => Promise.resolve(void this.learned.push(answer)),
    });
  }

  get level(): number {
    return this.arbitrator.bucketAt(this.resource, this.clock.wallClock()).level;
  }
}

describe('a handle to a model', () => {
  it('takes nothing for the call its task has paid for, and what each further one uses', async () => {
    const bench = new Bench();
    const lease = bench.lease(1);
    await lease.ask(request, signal);
    assert.equal(bench.level, 10);
    await lease.ask(request, signal);
    assert.equal(bench.level, 9);
  });

  it('calls nothing once it is closed', async () => {
    const bench = new Bench();
    const lease = bench.lease(1);
    lease[Symbol.dispose]();
    await assert.rejects(lease.ask(request, signal));
    assert.equal(bench.calls, 0);
  });

  it('calls nothing when there is nothing left, and says for how long', async () => {
    const bench = new Bench();
    bench.arbitrator.take(`${bench.resource}*10`, bench.clock.wallClock());
    bench.arbitrator.give(`${bench.resource}*10`, bench.clock.wallClock());
    const reply = await bench.lease(0).ask(request, signal);
    assert.equal(bench.calls, 0);
    assert.ok(reply.kind === 'failed' && reply.failure === 'rate-limited');
    assert.equal(reply.retryAfter, 5_000);
  });

  it('of the judging has a quarter of the rate while tasks wait for the model, and all of it else', async () => {
    const bench = new Bench();
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
    assert.deepEqual(bench.learned, [{ kind: 'limited', startedAt, retryAfter: 7_000 }, { kind: 'failing' }]);
    const limits = {
      limit: 60,
      remaining: 3,
      reset: 0,
      tokenLimit: null,
      tokensRemaining: null,
      tokenReset: null,
    };
    bench.reply = { ...fine, limits };
    await bench.lease(1).ask(request, signal);
    assert.equal(bench.level, 3);
  });
});
