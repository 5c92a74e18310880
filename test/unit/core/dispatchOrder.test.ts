import assert from 'node:assert/strict';
import fc from 'fast-check';
import { requirementsOf, signatureOf } from '../../../src/core/arbitration/requirements.ts';
import { compareRank, DispatchOrder, oldestShare } from '../../../src/core/dispatchOrder.ts';
import type { TaskId, WorkspaceId } from '../../../src/core/model.ts';
import type { Candidate, Lane } from '../../../src/core/ports.ts';

const here = 'here' as WorkspaceId;
const candidate = fc.record<Candidate>({
  id: fc.uuid().map((id) => id as TaskId),
  pin: fc.option(fc.integer({ min: -5, max: 5 }), { nil: null, freq: 4 }),
  score: fc.integer({ min: 0, max: 20 }),
  sequence: fc.nat(1_000_000),
});
const candidates = fc.uniqueArray(candidate, {
  minLength: 1,
  maxLength: 40,
  selector: (one) => one.sequence,
});

function lanesOf(all: readonly Candidate[], count: number): Lane[] {
  const lanes: Lane[] = [];
  for (let index = 0; index < count; index += 1) {
    const mine = all.filter((_, place) => place % count === index).sort(compareRank);
    const oldest = [...mine].sort((a, b) => a.sequence - b.sequence)[0];
    if (oldest !== undefined)
      lanes.push({ workspaceId: here, signature: String(index), best: mine.slice(0, 5), oldest });
  }
  return lanes;
}

const open = { trusted: () => true, isOpen: () => true };

describe('the dispatch order', () => {
  it('is total: antisymmetric, transitive, and equal only for the same task', () => {
    fc.assert(
      fc.property(candidate, candidate, candidate, (a, b, c) => {
        assert.equal(Math.sign(compareRank(a, b)), -Math.sign(compareRank(b, a)) + 0);
        if (compareRank(a, b) <= 0 && compareRank(b, c) <= 0) assert.ok(compareRank(a, c) <= 0);
        if (a.sequence !== b.sequence) assert.notEqual(compareRank(a, b), 0);
      }),
    );
  });

  it('chooses the best of all lanes however they were cut, and records the top five', () => {
    fc.assert(
      fc.property(candidates, fc.integer({ min: 1, max: 6 }), (all, count) => {
        const choice = new DispatchOrder(open).choose(lanesOf(all, count));
        const ranked = [...all].sort(compareRank);
        assert.deepEqual(choice?.candidate, ranked[0]);
        assert.deepEqual(choice?.top, ranked.slice(0, 5));
      }),
    );
  });

  it('gives one start in ten to the oldest ready task', () => {
    const order = new DispatchOrder(open);
    const old: Candidate = { id: 'old' as TaskId, pin: null, score: 0, sequence: 1 };
    const fresh: Candidate = { id: 'fresh' as TaskId, pin: null, score: 900, sequence: 2 };
    const lanes: Lane[] = [{ workspaceId: here, signature: '', best: [fresh, old], oldest: old }];
    const reasons = Array.from({ length: 2 * oldestShare }, () => order.choose(lanes)?.reason);
    assert.equal(reasons.filter((reason) => reason === 'oldest').length, 2);
    assert.equal(reasons[oldestShare - 1], 'oldest');
  });

  it('puts a pinned task before the share of the oldest', () => {
    const order = new DispatchOrder(open);
    const pinned: Candidate = { id: 'pinned' as TaskId, pin: 1, score: 0, sequence: 9 };
    const old: Candidate = { id: 'old' as TaskId, pin: null, score: 0, sequence: 1 };
    const lanes: Lane[] = [{ workspaceId: here, signature: '', best: [pinned, old], oldest: old }];
    for (let turn = 0; turn < 30; turn += 1) assert.equal(order.choose(lanes)?.candidate.id, 'pinned');
  });

  it('leaves the tasks of a folder that is not open where they are', () => {
    const order = new DispatchOrder({ trusted: () => true, isOpen: () => false });
    assert.equal(order.mayRun(here), false);
    assert.equal(new DispatchOrder(open).mayRun(here), true);
  });

  it('lets one writer at a time into a folder, and readers beside it', () => {
    const order = new DispatchOrder(open);
    const writer = signatureOf(requirementsOf({ needsTrust: true, writes: true }, here));
    const reader = signatureOf(requirementsOf({ needsTrust: true, writes: false }, here));
    const elsewhere = signatureOf(requirementsOf({ needsTrust: true, writes: true }, 'there' as WorkspaceId));
    assert.equal(order.grantable(writer, [], 0), true);
    assert.equal(order.grantable(writer, [writer], 0), false);
    assert.equal(order.grantable(reader, [writer, reader], 0), true);
    assert.equal(order.grantable(elsewhere, [writer], 0), true);
  });

  it('starts no program in a folder that is not trusted', () => {
    const order = new DispatchOrder({ trusted: () => false, isOpen: () => true });
    assert.equal(
      order.grantable(signatureOf(requirementsOf({ needsTrust: true, writes: false }, here)), [], 0),
      false,
    );
    assert.equal(
      order.grantable(signatureOf(requirementsOf({ needsTrust: false, writes: false }, here)), [], 0),
      true,
    );
  });
});
